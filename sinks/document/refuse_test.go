package document

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

func TestRefused(t *testing.T) {
	tests := []struct {
		name string
		json string
		want Reason
		at   int
	}{
		{"array", `[1]`, NotObject, 0},
		{"string", ` "a"`, NotObject, 1},
		{"number", `-1`, NotObject, 0},
		{"null", `null`, NotObject, 0},
		{"91 objects", nested(91), TooDeep, 5 * 90},
		{"array in 90 objects", strings.Replace(nested(90), "{}", `{"b":[]}`, 1), TooDeep, 5*89 + 5},
		{"a million objects, unfinished", strings.Repeat(`{"a":`, 1e6), TooDeep, 5 * 90},
		{"a million brackets", `{"a":` + strings.Repeat(`[`, 1e6), NestedArray, 6},
		{"array in an array", `{"a":[[]]}`, NestedArray, 6},
		{"array in an array, later", `{"a":[1,{"b":[2]},[3]]}`, NestedArray, 18},
		{"empty key", `{"a":1,"":2}`, EmptyKey, 7},
		{"key with a dot", `{"a.b":1}`, DottedKey, 1},
		{"key with an escaped dot", `{"a\u002eb":1}`, DottedKey, 1},
		{"key that starts with a dollar", `{"a":{"$date":"hello"}}`, DollarKey, 6},
		{"key that starts with an escaped dollar", `{"\u0024a":1}`, DollarKey, 1},
		{"key with a NUL", `{"a\u0000":1}`, NULKey, 1},
		{"key that is a NUL", `{"\u0000":1}`, NULKey, 1},
		{"doubled key", `{"a":1,"b":2,"a":3}`, DoubledKey, 13},
		{"doubled key, spelled otherwise", `{"a":1,"\u0061":2}`, DoubledKey, 7},
		{"doubled key around an object", `{"a":{"a":1},"a":{}}`, DoubledKey, 13},
		{"doubled key in the inner object", `{"x":1,"a":{"b":1,"b":2}}`, DoubledKey, 18},
		{"doubled key in an array", `{"v":[{"b":1},{"b":1,"b":2}]}`, DoubledKey, 21},
		{"invalid UTF-8 in a string", "{\"a\":\"x\xff\"}", InvalidUTF8, 6},
		{"cut UTF-8 before the quote", "{\"a\":\"\xf0\x9f\x98\"}", InvalidUTF8, 6},
		{"cut UTF-8 before an escape", "{\"a\":\"\xc3\\n\"}", InvalidUTF8, 6},
		{"overlong UTF-8", "{\"a\":\"\xc0\x80\"}", InvalidUTF8, 6},
		{"surrogate as UTF-8", "{\"a\":\"\xed\xa0\x80\"}", InvalidUTF8, 6},
		{"invalid UTF-8 in a key", "{\"\xff\":1}", InvalidUTF8, 2},
		{"high surrogate alone", `{"a":"\ud800"}`, LoneSurrogate, 6},
		{"low surrogate alone", `{"a":"\udc00\ud800"}`, LoneSurrogate, 6},
		{"high surrogate before a letter", `{"a":"\udbff\u0041"}`, LoneSurrogate, 6},
		{"two high surrogates", `{"a":"\ud800\ud800"}`, LoneSurrogate, 6},
		{"high surrogate before plain text", `{"a":"\ud800abcdef"}`, LoneSurrogate, 6},
		{"lone surrogate in a key", `{"\ud800":1}`, LoneSurrogate, 2},
		{"two low surrogates", `{"a":"\udc00\udfff"}`, LoneSurrogate, 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _, err := Append([]byte{}, []byte(tt.json))
			var refused *NotDocumentError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a NotDocumentError", err)
			}
			if refused.Reason != tt.want || refused.Offset != tt.at {
				t.Errorf("got %q at %d, want %q at %d", refused.Reason, refused.Offset, tt.want, tt.at)
			}
			if len(doc) != 0 {
				t.Errorf("left %d bytes", len(doc))
			}
		})
	}
}

func TestSyntax(t *testing.T) {
	tests := []string{
		``, ` `, `x`, "\ufeff{}", "\x00", `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,}`, `{a:1}`,
		`{'a':1}`, `{"a" 1}`, `{"a":1 "b":2}`, `{"a":1]`, `{"a":[1}`, `{"a":[1,]}`, `{"a":[,1]}`, `{"a":[`, `{"a":[1`,
		`{"a":}`, `{}{}`, `{} x`, "{}\x00", `{}]`, `{"a":tru}`, `{"a":truE}`, `{"a":falsy}`, `{"a":nul`, `{"a":NaN}`,
		`{"a":Infinity}`, `{"a":01}`, `{"a":-}`, `{"a":+1}`, `{"a":.5}`, `{"a":1.}`, `{"a":1.e1}`, `{"a":1e}`,
		`{"a":1e+}`, `{"a":-01}`, `{"a":0x10}`, `{"a":1_0}`, `{"a":--1}`, `{"a":1.5.5}`, `{"a":"`, `{"a":"\`,
		`{"a":"\u`, `{"a":"\u12`, `{"a":"\u12"}`, `{"a":"\u12g4"}`, `{"a":"\x41"}`, `{"a":"\U0041"}`, `{"a":"\ `,
		"{\"a\":\"\n\"}", "{\"a\":\"\x00\"}", "{\"a\":\"\x1f\"}", "{\"\t\":1}", `{"a":"\'"}`, `{/**/}`, "{\v}", "{\u00a0}",
	}
	for _, json := range tests {
		t.Run(fmt.Sprintf("%q", json), func(t *testing.T) {
			_, _, err := Append(nil, []byte(json))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("got %v, want a SyntaxError", err)
			}
			if syntax.Offset < 0 || syntax.Offset > len(json) {
				t.Errorf("offset %d of %d bytes", syntax.Offset, len(json))
			}
		})
	}
}

func TestDeepest(t *testing.T) {
	doc, _, err := Append(nil, []byte(nested(MaxDepth)))
	if err != nil {
		t.Fatal(err)
	}
	if err := bson.Raw(doc).Validate(); err != nil {
		t.Error(err)
	}
}

// nested returns n objects one in another.
func nested(n int) string {
	return strings.Repeat(`{"a":`, n-1) + `{}` + strings.Repeat(`}`, n-1)
}
