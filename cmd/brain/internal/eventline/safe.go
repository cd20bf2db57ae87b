package eventline

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Safe is s with everything that would act on a terminal made visible or
// harmless: a control character becomes its picture (ESC is ␛), a line end or
// tab a blank, and what turns the direction of text around, or is invisible
// and no part of a letter or emoji, U+FFFD. Invalid UTF-8 is U+FFFD too.
func Safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case r < ' ':
			return '\u2400' + r
		case r == 0x7f:
			return '\u2421'
		case r > 0x7f && unicode.IsControl(r):
			return unicode.ReplacementChar
		case hides(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// EscapeJSON is a JSON text that means the same and does not act on a terminal.
// In valid JSON such characters stand in strings only, where an escape may
// stand for each.
func EscapeJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x7f || !unicode.IsControl(r) && !hides(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// hides reports whether r turns the direction of text around, or is invisible
// and no part of a letter or emoji.
func hides(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !joins(r) || unicode.Is(unicode.Bidi_Control, r)
}

// joins reports whether r holds letters or emojis together: zero-width joiner
// and non-joiner, and the tags of flags.
func joins(r rune) bool {
	return r == '\u200c' || r == '\u200d' || r >= 0xe0020 && r <= 0xe007f
}
