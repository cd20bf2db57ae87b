package schema

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"
)

// Why bytes are not JSON we keep. A dead letter's reason starts with one.
var (
	ErrJSON  = errors.New("not JSON")
	ErrDepth = fmt.Errorf("JSON nests deeper than %d levels", MaxDepth)
	ErrUTF8  = errors.New("not valid UTF-8")
)

// CheckJSON reports whether b is exactly one JSON value by RFC 8259, in valid
// UTF-8, at most [MaxDepth] levels deep. White space around the value is
// allowed. The error wraps [ErrJSON], [ErrDepth] or [ErrUTF8] and says at
// which byte. It allocates nothing for good input and takes linear time.
//
// Doubled keys, lone surrogates written as escapes and numbers that no float
// can hold are JSON by the letter and pass: the bytes are kept as they came.
func CheckJSON(b []byte) error {
	c := checker{b: b}
	return c.run()
}

// checker walks b once. stack has one bit a level: 1 in an object.
type checker struct {
	b     []byte
	i     int
	depth int
	stack [MaxDepth/64 + 1]uint64
}

func (c *checker) run() error {
	c.space()
	if err := c.value(); err != nil {
		return err
	}
	return c.finish()
}

// finish takes the rest after a value that may have been opened only.
func (c *checker) finish() error {
	for c.depth > 0 {
		if err := c.next(); err != nil {
			return err
		}
	}
	c.space()
	if c.i < len(c.b) {
		return c.fail(ErrJSON, "more after the value")
	}
	return nil
}

// value takes a scalar whole, or an opening bracket with the first member's
// key and start left to next.
func (c *checker) value() error {
	if c.i >= len(c.b) {
		return c.fail(ErrJSON, "ends early")
	}
	switch ch := c.b[c.i]; {
	case ch == '{' || ch == '[':
		return c.open(ch == '{')
	case ch == '"':
		return c.text()
	case ch == '-' || ch >= '0' && ch <= '9':
		return c.number()
	case ch == 't':
		return c.word("true")
	case ch == 'f':
		return c.word("false")
	case ch == 'n':
		return c.word("null")
	}
	return c.fail(ErrJSON, "no value")
}

func (c *checker) open(object bool) error {
	if c.depth == MaxDepth {
		return c.fail(ErrDepth, "")
	}
	word, bit := c.depth/64, uint64(1)<<(c.depth%64)
	c.stack[word] &^= bit
	if object {
		c.stack[word] |= bit
	}
	c.depth++
	c.i++
	c.space()
	if c.i < len(c.b) && c.b[c.i] == closing(object) {
		c.i++
		c.depth--
		return nil
	}
	return c.member(object)
}

// next takes what follows a finished member: the closing bracket, or a comma
// and another member.
func (c *checker) next() error {
	object := c.stack[(c.depth-1)/64]&(1<<((c.depth-1)%64)) != 0
	c.space()
	if c.i >= len(c.b) {
		return c.fail(ErrJSON, "ends early")
	}
	switch c.b[c.i] {
	case closing(object):
		c.i++
		c.depth--
		return nil
	case ',':
		c.i++
		c.space()
		return c.member(object)
	}
	return c.fail(ErrJSON, "no comma or closing bracket")
}

// member takes a key and colon where they belong, then starts the value. Its
// recursion (value, open, member) is bounded by MaxDepth.
func (c *checker) member(object bool) error {
	if object {
		if _, err := c.key(); err != nil {
			return err
		}
	}
	return c.value()
}

// key takes a key, its colon and the white space behind it, and gives the key as
// written.
func (c *checker) key() ([]byte, error) {
	if !c.at('"') {
		return nil, c.fail(ErrJSON, "no key")
	}
	start := c.i
	if err := c.text(); err != nil {
		return nil, err
	}
	key := c.b[start:c.i]
	c.space()
	if !c.at(':') {
		return nil, c.fail(ErrJSON, "no colon")
	}
	c.i++
	c.space()
	return key, nil
}

// plain is how many bytes b begins with that stand for themselves in a string:
// ASCII without quotes, backslashes and controls.
func plain(b []byte) (n int) {
	const each, high = 0x0101010101010101, 0x8080808080808080
	for ; len(b)-n >= 8; n += 8 {
		// Eight at once: what is none of them has its highest bit set here, and
		// may set one of a later byte by a borrow, never of an earlier.
		w := binary.LittleEndian.Uint64(b[n:])
		odd := (w | (w - each*' ') | ((w ^ each*'"') - each) | ((w ^ each*'\\') - each)) & high
		if odd != 0 {
			return n + bits.TrailingZeros64(odd)/8
		}
	}
	for n < len(b) && b[n] >= ' ' && b[n] < utf8.RuneSelf && b[n] != '"' && b[n] != '\\' {
		n++
	}
	return n
}

func (c *checker) text() error {
	for c.i++; c.i < len(c.b); {
		c.i += plain(c.b[c.i:])
		if c.i == len(c.b) {
			break
		}
		switch ch := c.b[c.i]; {
		case ch == '"':
			c.i++
			return nil
		case ch == '\\':
			if err := c.escape(); err != nil {
				return err
			}
		case ch < ' ':
			return c.fail(ErrJSON, "control character in a string")
		default:
			r, size := utf8.DecodeRune(c.b[c.i:])
			if r == utf8.RuneError && size == 1 {
				return c.fail(ErrUTF8, "")
			}
			c.i += size
		}
	}
	return c.fail(ErrJSON, "string without an end")
}

func (c *checker) escape() error {
	c.i++
	if c.i >= len(c.b) {
		return c.fail(ErrJSON, "ends early")
	}
	switch c.b[c.i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		c.i++
		return nil
	case 'u':
		for n := 1; n <= 4; n++ {
			if c.i+n >= len(c.b) || !hexDigit(c.b[c.i+n]) {
				return c.fail(ErrJSON, "bad \\u escape")
			}
		}
		c.i += 5
		return nil
	}
	return c.fail(ErrJSON, "bad escape")
}

func (c *checker) number() error {
	if c.at('-') {
		c.i++
	}
	switch {
	case c.at('0'):
		c.i++
	case !c.digits():
		return c.fail(ErrJSON, "bad number")
	}
	if c.at('.') {
		c.i++
		if !c.digits() {
			return c.fail(ErrJSON, "bad number")
		}
	}
	if c.at('e') || c.at('E') {
		c.i++
		if c.at('+') || c.at('-') {
			c.i++
		}
		if !c.digits() {
			return c.fail(ErrJSON, "bad number")
		}
	}
	return nil
}

func (c *checker) at(ch byte) bool { return c.i < len(c.b) && c.b[c.i] == ch }

func (c *checker) digits() bool {
	start := c.i
	for c.i < len(c.b) && c.b[c.i] >= '0' && c.b[c.i] <= '9' {
		c.i++
	}
	return c.i > start
}

func (c *checker) word(w string) error {
	if len(c.b)-c.i < len(w) || string(c.b[c.i:c.i+len(w)]) != w {
		return c.fail(ErrJSON, "no value")
	}
	c.i += len(w)
	return nil
}

func (c *checker) space() {
	for c.i < len(c.b) {
		switch c.b[c.i] {
		case ' ', '\t', '\n', '\r':
			c.i++
		default:
			return
		}
	}
}

func (c *checker) fail(kind error, detail string) error {
	if detail == "" {
		return fmt.Errorf("%w (at byte %d)", kind, c.i)
	}
	return fmt.Errorf("%w: %s (at byte %d)", kind, detail, c.i)
}

func closing(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
