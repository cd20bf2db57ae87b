package streamerbot

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"promethean/schema"
)

// TestTypeNames has a golden line for every type that is known of Streamer.bot
// (testdata/types.txt: the official client's list of 2026, what only servers
// know, what old servers called it): its name as a pass-through, and what it
// becomes where it is read.
func TestTypeNames(t *testing.T) {
	list, err := os.ReadFile("testdata/types.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	taken := map[schema.Type]string{}
	for frame := range strings.Lines(string(list)) {
		frame = strings.TrimSpace(frame)
		source, kind, _ := strings.Cut(frame, ".")
		name := passThroughType(source, kind)
		if other, ok := taken[name]; ok && !strings.EqualFold(other, frame) {
			t.Errorf("%s and %s are both %s", other, frame, name)
		}
		taken[name] = frame
		fmt.Fprintf(&got, "%s\t%s", frame, name)
		if r, ok := lookup(source, kind); ok {
			fmt.Fprintf(&got, "\t%s", strings.TrimSpace(string(r.becomes)+" "+string(r.event)))
		}
		got.WriteString("\n")
	}
	golden(t, "../types", []byte(got.String()))
}

// TestTable holds the table against the hand-written meanings, the catalogue
// and the list of types.
func TestTable(t *testing.T) {
	list, err := os.ReadFile("testdata/types.txt")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[schema.EventType]bool{}
	for _, r := range table() {
		t.Run(r.frame, func(t *testing.T) {
			source, kind, _ := strings.Cut(r.frame, ".")
			want(t, strings.TrimSpace(string(r.becomes)+" "+string(r.event)), meanings(source, kind))
			want(t, (r.chat == nil) != (r.read == nil), true)
			_, ok := schema.JSONSchema(r.becomes, schema.CurrentVersion(r.becomes))
			want(t, ok, true)
			if !strings.Contains(strings.ToLower(string(list)), strings.ToLower(r.frame)+"\n") {
				t.Error("no such type is known of Streamer.bot")
			}
			if got, ok := lookup(strings.ToLower(source), strings.ToUpper(kind)); !ok || got.frame != r.frame {
				t.Error("not found in another case")
			}
		})
		kinds[r.event] = true
	}
	want(t, len(rows), len(table()))
	for _, k := range schema.EventTypes() {
		if !kinds[k] {
			t.Errorf("nothing becomes %s", k)
		}
	}
}
