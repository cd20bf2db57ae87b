package gate

import (
	"strings"
	"unicode"
)

// Quotes knows what was said in a session's chat well enough to see it again in
// a title. It takes 4 MiB however much is said, forgets nothing, and is not for
// two goroutines at once. At a million words it takes one innocent title in
// many thousands for a quote, at four million one in ten.
type Quotes struct {
	said seen
}

// NewQuotes has heard nothing.
func NewQuotes() *Quotes { return &Quotes{said: newSeen(25)} }

// QuotesOf has heard the lines.
func QuotesOf(lines ...string) *Quotes {
	q := NewQuotes()
	for _, l := range lines {
		q.Add(l)
	}
	return q
}

const (
	// A run of enough is a quote: a word weighs 2, a letter of a script without
	// spaces 1, so that four words or eight such letters are.
	enough = 8
	// odd is from how many letters on a word with digits is a code.
	odd = 5
	// spoken bounds one line: no platform takes more.
	spoken = 4096
)

// Add hears one chat line.
func (q *Quotes) Add(line string) {
	if len(line) > spoken {
		line = strings.ToValidUTF8(line[:spoken], "")
	}
	words := tokens(line)
	for run := range shingles(words) {
		q.said.add(run)
	}
	if h, ok := whole(words); ok {
		q.said.add(h)
	}
	for code := range codes(line) {
		q.said.add(hash("code", code))
	}
}

// shingles are the runs of words that are just enough for a quote, one from each
// word on.
func shingles(words []token) func(func(uint64) bool) {
	return func(yield func(uint64) bool) {
		var run []string
		for i := range words {
			run = run[:0]
			weight := 0
			for _, w := range words[i:] {
				run = append(run, w.text)
				if weight += weigh(w); weight >= enough {
					break
				}
			}
			if weight < enough || !yield(together(strings.Join(run, ""))) {
				return
			}
		}
	}
}

func weigh(w token) int {
	if w.unspaced {
		return 1
	}
	return 2
}

// whole is the hash of a line too short to have a run. One word is nobody's.
func whole(words []token) (uint64, bool) {
	text, weight := make([]string, 0, enough), 0
	for _, w := range words {
		text = append(text, w.text)
		weight += weigh(w)
	}
	return hash(append(text, "whole")...), weight > 2 && weight < enough
}

// codes are what stands between spaces and has both enough letters and a digit:
// ZEBRA-7731. Such a word is never a title's by chance.
func codes(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for chunk := range strings.FieldsSeq(skeleton(s)) {
			code := strings.Map(func(r rune) rune {
				if wordRune(r) {
					return r
				}
				return -1
			}, chunk)
			letters := strings.ContainsFunc(code, unicode.IsLetter)
			if len(code) >= odd && letters && strings.ContainsFunc(code, unicode.IsDigit) && !yield(code) {
				return
			}
		}
	}
}

func quote(c *candidate) string {
	q := c.against.Quotes
	if q == nil {
		return ""
	}
	words := tokens(c.text)
	if q.heard(words, c.ownWords(words)) {
		return "four words in a row out of the chat"
	}
	// What the streamer wrote stays theirs when viewers write it too.
	text := without(c.text, c.own()...)
	if h, ok := whole(words); ok && text == c.text && q.said.has(h) {
		return "a line out of the chat"
	}
	for code := range codes(text) {
		if q.said.has(hash("code", code)) {
			return "a code out of the chat"
		}
	}
	for code := range codes(inPairs(text)) {
		// "day12" in chat does not make a code of "Day 12".
		if digitsIn(code) > 2 && q.said.has(hash("code", code)) {
			return "a code out of the chat"
		}
	}
	return ""
}

func digitsIn(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// inPairs writes each two neighbours together: a code may be torn.
func inPairs(s string) string {
	words := strings.Fields(letterByLetter(s))
	for i := range max(0, len(words)-1) {
		words[i] += words[i+1]
	}
	return strings.Join(words, " ")
}
