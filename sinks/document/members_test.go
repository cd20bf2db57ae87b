package document_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"promethean/sinks/document"
)

// FuzzMembers: where Members is sure, encoding/json says the same.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{
		`{"data":{"a":1},"x":[{"data":2}]}`, `{"data":1,"data":2}`, `{"Data":1}`, `{"d\u0061ta":1}`, `{"data":null}`, ` {"data":1}`,
		`{}`, `[]`, `null`, `{"user":{},"data" : [1] , "more":"ü"}`, `{"u\u017fer":1,"uſer":2}`, `{"data":1}}`, `{"data":tru}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, object []byte) {
		got, sure := document.Members(object, "data", "user")
		if !sure {
			return
		}
		var want struct {
			Data json.RawMessage `json:"data"`
			User json.RawMessage `json:"user"`
		}
		if err := json.Unmarshal(object, &want); err != nil {
			t.Fatalf("%s: %v", object, err)
		}
		if !bytes.Equal(got[0], want.Data) || !bytes.Equal(got[1], want.User) {
			t.Errorf("%s: %q, want %q and %q", object, got, want.Data, want.User)
		}
	})
}
