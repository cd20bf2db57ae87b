package document

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

func TestAppendField(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      bson.D
		inexact   []string
	}{
		{"an object is a document", `{"a":1}`, bson.D{{Key: "raw", Value: bson.D{{Key: "a", Value: int32(1)}}}}, nil},
		{"a dotted key is text", `{"obs.id": 1}`, bson.D{{Key: "rawJson", Value: `{"obs.id": 1}`}}, nil},
		{"a doubled key is text", `{"a":1,"a":2}`, bson.D{{Key: "rawJson", Value: `{"a":1,"a":2}`}}, nil},
		{"an array is text", `[1]`, bson.D{{Key: "rawJson", Value: `[1]`}}, nil},
		{"a string is text", `"boss down"`, bson.D{{Key: "rawJson", Value: `"boss down"`}}, nil},
		{"a lone surrogate is text", `{"a":"\ud800"}`, bson.D{{Key: "rawJson", Value: `{"a":"\ud800"}`}}, nil},
		{"an inexact number is named", `{"a":{"b":1e400}}`, bson.D{{Key: "raw", Value: bson.D{{Key: "a", Value: bson.D{{Key: "b", Value: "1e400"}}}}}}, []string{"raw.a.b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, b := bsoncore.AppendDocumentStart(nil)
			b, inexact, err := AppendField(b, "raw", []byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			if b, err = bsoncore.AppendDocumentEnd(b, at); err != nil {
				t.Fatal(err)
			}
			var got bson.D
			if err := bson.Unmarshal(b, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.inexact, inexact); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAppendFieldRefuses(t *testing.T) {
	for _, c := range []struct{ name, src string }{
		{"what is not JSON", `{"a":`},
		{"what is not UTF-8", "{\"a\":\"\xff\"}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, _, err := AppendField([]byte("kept"), "raw", []byte(c.src))
			if err == nil || string(out) != "kept" {
				t.Errorf("%q, %v", out, err)
			}
			var syntax *SyntaxError
			var not *NotDocumentError
			if !errors.As(err, &syntax) && !errors.As(err, &not) {
				t.Errorf("error is %v", err)
			}
		})
	}
}
