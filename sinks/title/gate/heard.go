package gate

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// joinedMost is how many letters of a title are looked at as one run.
	joinedMost = 80
	// joinedLeast is from how many letters on words that are written together, or
	// letter by letter, are known again: "wait", spelled in chat, is nobody's.
	joinedLeast = 10
)

// together is the hash of a run by its letters alone: where words part may be a
// disguise.
func together(letters string) uint64 { return hash(runs(letters, 1, 1)) }

// heard reports whether a stretch of the words was said in a row. own is what
// [candidate.ownWords] gives: "Zelda again" is nobody's quote, "join my Minecraft
// server" somebody's.
func (q *Quotes) heard(words []token, own []int) bool {
	begin, end := 0, 0
	for i := range words {
		n := q.reach(words[i:])
		if n == 0 {
			continue
		}
		if i >= end {
			begin = i
		}
		end = max(end, i+n)
		apart := weightOf(words[i:i+n]) >= enough
		if stretch(words[begin:end], own[begin:end]) >= enough || !apart && !slices.ContainsFunc(own[i:i+n], func(of int) bool { return of > 0 }) {
			return true
		}
	}
	return false
}

// reach is how many of the words, from the first on, were said in a row.
func (q *Quotes) reach(words []token) (n int) {
	var letters strings.Builder
	weight, spelled := 0, false
	for i, w := range words {
		full := weight >= enough
		letters.WriteString(w.text)
		weight += weigh(w)
		spelled = spelled || single(w.text) && !w.unspaced
		size := utf8.RuneCountInString(letters.String())
		if size > joinedMost || full && !spelled {
			break
		}
		if (weight >= enough && !full || size >= joinedLeast) && q.said.has(together(letters.String())) {
			n = i + 1
		}
	}
	return n
}

// ownWords numbers the phrases of the streamer's that stand in the words: 0 is of
// none.
func (c *candidate) ownWords(words []token) []int {
	of, n := make([]int, len(words)), 0
	for _, phrase := range c.own() {
		own := tokens(phrase)
		for i := 0; len(own) > 0 && i+len(own) <= len(words); i++ {
			if !slices.EqualFunc(words[i:i+len(own)], own, func(a, b token) bool { return a.text == b.text }) {
				continue
			}
			n++
			for j := range own {
				of[i+j] = n
			}
		}
	}
	return of
}

// stretch weighs words, a phrase of the streamer's as one.
func stretch(words []token, own []int) (weight int) {
	last := 0
	for i, w := range words {
		switch {
		case own[i] == 0:
			weight += weigh(w)
		case own[i] != last:
			weight += 2
		}
		last = own[i]
	}
	return weight
}

func weightOf(words []token) int { return stretch(words, make([]int, len(words))) }
