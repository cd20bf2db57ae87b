package streamerbot

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types of this file are read in two ways: by a cursor where T has [fields],
// as all that chat and [common] are made of, and by the library elsewhere.

// into fills v, a pointer to a struct with [fields], from an object.
func (c *cursor) into(v any) {
	if to, ok := v.(fields); ok {
		c.fill(to)
	} else {
		c.skip()
	}
}

// object is a JSON object read as T; has says whether there was one, there
// whether the member stood there at all.
type object[T any] struct {
	there, has bool
	v          T
}

func (o *object[T]) set(c *cursor) {
	*o = object[T]{there: true}
	if c.kind() != '{' {
		c.skip()
		return
	}
	o.has = true
	c.into(&o.v)
}

func (o *object[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*o = object[T]{there: true}
	if d.PeekKind() != '{' {
		return d.SkipValue()
	}
	o.has = true
	return json.UnmarshalDecode(d, &o.v)
}

// objects is a JSON array of which the elements that are objects are read as T,
// and no more than maxList of them: the frame itself is kept whole anyway.
type objects[T any] []T

const maxList = 1000

// usualList is how many badges or emotes most lines have at most.
const usualList = 4

func (l *objects[T]) set(c *cursor) {
	*l = nil
	if c.kind() != '[' {
		c.skip()
		return
	}
	for c.element(']') {
		if c.kind() != '{' || len(*l) == maxList {
			c.skip()
			continue
		}
		if *l == nil {
			*l = make([]T, 0, usualList)
		}
		*l = append(*l, *new(T))
		c.into(&(*l)[len(*l)-1])
	}
}

func (l *objects[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*l = nil
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		if d.PeekKind() != '{' || len(*l) == maxList {
			if err := d.SkipValue(); err != nil {
				return err
			}
			continue
		}
		var v T
		if err := json.UnmarshalDecode(d, &v); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	_, err := d.ReadToken()
	return err
}

// textOrObject is a member that is a string in one version and an object in
// another: Twitch's and YouTube's message.
type textOrObject[T any] struct {
	text text
	object[T]
}

func (m *textOrObject[T]) set(c *cursor) {
	if c.kind() == 'n' {
		m.there = true
		c.skip()
		return
	}
	*m = textOrObject[T]{}
	m.there = true
	if c.kind() == '{' {
		m.object.set(c)
	} else {
		m.text.set(c)
	}
}

func (m *textOrObject[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == 'n' {
		m.there = true
		return d.SkipValue()
	}
	*m = textOrObject[T]{}
	m.there = true
	if d.PeekKind() == '{' {
		return m.object.UnmarshalJSONFrom(d)
	}
	return m.text.UnmarshalJSONFrom(d)
}

// verbatim is a value as it stands, to be read only where it is needed.
type verbatim string

func (v *verbatim) set(c *cursor) { *v = verbatim(c.value()) }

func (v verbatim) parts() (all objects[part]) {
	if v != "" {
		all.set(&cursor{json: string(v)})
	}
	return all
}
