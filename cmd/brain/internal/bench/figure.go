package main

import (
	"fmt"
	"slices"
	"time"
)

// sample is what one run of one side gave.
type sample struct {
	// Rate is events a second; CPU is user and system seconds for 100,000
	// events, negative where it was not looked at; Peak is bytes of memory, 0
	// where it is not known.
	Rate, CPU float64
	Peak      int64
}

func newSample(events int, took time.Duration, u usage) sample {
	return sample{Rate: float64(events) / took.Seconds(), CPU: u.CPU.Seconds() * 100_000 / float64(events), Peak: u.Peak}
}

// spread is a median with the least and the most.
type spread struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

// over is the spread of a value over samples; the zero spread of none.
func over[S any](samples []S, value func(S) float64) spread {
	if len(samples) == 0 {
		return spread{}
	}
	all := make([]float64, 0, len(samples))
	for _, s := range samples {
		all = append(all, value(s))
	}
	slices.Sort(all)
	middle := all[len(all)/2]
	if len(all)%2 == 0 {
		middle = (all[len(all)/2-1] + middle) / 2
	}
	return spread{Median: middle, Least: all[0], Most: all[len(all)-1]}
}

func rate(s sample) float64 { return s.Rate }

func cpu(s sample) float64 { return s.CPU }

func peak(s sample) float64 { return float64(s.Peak) / 1e6 }

// ratios are ours to bare, run by run: what was measured side by side met the
// same noise.
func ratios(ours, bare []sample) spread {
	pairs := make([]float64, 0, len(ours))
	for i := range min(len(ours), len(bare)) {
		pairs = append(pairs, ours[i].Rate/bare[i].Rate)
	}
	return over(pairs, func(v float64) float64 { return v })
}

// text writes a spread with the decimals given: 1.23 (1.20–1.31).
func (s spread) text(decimals int) string {
	if s == (spread{}) {
		return "–"
	}
	if s.Least == s.Most {
		return number(s.Median, decimals)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median, decimals), number(s.Least, decimals), number(s.Most, decimals))
}

// number writes thousands apart: 12,345.
func number(v float64, decimals int) string {
	s := fmt.Sprintf("%.*f", decimals, v)
	whole := len(s)
	if decimals > 0 {
		whole -= decimals + 1
	}
	for i := whole - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// target is what a figure has to reach.
type target struct {
	Text    string  `json:"text"`
	Value   float64 `json:"value"`
	Reached bool    `json:"reached"`
}

func atLeast(what string, want, got float64) target {
	return target{fmt.Sprintf("%s ≥ %g", what, want), got, got >= want}
}

func under(what string, want, got float64) target {
	return target{fmt.Sprintf("%s < %g", what, want), got, got < want}
}

func atMost(what string, want, got float64) target {
	return target{fmt.Sprintf("%s ≤ %g", what, want), got, got <= want}
}
