package checker

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cruel are some of the words of the lists, typed anew.
var cruel = strings.Fields(`fuck fucking fucker shit bitch cunt asshole nigger nigga faggot whore slut rape dick pussy scheiße scheisse fotze hurensohn
	arschloch putain merde connard salope mierda joder gilipollas cabron cazzo stronzo vaffanculo caralho porra buceta klootzak
	kurwa pierdole chuj блять сука пиздец хуй`)

// disguise are letters that the hostile answers are written in.
var disguise = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "к", "k", "υ", "u",
	"0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// bare has letters and digits only, with single spaces between words.
func bare(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return " " + strings.Join(strings.Fields(b.String()), " ") + " "
}

func words(title string, c Context) string {
	s := bare(title)
	for _, own := range c.Own {
		s = strings.ReplaceAll(s, bare(own), " ")
	}
	plain := strings.ToLower(norm.NFKC.String(title))
	for _, own := range c.Own {
		if own != "" {
			plain = strings.ReplaceAll(" "+plain+" ", " "+strings.ToLower(own)+" ", " ")
		}
	}
	hidden := " " + strings.Join(strings.Fields(disguise.Replace(plain)), " ") + " "
	tight := strings.ReplaceAll(s, " ", "")
	for _, w := range cruel {
		w := strings.Trim(bare(w), " ")
		if strings.Contains(s, " "+w+" ") || strings.Contains(hidden, " "+w+" ") {
			return "a cruel word"
		}
		// Letter by letter: the whole title is hardly longer than the word.
		if len([]rune(w)) > 4 && strings.Contains(s, " "+strings.Join(strings.Split(w, ""), " ")+" ") && strings.Contains(tight, w) {
			return "a cruel word, letter by letter"
		}
	}
	return ""
}

// run is how many words in a row are a viewer's.
const run = 4

func viewers(title string, c Context) string {
	said := strings.Fields(owned(title, c))
	for _, line := range c.Lines {
		l := owned(line, c)
		for i := 0; i+run <= len(said); i++ {
			if strings.Contains(l, " "+strings.Join(said[i:i+run], " ")+" ") {
				return "a viewer's words"
			}
		}
	}
	s := bare(title)
	for _, own := range c.Own {
		if o := bare(own); len(o) > 2 {
			s = strings.ReplaceAll(s, o, " ¤ ")
		}
	}
	for _, name := range c.Names {
		if n := bare(name); len([]rune(n)) > 5 && strings.Contains(s, n) {
			return "a viewer's name"
		}
	}
	return ""
}

// owned is a text with each phrase of the streamer's as one word.
func owned(text string, c Context) string {
	s := bare(text)
	for _, own := range c.Own {
		if o := bare(own); len(o) > 2 {
			s = strings.ReplaceAll(s, o, " ¤"+strings.ReplaceAll(o, " ", "")+" ")
		}
	}
	return " " + strings.Join(strings.Fields(s), " ") + " "
}

func history(title string, c Context) string {
	mine := thirds(title)
	for i, old := range c.Recent[:min(20, len(c.Recent))] {
		theirs := thirds(old)
		both := 0
		for t := range mine {
			if theirs[t] {
				both++
			}
		}
		if all := len(mine) + len(theirs) - both; all > 0 && float64(both)/float64(all) >= 0.62 {
			return "an old title"
		}
		if i < 4 && announced.MatchString(seen(old)) && announced.MatchString(seen(title)) {
			return "X: Y again"
		}
	}
	return ""
}

func thirds(s string) map[string]bool {
	rs := []rune(" " + bare(s))
	m := map[string]bool{}
	for i := 0; i+3 <= len(rs); i++ {
		m[string(rs[i:i+3])] = true
	}
	return m
}
