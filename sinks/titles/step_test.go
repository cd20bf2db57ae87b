package titles_test

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/titles"
)

// TestRead: whatever another program puts into a payload, the event is a step of
// its request, under the names of the envelope.
func TestRead(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	for _, c := range []struct{ name, more, want string }{
		{"nothing more", ``, ``},
		{"names that are the step's own", `,"seq":"x","eventId":7,"type":{},"at":"noon","causedBy":1,"isTest":"no","tenant":3,"channel":[],"channelPlatform":{}`, ``},
		{"context", `,"context":{"chat":{"messages":3}}`, `"context": {"chat": {"messages": {"$numberInt":"3"}}}`},
		{"a number that BSON has not", `,"context":{"n":12345678901234567890}`, `"context": {"n": "12345678901234567890"},"inexact": ["n"]`},
		{"a context that is no document everywhere", `,"context":{"a.b":1,"$x":2}`, `"contextJson": "{\"a.b\":1,\"$x\":2}"`},
		{"a context that is none", `,"context":["soup"]`, `"contextJson": "[\"soup\"]"`},
		{"no context", `,"context":null`, ``},
		{"a deep context", `,"context":` + deep, `"contextJson": "{\"a\":{`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := event(t, 9, schema.TitleRequested, "r1", c.more)
			s, id, err := titles.Read(r)
			if err != nil || id != "r1" || s.Seq != 9 || s.EventID != "e-9" || s.Type != schema.TitleRequested || s.Tenant != "duck" || s.Channel != "pond" || s.IsTest || len(s.CausedBy) != 1 {
				t.Fatalf("%q %+v, %v", id, s, err)
			}
			doc, err := bson.Marshal(titles.Fold("r1", []titles.Step{s}))
			if err != nil {
				t.Fatal(err)
			}
			if text := bson.Raw(doc).String(); !strings.Contains(text, c.want) {
				t.Errorf("%s\nlacks %s", text, c.want)
			}
			// A document that is read back folds to the same.
			var back titles.Title
			if err := bson.Unmarshal(doc, &back); err != nil {
				t.Fatal(err)
			}
			if again, err := bson.Marshal(titles.Fold("r1", back.Steps)); err != nil || string(again) != string(doc) {
				t.Errorf("read back it is %s, %v", bson.Raw(again), err)
			}
		})
	}
}

// TestStepOfAKindToCome: a newer program's event is a step and moves nothing.
func TestStepOfAKindToCome(t *testing.T) {
	var steps []titles.Step
	for i, kind := range []schema.Type{schema.TitleRequested, schema.TitleSuggested, "title.admired"} {
		s, _, err := titles.Read(event(t, uint64(i+1), kind, "r1", ""))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, s)
	}
	if got := titles.Fold("r1", steps); got.State != "suggested" || len(got.Steps) != 3 || got.Seq != 3 {
		t.Errorf("%s, %d steps, seq %d", got.State, len(got.Steps), got.Seq)
	}
}
