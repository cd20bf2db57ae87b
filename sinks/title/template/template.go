// Package template makes titles without a model: sentences with gaps for what is
// known of the stream. It is the last rung, so it always answers, and it is what
// somebody without a model sees every evening.
//
// Its rules: a sentence is used only when each of its gaps can be filled; it
// states nothing that the facts do not; what a viewer wrote is no gap; what the
// streamer or the platform wrote fills one only if it passes the gate by itself,
// and the whole title passes the gate again.
package template

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
)

// What a title aims at, in UTF-16 units: Twitch's grid shows about 60.
// Reference: titles.md 1.
const (
	shortest = 30
	longest  = 70
)

// judge has the embedded lists, which always load.
var judge = sync.OnceValue(func() *gate.Gate {
	g, err := gate.New(gate.Options{})
	if err != nil {
		return nil
	}
	return g
})

// Titles gives up to n titles for the facts, the best first, each of 30 to 70
// UTF-16 units and in English. The same facts and seed give the same titles. None
// is among those tried, or close to one of the last twenty, while there are
// others; fewer than n come back only if n is more than there are sentences.
func Titles(f facts.Facts, seed uint64, n int) []string {
	g := judge()
	if g == nil || n <= 0 {
		return nil
	}
	filled := fill(gaps(g, f))
	shuffle(filled, seed)
	c := choice{gate: g, facts: f, n: n, avoid: tried(f)}
	c.take(filled)
	// With a long history the last resorts come: close to a title that was tried,
	// then one of those again.
	c.facts.Title, c.facts.Tried = "", nil
	c.take(filled)
	c.avoid = nil
	c.take(filled)
	return c.titles
}

// choice is how far the choosing has come.
type choice struct {
	gate   *gate.Gate
	facts  facts.Facts
	avoid  []string
	n      int
	titles []string
}

func (c *choice) take(from []sentence) {
	for _, s := range from {
		if len(c.titles) >= c.n {
			return
		}
		if size := units(s.text); size < shortest || size > longest || slices.Contains(c.avoid, s.text) {
			continue
		}
		title, err := c.gate.Pass(s.text, c.facts, gate.Against{Recent: c.titles})
		if err == nil && title == s.text {
			c.titles = append(c.titles, title)
		}
	}
}

func tried(f facts.Facts) []string {
	out := []string{f.Title}
	for _, t := range f.Tried {
		out = append(out, t.Title)
	}
	return out
}

// sentence is a filled one, weight how much it is preferred.
type sentence struct {
	text   string
	weight float64
}

// fill gives every sentence whose gaps can all be filled.
func fill(known map[string]string) []sentence {
	pairs := make([]string, 0, 2*len(known))
	for gap, text := range known {
		pairs = append(pairs, "{"+gap+"}", text)
	}
	filler := strings.NewReplacer(pairs...)
	var out []sentence
	for _, group := range groups(known) {
		for _, text := range group.sentences {
			// A name may end in a sign of its own: "osu!".
			if text = filler.Replace(text); !strings.ContainsRune(text, '{') && !doubled.MatchString(text) {
				out = append(out, sentence{text, group.weight})
			}
		}
	}
	return out
}

// shuffle orders by chance, a heavier one more likely before a lighter.
func shuffle(s []sentence, seed uint64) {
	chance := rand.New(rand.NewPCG(seed, 0x7469746c65))
	keys := map[string]float64{}
	for _, one := range s {
		keys[one.text] = math.Pow(chance.Float64(), 1/one.weight)
	}
	slices.SortStableFunc(s, func(a, b sentence) int {
		return -compare(keys[a.text], keys[b.text])
	})
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }
