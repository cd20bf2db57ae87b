package streamerbot

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// cursor walks JSON text once, from value to value. The text passed CheckJSON
// before, so nothing is checked again, and what it reads aliases the text.
type cursor struct {
	json string
	// at is the next byte: a value's first wherever a method begins that reads one.
	at int
}

// setter is what a member's value is read into. set leaves the cursor behind
// the value.
type setter interface{ set(c *cursor) }

// fields is a struct that reads its members by their exact names; nil for a
// name it does not know.
type fields interface{ field(name string) setter }

// read is the function [read] by a cursor, which it sets up anew.
func (c *cursor) read(value []byte, to fields) bool {
	if len(value) == 0 || value[0] != '{' {
		return false
	}
	*c = cursor{json: string(value)}
	c.fill(to)
	return true
}

// fill reads an object's members into a struct.
func (c *cursor) fill(to fields) {
	for name, more := c.member(); more; name, more = c.member() {
		if s := to.field(name); s != nil {
			s.set(c)
		} else {
			c.skip()
		}
	}
}

// member goes to the value of an object's next member: its first one at the
// opening brace. After the last one it leaves the object and gives false.
func (c *cursor) member() (name string, more bool) {
	if !c.element('}') {
		return "", false
	}
	name = c.text()
	c.space()
	c.at++ // the colon
	c.space()
	return name, true
}

// element goes to an array's next value in the way of member.
func (c *cursor) element(closing byte) bool {
	c.space()
	if c.json[c.at] != closing {
		c.at++ // the opening bracket, or a comma
		c.space()
	}
	if c.json[c.at] == closing {
		c.at++
		return false
	}
	return true
}

// kind is a value's first byte; '0' for all numbers.
func (c *cursor) kind() byte {
	k := c.json[c.at]
	if k == '-' || k >= '0' && k <= '9' {
		return '0'
	}
	return k
}

func (c *cursor) space() {
	for c.at < len(c.json) && c.json[c.at] <= ' ' {
		c.at++
	}
}

// text reads a string.
func (c *cursor) text() string {
	start := c.at
	c.skipText()
	quoted := c.json[start:c.at]
	inner := quoted[1 : len(quoted)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	// An error here can only be a lone surrogate, which AppendUnquote replaces.
	b, _ := jsontext.AppendUnquote(nil, quoted)
	return string(b)
}

// value is a value as it stands.
func (c *cursor) value() string {
	start := c.at
	c.skip()
	return c.json[start:c.at]
}

// skip passes one value.
func (c *cursor) skip() {
	switch c.kind() {
	case '"':
		c.skipText()
	case '{', '[':
		c.skipNested()
	default:
		if n := strings.IndexAny(c.json[c.at:], ",]} \t\r\n"); n >= 0 {
			c.at += n
		} else {
			c.at = len(c.json)
		}
	}
}

func (c *cursor) skipText() {
	for c.at++; c.json[c.at] != '"'; c.at++ {
		if c.json[c.at] == '\\' {
			c.at++
		}
	}
	c.at++
}

func (c *cursor) skipNested() {
	for depth := 0; ; {
		switch c.json[c.at] {
		case '"':
			c.skipText()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		c.at++
		if depth == 0 {
			return
		}
	}
}
