package streamerbot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"promethean/schema"
)

// TestMutations drops, nulls and retypes every member of every frame in turn:
// what is left is the same fact with less said, or is passed through. Only
// chat without text and id is refused, and a frame whose event is broken.
func TestMutations(t *testing.T) {
	for name, frame := range frames(t, "testdata/frames") {
		if i := strings.LastIndexByte(name, '-'); i > 0 && name[i+1:] >= "2" && name[i+1:] <= "9" {
			continue // a second recording of the same shape
		}
		t.Run(name, func(t *testing.T) {
			var f struct {
				TimeStamp json.RawMessage `json:"timeStamp"`
				Event     json.RawMessage `json:"event"`
				Data      any             `json:"data"`
			}
			if err := json.Unmarshal(frame, &f); err != nil {
				t.Fatal(err)
			}
			mutate(f.Data, func(what string) {
				mutant, err := json.Marshal(f)
				if err != nil {
					t.Fatal(err)
				}
				survives(t, name, what, mutant)
			})
		})
	}
}

// mutate calls try after each change and takes the change back. Values of all
// JSON types are put in a member's place; an array's elements are reached
// through its first.
func mutate(data any, try func(what string)) {
	for _, m := range members(data, "") {
		was := m.in[m.name]
		delete(m.in, m.name)
		try("without " + m.path)
		for _, other := range []any{nil, true, -7.5, "x", "9007199254740993", []any{"x", nil, map[string]any{}}, map[string]any{"id": 7, "name": []any{}}} {
			m.in[m.name] = other
			try(fmt.Sprintf("%s is %v", m.path, other))
		}
		m.in[m.name] = was
	}
}

type member struct {
	in         map[string]any
	name, path string
}

func members(value any, path string) []member {
	var all []member
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			at := path + "." + name
			all = append(all, member{v, name, at})
			all = append(all, members(inner, at)...)
		}
	case []any:
		if len(v) > 0 {
			all = members(v[0], path+"[0]")
		}
	}
	return all
}

func survives(t *testing.T, name, what string, mutant []byte) {
	t.Helper()
	d, ignored := Normalise(mutant, testFacts())
	if ignored {
		t.Fatalf("%s: ignored", what)
	}
	source, rest, _ := strings.Cut(name, ".")
	kind, _, _ := strings.Cut(rest, ".")
	meaning := meanings(source, kind)
	if d.Refusal != nil {
		if meaning != string(schema.ChatMessage) || d.Refusal.Reason != errNothing.Error() {
			t.Fatalf("%s: refused: %s", what, d.Refusal.Reason)
		}
		return
	}
	got := said(t, d.Type, d.Payload)
	isBan := got == string(schema.ChatUserBanned) || got == string(schema.ChatUserTimedOut)
	if got != meaning && got != string(passThroughType(source, kind)) && !isBan {
		t.Errorf("%s: became %s", what, got)
	}
	conforms(t, d.Type, d.Payload)
	if t.Failed() {
		t.Fatalf("%s: %s", what, d.Payload)
	}
}
