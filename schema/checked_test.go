package schema

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzCheckMembers: the same verdict as CheckJSON in the same words, and all
// members of what passes, byte for byte.
func FuzzCheckMembers(f *testing.F) {
	for _, s := range []string{
		`{}`, ` { } `, `{"a":1}`, " {\t\"a\" : [1,{\"b\":{}}] ,\r\n\"\\u0061\":\"}\" , \"a\":null } ", `[{"a":1}]`, `7`, ``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`,
		`{"a":1,`, `{"a":1,}`, `{"a":1]`, `{"a":[1}`, `{"a":1}}`, `{"a":1} x`, `{"a" 1}`, `{:1}`, `{"\xff":1}`, `{":":":"}`,
		nested(`{"a":`, `1`, `}`, MaxDepth), nested(`{"a":`, `1`, `}`, MaxDepth+1), `{"a":` + nested(`[`, `1`, `]`, MaxDepth) + `}`, `{"a":` + nested(`[`, `1`, `]`, MaxDepth-1) + `}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var again bytes.Buffer
		again.WriteByte('{')
		all, err := CheckMembers(b, func(key []byte, value Checked) {
			if again.Len() > 1 {
				again.WriteByte(',')
			}
			again.Write(key)
			again.WriteByte(':')
			again.Write(value.Bytes())
			if err := CheckJSON(value.Bytes()); err != nil {
				t.Errorf("the value of %s: %v", key, err)
			}
		})
		again.WriteByte('}')
		want := CheckJSON(b)
		if text(err) != text(want) {
			t.Fatalf("%v, and CheckJSON says %v", err, want)
		}
		if err != nil {
			if all.Bytes() != nil {
				t.Error("what failed counts as checked")
			}
			return
		}
		if !all.is(b) {
			t.Error("what passed does not count as checked")
		}
		if firstByte(b) != '{' {
			return
		}
		var first, second bytes.Buffer
		if err := json.Compact(&first, b); err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&second, again.Bytes()); err != nil || first.String() != second.String() {
			t.Errorf("members are %s, not %s: %v", second.Bytes(), first.Bytes(), err)
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestSealBelievesOnlyTheSameBytes: the mark of what was checked is worth
// nothing for other bytes.
func TestSealBelievesOnlyTheSameBytes(t *testing.T) {
	good, err := CheckMembers([]byte(`{"a":1}`), func([]byte, Checked) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		change  func(*Draft)
		refused bool
	}{
		{"as set", func(*Draft) {}, false},
		{"another payload", func(d *Draft) { d.Payload = []byte(`{"a":1`) }, true},
		{"a piece of the payload", func(d *Draft) { d.Payload = d.Payload[:3] }, true},
		{"another raw", func(d *Draft) { d.Raw = []byte(`nonsense`) }, true},
		{"good bytes that were not checked", func(d *Draft) { d.Payload = []byte(`[]`) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := chatDraft()
			d.SetPayload(good)
			d.SetRaw(good)
			tt.change(&d)
			if _, err := Seal(d); (err != nil) != tt.refused {
				t.Errorf("refused %t: %v", tt.refused, err)
			}
		})
	}
}
