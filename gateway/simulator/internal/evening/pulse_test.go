package evening

import (
	"math"
	"testing"
	"time"
)

func TestRateAndBursts(t *testing.T) {
	e := New(Options{Seed: 5, Start: start, Kick: true})
	const rate, moments = 4.0, 30000
	perSecond := map[int]float64{}
	var at time.Duration
	frames := 0
	for range moments {
		at += e.Gap(rate)
		n := len(e.Next(start.Add(at)))
		frames += n
		perSecond[int(at/time.Second)] += float64(n)
	}
	got := float64(frames) / at.Seconds()
	if math.Abs(got-rate) > 0.05*rate {
		t.Errorf("%.2f frames a second, want %.2f", got, rate)
	}
	var variance float64
	seconds := int(at / time.Second)
	for s := range seconds {
		d := perSecond[s] - got
		variance += d * d / float64(seconds)
	}
	// A Poisson stream has variance = mean; an evening with bursts has clearly more.
	if variance/got < 1.5 {
		t.Errorf("variance/mean is %.2f: no bursts", variance/got)
	}
}

func TestPauseBetweenEvenings(t *testing.T) {
	e := New(Options{Seed: 8, Start: start})
	const rate = 10.0
	at := start
	for e.number == 0 || len(e.agenda) > 0 {
		at = at.Add(e.Gap(rate))
		e.Next(at)
	}
	if gap := e.Gap(rate); gap < pause/rate*time.Second {
		t.Errorf("the pause is %s", gap)
	}
	if gap := e.Gap(rate); gap > pause/rate*time.Second {
		t.Errorf("the gap behind the pause is %s", gap)
	}
}
