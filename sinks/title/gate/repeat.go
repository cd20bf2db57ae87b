package gate

import (
	"regexp"
	"strings"
)

const (
	// remembered titles are compared with, near is the similarity from which on
	// one is the same title again.
	remembered = 20
	near       = 0.6
)

// before are the titles that stand or stood, those of this request first.
func (c *candidate) before() []string {
	titles := append([]string(nil), c.against.Recent...)
	if c.facts.Title != "" {
		titles = append(titles, c.facts.Title)
	}
	for _, t := range c.facts.Tried[:min(remembered, len(c.facts.Tried))] {
		titles = append(titles, t.Title)
	}
	return titles
}

func repeat(c *candidate) string {
	mine := trigrams(c.text)
	for _, title := range c.before() {
		if similarity(mine, trigrams(title)) >= near {
			return "close to an earlier title"
		}
	}
	return ""
}

// similarity of two titles is the share of their trigrams that both have: 0
// nothing, 1 the same.
func similarity(x, y map[[3]rune]bool) float64 {
	shared := 0
	for t := range x {
		if y[t] {
			shared++
		}
	}
	if len(x)+len(y) == shared {
		return 1 // both empty
	}
	return float64(shared) / float64(len(x)+len(y)-shared)
}

// trigrams leaves case, marks, punctuation and emoji aside.
func trigrams(s string) map[[3]rune]bool {
	words := strings.FieldsFunc(skeleton(flagless(s)), func(r rune) bool { return !wordRune(r) })
	rs := []rune("  " + strings.Join(words, " ") + " ")
	m := map[[3]rune]bool{}
	for i := range len(rs) - 2 {
		m[[3]rune(rs[i:i+3])] = true
	}
	return m
}

// ofTimes are the colons of 20:15 and of 3:1.
var ofTimes = regexp.MustCompile(`\d(?::\d+)+`)

func colon(c *candidate) string {
	if strings.Count(ofTimes.ReplaceAllString(c.plain, ""), ":") > 1 {
		return "more than one colon"
	}
	return ""
}

// announces is the shape "X: Y" that models fall into.
var announces = regexp.MustCompile(`^[\p{L}\p{N}_'’-]+(?: [\p{L}\p{N}_'’-]+){0,3}: `)

// window is among how many titles, this one with them, "X: Y" may stand once.
const window = 5

func pattern(c *candidate) string {
	if !announces.MatchString(c.plain) {
		return ""
	}
	titles := c.before()
	for _, title := range titles[:min(window-1, len(titles))] {
		if announces.MatchString(plain(Clean(title))) {
			return "“X: Y” again"
		}
	}
	return ""
}
