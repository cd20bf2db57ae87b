package gate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word as [tokens] reads it.
type token struct {
	text string
	// skeleton is the word before that.
	skeleton string
	// unspaced: one letter of a script that puts no spaces between words.
	unspaced bool
}

// tokens are the words of s, spelled so that the same words are the same tokens:
// skeletons, digits among letters as letters, no letter twice in a row,
// apostrophes and flags left out.
func tokens(s string) []token {
	var out []token
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			out = append(out, token{text: canonical(word.String()), skeleton: word.String()})
			word.Reset()
		}
	}
	for _, r := range skeleton(flagless(s)) {
		switch {
		case unspaced(r):
			flush()
			out = append(out, token{string(r), string(r), true})
		case wordRune(r):
			word.WriteRune(r)
		case apostrophe(r):
		default:
			flush()
		}
	}
	flush()
	return out
}

// flagless leaves out flags, which are letters to [skeleton].
func flagless(s string) string {
	return strings.Map(func(r rune) rune {
		if regional(r) {
			return -1
		}
		return r
	}, s)
}

// canonical makes spellings of one word the same. A number stays as it is.
func canonical(word string) string {
	if !strings.ContainsFunc(word, unicode.IsLetter) {
		return word
	}
	return runs(strings.ReplaceAll(leet(word, 'i'), "l", "i"), 1, 1)
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mc, r)
}

func apostrophe(r rune) bool { return strings.ContainsRune("'’‘ʼ`´", r) }

func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func firstRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// inWord says whether the border of two texts cuts a word.
func inWord(before, after string) bool {
	if before == "" || after == "" {
		return false
	}
	l := lastRune(before)
	r, _ := firstRune(after)
	return wordRune(l) && wordRune(r) && !unspaced(l) && !unspaced(r)
}
