package gate

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// banned looks for the words of the lists as whole words, in every spelling in
// which a reader still sees them. A category's name excuses its words, but for
// those of the strict list.
func banned(c *candidate) string {
	w := c.gate.words
	excused := without(c.text, c.facts.Category)
	if list := w.shown(excused, false); list != "" {
		return "a word of the list " + list
	}
	if excused != c.text {
		if list := w.shown(c.text, true); list != "" {
			return "a word of the list " + list
		}
	}
	return ""
}

// shown looks through text, and once more with CamelCase taken apart, which hides
// the border of words.
func (w *Words) shown(text string, strict bool) string {
	list := w.find(w.excuse(skeleton(text)), strict)
	if apart := humps(text); list == "" && apart != text {
		list = w.find(w.excuse(skeleton(apart)), strict)
	}
	return list
}

// excuse takes innocent phrases out of a skeleton.
func (w *Words) excuse(s string) string { return without(s, w.allowed...) }

func (w *Words) find(s string, strict bool) string {
	closed := strings.ReplaceAll(s, " ", "")
	for _, word := range slices.Sorted(maps.Keys(w.inside)) {
		if (!strict || w.strict[word]) && strings.Contains(closed, word) {
			return w.inside[word]
		}
	}
	chunks := strings.Fields(s)
	for _, chunk := range chunks {
		for _, word := range readings(chunk) {
			if list := w.spelled(word, strict); list != "" {
				return list
			}
		}
		if list := w.masked(chunk, strict); list != "" {
			return list
		}
	}
	// A sign is a letter or stands between letters: $hit, s.h.i.t$5.
	for _, part := range []func(rune) bool{letterish, wordRune} {
		for _, word := range pieces(strings.FieldsFunc(s, func(r rune) bool { return !part(r) && !apostrophe(r) })) {
			if list := w.spelled(word, strict); list != "" {
				return list
			}
		}
	}
	return ""
}

// spelled tries a word with digits and signs as letters and with letters drawn
// out: fuuuck, sh1t. Two vowels in a row may be one (shiit), two consonants are
// two (rapper).
func (w *Words) spelled(word string, strict bool) string {
	if list := w.match(word, strict); list != "" {
		return list
	}
	// Among Cyrillic letters a 3 is another one.
	if ze := strings.ReplaceAll(word, "3", "з"); ze != word && strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		if list := w.match(leet(ze, 'i'), strict); list != "" {
			return list
		}
	}
	for _, one := range []rune{'i', 'l'} {
		as := leet(word, one)
		for _, form := range []string{runs(as, 2, 2), runs(as, 2, 1), vowels(as)} {
			if form == word {
				continue
			}
			if list := w.match(form, strict); list != "" {
				return list
			}
		}
		if !strings.ContainsAny(word, "1|") {
			break
		}
	}
	return ""
}

// vowels writes vowels in a row once.
func vowels(s string) string {
	s = runs(s, 2, 2)
	for _, v := range []string{"a", "e", "i", "o", "u"} {
		s = strings.ReplaceAll(s, v+v, v)
	}
	return s
}

// readings are the words that stand in what is between two spaces: its parts, and
// all of it as one.
func readings(chunk string) []string {
	var out []string
	parts := strings.FieldsFunc(chunk, func(r rune) bool { return !letterish(r) })
	for _, p := range parts {
		p = edged(p)
		out = append(out, p, strings.TrimFunc(p, unicode.IsDigit))
		// A plus or a bar may also part two words.
		out = append(out, strings.FieldsFunc(p, func(r rune) bool { return !wordRune(r) })...)
	}
	if len(parts) > 1 {
		out = append(out, edged(strings.Join(parts, "")))
	}
	return out
}

// edged leaves off signs that are no letters at a word's edge: "boss!".
func edged(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, "!+|€"), "!+|€@")
}

func letterish(r rune) bool { return wordRune(r) || strings.ContainsRune("@$!+|€", r) }

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

// pieces are the words that neighbours make when one of them is no word by
// itself: f u c k, fu ck, f. u. c. k. "The pen is" makes none.
func pieces(parts []string) []string {
	const most, long = 12, 4 // pieces of a word, letters of a piece
	var out []string
	for i := range parts {
		word, torn, spelled := "", false, i == 0 || !single(parts[i-1])
		for j, p := range parts[i:min(len(parts), i+most)] {
			p = edged(p)
			if n := utf8.RuneCountInString(p); n == 0 || n > long {
				break
			}
			torn = torn || !readable(p)
			spelled = spelled && single(p)
			word += p
			// A word of three letters is seen only if no other letter stands by:
			// B A S S is none.
			last := i+j+1 == len(parts) || !single(parts[i+j+1])
			if n := utf8.RuneCountInString(word); j > 0 && torn && (n > shortest || n == shortest && spelled && last) {
				out = append(out, word)
			}
		}
	}
	return out
}

func single(s string) bool { return utf8.RuneCountInString(s) == 1 }

// readable pieces are numbers, or have a vowel and a second letter.
func readable(p string) bool {
	if !strings.ContainsFunc(p, unicode.IsLetter) {
		return true
	}
	return utf8.RuneCountInString(p) > 1 && strings.ContainsAny(p, "aeiouyэю")
}

// humps puts a space where a small letter meets a capital one.
func humps(s string) string {
	var b strings.Builder
	small := false
	for _, r := range s {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}
