// Package checker says what is unsafe about a title. It is written from the rules
// of the reference (titles.md 1, 2, 5 and 6) and knows nothing of the gate: tests
// hold the two against each other. No program uses it.
//
// It is the cruder of the two: it looks at a title as one line of letters and may
// miss a spelling that the gate knows, but what it finds is surely wrong.
package checker

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Context is what a title is checked against.
type Context struct {
	YouTube bool
	Limit   int // UTF-16 units
	Emoji   int
	// Lines and Names are the chat's, Recent the last titles, the newest first.
	Lines, Names, Recent []string
	// Own are words of the streamer and the platform: category, note.
	Own []string
}

// Check gives what is wrong with a title, a line each.
func Check(title string, c Context) []string {
	var wrong []string
	for _, look := range []func(string, Context) string{
		shape, letters, signs, leads, numbers, words, viewers, history,
	} {
		if found := look(title, c); found != "" {
			wrong = append(wrong, found)
		}
	}
	return wrong
}

func shape(title string, c Context) string {
	switch size := len(utf16.Encode([]rune(title))); {
	case !utf8.ValidString(title):
		return "not UTF-8"
	case size == 0 || strings.TrimSpace(title) != title:
		return "empty, or spaces around it"
	case size > c.Limit:
		return fmt.Sprintf("%d units of %d", size, c.Limit)
	case strings.Contains(title, "  "):
		return "two spaces"
	}
	return ""
}

func letters(title string, _ Context) string {
	run := 0
	rs := []rune(title)
	for i, r := range rs {
		switch {
		case r < ' ', r >= 0x7F && r < 0xA0, r == 0x2028, r == 0x2029:
			return "a control character or a line's end"
		case r == 0x200D && (i == 0 || i == len(rs)-1 || rs[i-1] < 0x2190 || rs[i+1] < 0x2190),
			r == 0xFE0F && (i == 0 || rs[i-1] < 0x2190 && !strings.ContainsRune("0123456789#*©®‼⁉™ℹ", rs[i-1])):
			return "a joiner or selector outside an emoji"
		case r == 0x200D || r == 0xFE0F:
		case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF, r == 0xAD,
			r >= 0xE0000 && r <= 0xE0FFF, r >= 0xFE00 && r < 0xFE0F, r == 0x34F, r == 0x61C, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0,
			r >= 0x180B && r <= 0x180F, r == 0x2800:
			return "a character that nobody sees"
		case r >= 0xE000 && r <= 0xF8FF, r >= 0xF0000, r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF, r == 0xFFFD:
			return "a character that is none"
		}
		if run++; !unicode.IsMark(r) {
			run = 0
		}
		if run > 3 {
			return "a tower of marks"
		}
	}
	return ""
}

// seen is the title as a reader sees it.
func seen(title string) string { return strings.ToLower(norm.NFKC.String(title)) }

var (
	function  = regexp.MustCompile(`\$\s*([a-z_]\w*\s*)?\(|\$[a-z]\w*\$`)
	announced = regexp.MustCompile(`^[\p{L}\p{N}_]+( [\p{L}\p{N}_]+){0,3}: `)
)

func signs(title string, c Context) string {
	s := seen(title)
	emoji := 0
	rs := []rune(title)
	for i, r := range rs {
		first := i == 0 || rs[i-1] != 0x200D
		if r >= 0x1F300 && r <= 0x1FAFF && (r < 0x1F3FB || r > 0x1F3FF) && first {
			emoji++
		}
	}
	switch {
	case strings.Count(s, "%") > 1:
		return "%…%"
	case strings.Count(s, "~") > 1:
		return "~…~"
	case function.MatchString(s):
		return "$…("
	case strings.ContainsAny(s, "<>") && c.YouTube:
		return "< or >"
	case colons(rs) > 1:
		return "two colons"
	case emoji > c.Emoji:
		return "too many emoji"
	}
	return ""
}

// colons counts those that no digits stand around.
func colons(rs []rune) (n int) {
	for i, r := range rs {
		if (r == ':' || r == '：') && (i == 0 || i == len(rs)-1 || !unicode.IsDigit(rs[i-1]) || !unicode.IsDigit(rs[i+1])) {
			n++
		}
	}
	return n
}

var (
	dotted  = regexp.MustCompile(`[\p{L}\p{N}][.．。｡․]\p{L}{2,}`)
	spaced  = regexp.MustCompile(`[\p{L}\p{N}][^\p{L}\p{N}.]{0,3}(\.|[^\p{L}\p{M}](?:dot|punkt|punto)[^\p{L}])[^\p{L}\p{N}]{0,3}(com|net|org|gg|tv|ru|xyz)([^\p{L}\p{N}\p{M}]|$)`)
	schemes = regexp.MustCompile(`://|(?:^|[^\p{L}\p{M}])www(?:[^\p{L}\p{N}\p{M}]|$)|discord[^\p{L}\p{N}]*gg([^\p{L}\p{M}]|$)`)
	advert  = regexp.MustCompile(`#\s*(ad|ads|sponsored|werbung|anzeige|publicidad|реклама)([^\p{L}\p{M}]|$)`)
)

// files are extensions that are no top-level domain.
var files = map[string]bool{"js": true, "ts": true, "jsx": true, "tsx": true, "css": true, "html": true, "json": true, "exe": true, "txt": true, "cpp": true}

func leads(title string, _ Context) string {
	s := seen(title)
	switch {
	case strings.Contains(s, "@"):
		return "an @"
	case schemes.MatchString(s), spaced.MatchString(s):
		return "a link"
	case advert.MatchString(s):
		return "an advertisement"
	}
	for _, m := range dotted.FindAllString(s, -1) {
		if _, extension, _ := strings.Cut(m, "."); files[extension] {
			continue // Node.js
		}
		// An ideographic full stop ends sentences where no letter is ASCII.
		if !strings.ContainsAny(m, "。｡") || m[len(m)-1] < 0x80 && strings.Contains("com net org", m[strings.IndexAny(m, "。｡")+3:]) {
			return "a domain"
		}
	}
	return ""
}

func numbers(title string, _ Context) string {
	run, zeros, between := 0, 0, 0
	for _, r := range seen(title) {
		switch {
		case unicode.IsDigit(r):
			run++
			between = 0
			if r == '0' {
				zeros++
			}
		case strings.ContainsRune(" -/.()+", r) && between < 3:
			between++
		default:
			run, zeros = 0, 0
		}
		// Thousands are zeros, and eight digits may be a date.
		if run > 8 && zeros < 6 {
			return "a phone number"
		}
	}
	return ""
}
