package ailicia

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"promethean/gateway/simulator/internal/evening"
)

var update = flag.Bool("update", false, "write the golden file")

var start = time.Date(2026, 3, 4, 19, 0, 0, 0, time.UTC)

// retold tells an evening of so many moments, one a second, and gives the frames and their events.
func retold(seed uint64, shape evening.Shape, moments int) (frames [][]byte, events []event) {
	show := evening.New(evening.Options{Seed: seed, Start: start, Shape: shape, Kick: true})
	t := newTeller(seed, start)
	for i := range moments {
		at := start.Add(time.Duration(i) * time.Second)
		for _, frame := range show.Next(at) {
			frames = append(frames, frame)
			events = append(events, t.tell(frame, at)...)
		}
	}
	return frames, events
}

func lines(events []event) []byte {
	var b bytes.Buffer
	for _, e := range events {
		b.WriteString(e.name + " " + string(e.data) + "\n")
	}
	return b.Bytes()
}

// The same seed and times give the same events on any machine.
func TestGolden(t *testing.T) {
	const file = "testdata/evening.txt"
	_, events := retold(1, evening.Flat, 130)
	got := lines(events)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Error(diff)
	}
	if _, other := retold(2, evening.Flat, 130); bytes.Equal(lines(other), got) {
		t.Error("another seed tells the same")
	}
}

// decoded is an event as a client reads it.
type decoded struct {
	ID, Type, Version, Timestamp string
	Channel                      Channel
	Stream                       *stream
	Payload                      map[string]any
	Meta                         map[string]any
}

func decode(t *testing.T, e event) (d decoded) {
	t.Helper()
	if err := json.Unmarshal(e.data, &d); err != nil {
		t.Fatalf("%s: %v", e.data, err)
	}
	return d
}

// Whatever server the frames are of, an evening has all types, versions missing and there, each optional
// field missing and there, each nullable one null, and ids of their own.
func TestEverythingComes(t *testing.T) {
	for name, shape := range map[string]evening.Shape{"flat": evening.Flat, "both": evening.Both, "nested": evening.Nested} {
		t.Run(name, func(t *testing.T) {
			_, events := retold(3, shape, 1100)
			seen := map[string]int{}
			ids := map[string]bool{}
			for _, e := range events {
				d := decode(t, e)
				seen[d.Type]++
				seen["version "+d.Version]++
				seen[d.Channel.Platform]++
				if ids[d.ID] || d.Type != e.name || d.Channel.ID != e.channel || d.ID != e.id {
					t.Errorf("%s: a doubled id, or not what the stream says", e.data)
				}
				ids[d.ID] = true
				if kind, _ := d.Payload["eventType"].(string); d.Type == "channel.event" {
					seen[kind]++
				}
				for _, problem := range checkPayload(d, seen) {
					t.Errorf("%s: %s", e.data, problem)
				}
			}
			want := append(Types(), Undocumented, "version ", "version "+Version, "TWITCH", "YOUTUBE", "KICK",
				"FOLLOW", "SUBSCRIPTION", "CHEER", "RAID", "SUPER_CHAT")
			for _, what := range append(want, coverage()...) {
				if seen[what] == 0 {
					t.Errorf("no %s in %d events", what, len(events))
				}
			}
		})
	}
}

// Most of what Streamer.bot sees is told again, some of it under the same id.
func TestSameEvening(t *testing.T) {
	frames, events := retold(1, evening.Flat, 900)
	theirs := map[string]string{} // texts by id
	texts := map[string]int{}
	chat := 0
	for _, frame := range frames {
		f, ok := readFact(frame)
		if ok && f.kind == "chat" {
			theirs[f.id] = f.text
			texts[f.platform+f.username+f.text]++
			chat++
		}
	}
	var sameID, otherID, strange, captions int
	for _, e := range events {
		d := decode(t, e)
		if d.Type != "chat.message" {
			continue
		}
		key := d.Payload["platform"].(string) + d.Payload["username"].(string) + d.Payload["message"].(string)
		switch text, same := theirs[d.Payload["id"].(string)]; {
		case d.Payload["isCaption"] == true:
			captions++
		case same && text == d.Payload["message"]:
			sameID++
		case texts[key] > 0:
			otherID++
		case !strings.HasPrefix(d.Payload["message"].(string), "Cheer"):
			strange++
		}
	}
	if chat < 500 || sameID < chat*4/10 || otherID < chat*2/10 || sameID+otherID > chat*9/10 || strange > chat/50 || captions < 20 {
		t.Errorf("of %d lines %d came under the same id, %d under another; %d nobody said; %d captions", chat, sameID, otherID, strange, captions)
	}
}

// A frame that is none, or of nobody, or of a platform that ai_licia does not know, tells nothing.
func TestNoFact(t *testing.T) {
	for _, tt := range []struct{ name, frame string }{
		{"no JSON", `{`},
		{"no event", `{"data":{}}`},
		{"Trovo", `{"event":{"source":"Trovo","type":"ChatMessage"},"data":{"user":{"name":"a"},"messageId":"1","text":"x"}}`},
		{"nobody", `{"event":{"source":"Twitch","type":"Follow"},"data":{}}`},
		{"no text", `{"event":{"source":"Twitch","type":"ChatMessage"},"data":{"user":{"name":"a"},"messageId":"1"}}`},
		{"data of another kind", `{"event":{"source":"Twitch","type":"ChatMessage"},"data":[1]}`},
		{"a bomb's gift", `{"event":{"source":"Twitch","type":"GiftSub"},"data":{"user":{"name":"a"},"recipient":{"name":"b"},"fromCommunitySubGift":true}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f, ok := readFact([]byte(tt.frame)); ok {
				t.Errorf("read %+v", f)
			}
		})
	}
}
