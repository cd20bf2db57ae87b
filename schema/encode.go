package schema

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// encoder appends a JSON object, member by member, in the bytes that
// encoding/json writes for the same struct; a fuzz test holds the two together.
// It is there for what is written for every event. A member's key is given as
// it is written: quoted, with its colon.
type encoder struct {
	b []byte
	// html escapes <, > and & as encoding/json does unless it is told not to.
	html bool
}

// open begins an object.
func (e *encoder) open() { e.b = append(e.b, '{') }

// shut ends an object or a list that was begun with bracket's partner.
func (e *encoder) shut(bracket byte) { e.b = append(e.b, bracket) }

// key begins a member.
func (e *encoder) key(key string) {
	e.comma()
	e.b = append(e.b, key...)
}

// comma stands before everything but the first of an object or a list.
func (e *encoder) comma() {
	if last := e.b[len(e.b)-1]; last != '{' && last != '[' {
		e.b = append(e.b, ',')
	}
}

func (e *encoder) text(key, s string) {
	e.key(key)
	e.quote(s)
}

// textIf leaves the member out where it is empty (omitempty), as the other
// methods so named do.
func (e *encoder) textIf(key, s string) {
	if s != "" {
		e.text(key, s)
	}
}

func (e *encoder) textsIf(key string, texts []string) {
	if len(texts) == 0 {
		return
	}
	e.key(key)
	e.b = append(e.b, '[')
	for _, s := range texts {
		e.comma()
		e.quote(s)
	}
	e.shut(']')
}

func (e *encoder) boolean(key string, on bool) {
	e.key(key)
	e.b = strconv.AppendBool(e.b, on)
}

func (e *encoder) booleanIf(key string, on bool) {
	if on {
		e.boolean(key, on)
	}
}

func (e *encoder) number(key string, n int64) {
	e.key(key)
	e.b = strconv.AppendInt(e.b, n, 10)
}

func (e *encoder) numberIf(key string, n int64) {
	if n != 0 {
		e.number(key, n)
	}
}

// time writes a time that is [Writable] by [TimeFormat].
func (e *encoder) time(key string, t Time) {
	e.key(key)
	e.b = append(e.b, '"')
	e.b = appendTime(e.b, t.Time)
	e.b = append(e.b, '"')
}

// appendTime is AppendFormat with [TimeFormat] for years of four digits.
func appendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = append(appendDigits(b, year, 4), '-')
	b = append(appendDigits(b, int(month), 2), '-')
	b = append(appendDigits(b, day, 2), 'T')
	b = append(appendDigits(b, hour, 2), ':')
	b = append(appendDigits(b, minute, 2), ':')
	b = append(appendDigits(b, second, 2), '.')
	return append(appendDigits(b, t.Nanosecond()/int(time.Millisecond), 3), 'Z')
}

func appendDigits(b []byte, n, width int) []byte {
	at := len(b) + width
	b = append(b, "0000"[:width]...)
	for i := at - 1; n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

const hexDigits = "0123456789abcdef"

// quote writes s as a JSON string: what is no UTF-8 as U+FFFD, and the line
// separators U+2028 and U+2029, which JavaScript does not take, as escapes.
func (e *encoder) quote(s string) {
	b := append(e.b, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' && !(e.html && (c == '<' || c == '>' || c == '&')) {
			i++
			continue
		}
		r, size := rune(c), 1
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
			if isBad := r == utf8.RuneError && size == 1; !isBad && r != '\u2028' && r != '\u2029' {
				i += size
				continue
			}
		}
		b = appendEscape(append(b, s[done:i]...), r)
		i += size
		done = i
	}
	b = append(b, s[done:]...)
	e.b = append(b, '"')
}

// appendEscape writes a character of the basic plane as the shortest escape.
func appendEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
