package chat

import (
	"bytes"
	"testing"

	convert "promethean/sinks/document"
)

// FuzzBadges: the badges of a frame's data are the same by both ways.
func FuzzBadges(f *testing.F) {
	for _, s := range []string{
		`{"user":{"badges":[{"name":"a<b"}]},"message":{"badges":[1]}}`, `{"message": {"badges" : [ ] }}`, `{"user":{"badges":null},"message":{"badges":[{}]}}`,
		`{"user":{"badges":{}},"message":"text"}`, `{"user":{"Badges":[1]}}`, `{"user":{"badges":[1],"badges":[2]}}`, `[1]`, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, want := bsonOf(rawBadges(data)), bsonOf(slowBadges(data))
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	})
}

// bsonOf is what becomes of an array; nil for none.
func bsonOf(array []byte) []byte {
	if array == nil {
		return nil
	}
	doc, _, err := convert.Append(nil, append(append([]byte(`{"badges":`), array...), '}'))
	if err != nil {
		return []byte(err.Error()[:1])
	}
	return doc
}
