package gate

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// struck is f*** and Sch***e, whatever the letters are.
var struck = regexp.MustCompile(`(?:^|[^\p{L}\p{M}])\p{L}{1,3}\*{3,}`)

// masked sees words with letters struck out: f*ck, s#!t, f**k.
func (w *Words) masked(chunk string, strict bool) string {
	// At its end a full stop or a question mark is only that: "Such as?"
	chunk = strings.TrimFunc(chunk, func(r rune) bool { return !wordRune(r) && (!mask(r) || strings.ContainsRune("?!.-_%&^@$", r)) })
	first, _ := firstRune(chunk)
	if !strings.ContainsFunc(chunk, mask) || !unicode.IsLetter(first) {
		return ""
	}
	seen := 0
	for _, r := range chunk {
		switch {
		case wordRune(r):
			seen++
		case !mask(r):
			return ""
		}
	}
	if seen < 2 {
		return ""
	}
	for _, stem := range []bool{false, true} {
		words := w.exact
		if stem {
			words = w.stems
		}
		for _, word := range slices.Sorted(maps.Keys(words)) {
			if (!strict || w.strict[word]) && fits(chunk, word, stem) {
				return words[word]
			}
		}
	}
	return ""
}

func mask(r rune) bool { return strings.ContainsRune("*#•×░▒█■●∗✱※?%&^_-.@$!", r) }

// fits says whether each mask of the pattern hides a letter of the word. A stem
// leaves the rest of the pattern alone.
func fits(pattern, word string, stem bool) bool {
	p, w := []rune(pattern), []rune(word)
	if len(p) != len(w) && (!stem || len(p) < len(w)) {
		return false
	}
	hidden := false
	for i, r := range w {
		switch {
		case mask(p[i]):
			hidden = true
		case p[i] != r && leet(string(p[i]), 'i') != string(r):
			return false
		}
	}
	return hidden
}
