package document

import (
	"unicode/utf8"
)

// text appends the string or key at pos, decoded and without its quotes.
func (e *encoder) text() error {
	e.pos++
	for {
		rest := e.src[e.pos:]
		n, ascii := plain(rest)
		if !ascii && !utf8.Valid(rest[:n]) {
			return e.refuse(InvalidUTF8)
		}
		e.dst = append(e.dst, rest[:n]...)
		e.pos += n
		switch {
		case n == len(rest):
			return e.malformed("string without an end")
		case rest[n] == '"':
			e.pos++
			return nil
		case rest[n] == '\\':
			if err := e.escape(rest[n:]); err != nil {
				return err
			}
		default:
			return e.malformed("control character in a string")
		}
	}
}

// plain returns how many bytes s has before a quote, a backslash or a control
// character, and whether all of them are ASCII.
func plain(s []byte) (n int, ascii bool) {
	var seen byte
	for i, c := range s {
		if c < ' ' || c == '"' || c == '\\' {
			return i, seen < utf8.RuneSelf
		}
		seen |= c
	}
	return len(s), seen < utf8.RuneSelf
}

// escape appends the character of the escape sequence that s starts with, or of
// two that are a surrogate pair.
func (e *encoder) escape(s []byte) error {
	if len(s) > 1 && s[1] == 'u' {
		return e.unicode(s)
	}
	c := byte(0)
	if len(s) > 1 {
		c = unescaped(s[1])
	}
	if c == 0 {
		return e.malformed("unknown escape in a string")
	}
	e.dst = append(e.dst, c)
	e.pos += 2
	return nil
}

// unescaped returns what a backslash before c means (RFC 8259, section 7), or 0
// when it means nothing.
func unescaped(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

func (e *encoder) unicode(s []byte) error {
	r, ok := hex(s)
	if !ok {
		return e.malformed(`expected four hexadecimal digits after \u`)
	}
	size := len(`\u0000`)
	if surrogate(r) {
		low, ok := hex(s[size:])
		if r >= 0xdc00 || !ok || low < 0xdc00 || low > 0xdfff {
			return e.refuse(LoneSurrogate)
		}
		r = (r-0xd800)<<10 | (low - 0xdc00) + 0x10000
		size *= 2
	}
	e.dst = utf8.AppendRune(e.dst, r)
	e.pos += size
	return nil
}

func surrogate(r rune) bool { return r >= 0xd800 && r <= 0xdfff }

// hex returns the code unit of the \u sequence that s starts with.
func hex(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range s[2:6] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
