package gate

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	// Models introduce what they were asked for. The languages are those of the
	// word lists.
	preface = regexp.MustCompile(`(?i)^(?:(?:sure|okay|certainly|of course)[,!. ]+)?here(?:'s| is| are)\b[^:]{0,40}\btitles?\b[^:]{0,20}:\s*`)
	label   = regexp.MustCompile(`(?i)^[*_]{0,3}(?:(?:stream|new|suggested)\s+)?(?:title|titel|titre|título|titolo|tytuł|заголовок|название|タイトル)(?:\s*\d{1,2})?[*_]{0,3}\s*[:：][*_]{0,3}\s*`)
	bullet  = regexp.MustCompile(`^(?:[-*+•]|#{1,6}|>|\d{1,2}[.)])\s+`)
	squared = regexp.MustCompile(`^\[([^\[\]]+)\]$`)
)

// wraps are the marks that models put around a whole title.
var wraps = [][2]string{
	{"**", "**"}, {"__", "__"}, {"```", "```"}, {"`", "`"}, {"*", "*"}, {"_", "_"},
	{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"„", "“"}, {"”", "”"}, {"‘", "’"}, {"«", "»"}, {"‹", "›"}, {"「", "」"}, {"『", "』"},
}

// Clean takes off what models put around a title: quotes, markdown, a bullet or
// number, "Title:". Spaces become single plain ones and letters composed (NFC).
// Cleaning twice changes nothing more.
func Clean(text string) string {
	for {
		next := cleanOnce(text)
		// Each round shortens the text or is the last.
		if next == text {
			return text
		}
		text = next
	}
}

func cleanOnce(s string) string {
	s = norm.NFC.String(spaces(s))
	s = strings.TrimSuffix(s, `",`)
	for _, prefix := range []*regexp.Regexp{bullet, preface, label} {
		s = s[len(prefix.FindString(s)):]
	}
	if m := squared.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	for _, w := range wraps {
		s = unwrap(s, w[0], w[1])
	}
	// One quote that lost its partner is JSON's, not the title's.
	if strings.Count(s, `"`) == 1 {
		s = strings.Trim(s, `"`)
	}
	return strings.TrimSpace(s)
}

// unwrap leaves a pair that also stands inside: “a” or “b” is not one quote.
func unwrap(s, left, right string) string {
	if len(s) < len(left)+len(right) || !strings.HasPrefix(s, left) || !strings.HasSuffix(s, right) {
		return s
	}
	inner := s[len(left) : len(s)-len(right)]
	if strings.Contains(inner, left) || strings.Contains(inner, right) {
		return s
	}
	return inner
}

// spaces makes every run of Unicode's space separators one plain space.
func spaces(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.TrimSpace(s) {
		if unicode.Is(unicode.Zs, r) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}
