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

func (t *text) set(c *cursor) {
	switch c.kind() {
	case 'n': // says nothing: another spelling of the member may
		c.skip()
	case '"':
		*t = text(c.text())
	case '0':
		*t = text(c.value())
	default:
		*t = ""
		c.skip()
	}
}

func (t *text) UnmarshalJSONFrom(d *jsontext.Decoder) error { return setFrom(d, t) }

// setFrom reads the next value of d as a cursor would.
func setFrom(d *jsontext.Decoder, to setter) error {
	value, err := d.ReadValue()
	if err == nil {
		to.set(&cursor{json: string(value)})
	}
	return err
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

func (f *boolean) set(c *cursor) {
	switch c.kind() {
	case 'n':
		c.skip()
	case 't', 'f':
		*f = boolean{true, c.value() == "true"}
	default:
		var t text
		t.set(c)
		*f = t.boolean()
	}
}

func (f *boolean) UnmarshalJSONFrom(d *jsontext.Decoder) error { return setFrom(d, f) }

// boolean is a boolean that stands in a text.
func (t text) boolean() boolean {
	if t == "" {
		return boolean{}
	}
	if on, err := strconv.ParseBool(strings.ToLower(string(t))); err == nil {
		return boolean{true, on}
	}
	n, ok := t.number()
	return boolean{ok, ok && n != 0}
}

// count is a whole number, also one written as text. Anything else is 0.
type count int64

func (n *count) set(c *cursor) {
	if c.kind() == 'n' {
		c.skip()
		return
	}
	var t text
	t.set(c)
	whole, _ := t.whole()
	*n = count(whole)
}

func (n *count) UnmarshalJSONFrom(d *jsontext.Decoder) error { return setFrom(d, n) }

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
