package streamerbot

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types of this file read a member whatever its JSON type is: Streamer.bot
// changed types between versions, and a wrong one must not cost the rest of
// the frame. What cannot be read as the wanted type is as if it were absent.
// Of doubled keys the last counts that is not null, so each sets its whole value.

// tolerant are the options all reading uses. The bytes passed CheckJSON before,
// so the only invalid UTF-8 left is a lone surrogate written as an escape; it
// reads as U+FFFD.
var tolerant = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// read fills v, a pointer to a struct of tolerant members, from a JSON value
// that passed CheckJSON. It reports whether the value was an object.
func read(value []byte, v any) bool {
	return len(value) > 0 && value[0] == '{' && json.Unmarshal(value, v, tolerant) == nil
}

// folded matches member names whatever their case, underscores and dashes.
var folded = json.JoinOptions(tolerant, json.MatchCaseInsensitiveNames(true))

// readFolded is [read] for the structs of one family, in which sub_tier and
// subTier are one member. Too dear for chat.
func readFolded(value []byte, v any) bool {
	return len(value) > 0 && value[0] == '{' && json.Unmarshal(value, v, folded) == nil
}

// text is a string, or a number's digits as they stand.
type text string

func (t *text) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == 'n' {
		return d.SkipValue() // says nothing: another spelling of the member may
	}
	*t = ""
	switch d.PeekKind() {
	case '"':
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		*t = text(token.String())
		return nil
	case '0':
		value, err := d.ReadValue()
		if err != nil {
			return err
		}
		*t = text(value)
		return nil
	}
	return d.SkipValue()
}

// number is a JSON number that may stand in a text. One over the range of
// float64 is infinite.
func (t text) number() (n float64, ok bool) {
	if t == "" || strings.Trim(string(t), "+-.0123456789eE") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(t), 64)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}

// whole is a whole number, also one written as 3.0 or 3e0. A float counts up
// to 2⁵³, the most up to which it is exact.
func (t text) whole() (n int64, ok bool) {
	if n, err := strconv.ParseInt(string(t), 10, 64); err == nil {
		return n, true
	}
	f, ok := t.number()
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// boolean is a boolean, the words true and false, or a number (0 is false).
type boolean struct{ known, on bool }

func (f *boolean) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	*f = boolean{}
	switch d.PeekKind() {
	case 't', 'f':
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		*f = boolean{true, token.Bool()}
		return nil
	case '"', '0':
		var t text
		if err := t.UnmarshalJSONFrom(d); err != nil {
			return err
		}
		if on, err := strconv.ParseBool(strings.ToLower(string(t))); err == nil {
			*f = boolean{true, on}
		} else if n, ok := t.number(); ok {
			*f = boolean{true, n != 0}
		}
		return nil
	}
	return d.SkipValue()
}

// count is a whole number, also one written as text. Anything else is 0.
type count int64

func (c *count) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if d.PeekKind() == 'n' {
		return d.SkipValue()
	}
	var t text
	if err := t.UnmarshalJSONFrom(d); err != nil {
		return err
	}
	n, _ := t.whole()
	*c = count(n)
	return nil
}

// object is a JSON object read as T; has says whether there was one, there
// whether the member stood there at all.
type object[T any] struct {
	there, has bool
	v          T
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

// first is the first text that is not empty.
func first(texts ...text) string {
	for _, t := range texts {
		if t != "" {
			return string(t)
		}
	}
	return ""
}

// known is the first boolean that was there; the zero one if none was.
func known(flags ...boolean) boolean {
	for _, f := range flags {
		if f.known {
			return f
		}
	}
	return boolean{}
}

// maybe is a text that knows whether it was there: an empty title is another
// fact than none.
type maybe struct {
	known bool
	text  text
}

func (m *maybe) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*m = maybe{known: d.PeekKind() == '"'}
	return m.text.UnmarshalJSONFrom(d)
}

// most is the first number that is not 0, never below 0: counts that a frame
// gives under one of several names.
func most(counts ...count) int64 {
	for _, c := range counts {
		if c > 0 {
			return int64(c)
		}
	}
	return 0
}
