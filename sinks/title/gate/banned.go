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
	if struck.MatchString(c.plain) {
		return "a word that is struck out"
	}
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
	for i, chunk := range chunks {
		if i > 0 {
			if list := w.parted(chunks[i-1], chunk, strict); list != "" {
				return list
			}
		}
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
	// Among Cyrillic letters digits are others.
	if as := cyrillic.Replace(word); as != word && strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		if list := w.match(leet(as, 'i'), strict); list != "" {
			return list
		}
	}
	// An l may be an i that is drawn so.
	if list := w.match(strings.ReplaceAll(word, "l", "i"), strict); list != "" {
		return list
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

var cyrillic = strings.NewReplacer("3", "з", "6", "б", "4", "ч", "9", skeleton("я"))

// partedLeast is from how many letters on a word is known in two: "por noche" and
// "Mari con" are others.
const partedLeast = 8

// parted sees a long word that is written as two: kill yourself.
func (w *Words) parted(first, second string, strict bool) string {
	second = strings.TrimRightFunc(second, func(r rune) bool { return !wordRune(r) })
	both := leet(first+second, 'i')
	if strings.ContainsFunc(both, func(r rune) bool { return !wordRune(r) }) {
		return ""
	}
	long := func(word string) bool {
		return utf8.RuneCountInString(word) >= partedLeast && (!strict || w.strict[word])
	}
	if list := w.exact[both]; list != "" && long(both) {
		return list
	}
	for i := range both {
		if list := w.stems[both[:i]]; list != "" && long(both[:i]) {
			return list
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
