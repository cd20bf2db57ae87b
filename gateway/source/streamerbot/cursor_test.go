package streamerbot

import (
	"bytes"
	"testing"

	"promethean/schema"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// everything reads every member of every object as its text, to the end.
type everything struct{ text text }

func (e *everything) field(string) setter { return e }

func (e *everything) set(c *cursor) {
	switch c.kind() {
	case '{':
		c.fill(e)
	case '[':
		for c.element(']') {
			e.set(c)
		}
	default:
		e.text.set(c)
	}
}

// FuzzCursor: what passed CheckJSON is walked to its end, and skipping a
// value, reading it through and the library agree on where that is.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, ` { "a" : [ 1 , -2.5e+1 , true,false,null ] , "b\"}":{"c":"\\"} } `, `"\ud83c\\"`, `"\ud83d\ude00"`, `1e+5`, `[1e+5,[],{}]`, `{"a":1,"a":{"a":2}}`, `{"\u0061":"]"}`,
	} {
		f.Add([]byte(s))
	}
	for _, frame := range frames(f, "testdata/frames") {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if schema.CheckJSON(b) != nil {
			return
		}
		value := string(bytes.Trim(b, " \t\r\n"))
		skipped, read := cursor{json: value}, cursor{json: value}
		skipped.skip()
		new(everything).set(&read)
		if skipped.at != len(value) || read.at != len(value) {
			t.Fatalf("skipped to %d, read to %d of %d in %q", skipped.at, read.at, len(value), value)
		}
		if value[0] != '"' {
			return
		}
		want, _ := jsontext.AppendUnquote(nil, value)
		if got := unquote(value); got != string(want) {
			t.Errorf("%s reads as %q, not %q", value, got, want)
		}
	})
}

// TestBothWaysReadAlike: a cursor and the library read one member alike, whatever
// stands there.
func TestBothWaysReadAlike(t *testing.T) {
	values := []string{
		`null`, `true`, `false`, `0`, `-1`, `3.0`, `1e2`, `1e400`, `""`, `"x"`, `"TRUE"`, `"0"`, `"7"`, `"\ud800é\u0041"`, `[]`, `[1,{"text":"a"},null,{"text":7}]`,
		`{}`, `{"text":"a","text":null}`, `{"text":{"text":"b"}}`, `{"other":[{"}":"]"}],"text":"a"}`,
	}
	type ways struct {
		Text    text               `json:"text"`
		Boolean boolean            `json:"boolean"`
		Count   count              `json:"count"`
		Object  object[part]       `json:"object"`
		Objects objects[part]      `json:"objects"`
		Either  textOrObject[part] `json:"either"`
	}
	for _, name := range []string{"text", "boolean", "count", "object", "objects", "either"} {
		for _, first := range values {
			for _, last := range values {
				var byLibrary, byCursor ways
				doubled := `{"` + name + `":` + first + `,"` + name + `":` + last + `}`
				if !read([]byte(doubled), &byLibrary) {
					t.Fatalf("%s is not read", doubled)
				}
				c := cursor{json: doubled}
				for at, more := c.member(); more; at, more = c.member() {
					map[string]setter{
						"text": &byCursor.Text, "boolean": &byCursor.Boolean, "count": &byCursor.Count,
						"object": &byCursor.Object, "objects": &byCursor.Objects, "either": &byCursor.Either,
					}[at].set(&c)
				}
				if diff := cmp.Diff(byLibrary, byCursor, cmp.AllowUnexported(boolean{}, object[part]{}, textOrObject[part]{})); diff != "" {
					t.Errorf("%s: (-library +cursor):\n%s", doubled, diff)
				}
			}
		}
	}
}
