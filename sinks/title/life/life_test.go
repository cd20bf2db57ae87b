package life

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// TestRaised: the shapes in which an action's event reaches the log.
func TestRaised(t *testing.T) {
	for _, tt := range []struct {
		name, payload, event, note string
	}{
		{"Custom.Event", `{"eventName":"brain.title","useArgs":true,"args":{"note":"soup"}}`, "brain.title", "soup"},
		{"a broadcast with args", `{"name":"brain.title","args":{"note":"soup"}}`, "brain.title", "soup"},
		{"a flat broadcast", `{"event":"brain.title","note":" soup "}`, "brain.title", "soup"},
		{"a text", `"{\"event\":\"brain.title\",\"note\":\"soup\"}"`, "brain.title", "soup"},
		{"a wrapped text", `{"data":"{\"event\":\"brain.title\",\"note\":\"soup\"}"}`, "brain.title", "soup"},
		{"a number", `{"event":"brain.title","note":7}`, "brain.title", "7"},
		{"a variable that was not filled in", `{"eventName":"brain.title","args":{"note":"%note%"}}`, "brain.title", ""},
		{"no arguments", `{"eventName":"brain.title","useArgs":false,"args":null}`, "brain.title", ""},
		{"another text", `"boss down"`, "", ""},
		{"one name in two cases", `{"event":"brain.title","Note":"first","note":"soup"}`, "brain.title", "first"},
		{"a very long note", `{"event":"brain.title","note":"` + strings.Repeat("ü", 400) + `"}`, "brain.title", strings.Repeat("ü", 300)},
		{"null", `null`, "", ""},
		{"an array", `[1]`, "", ""},
		{"text in text in text", `"\"\\\"x\\\"\""`, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			event, args := raised(json.RawMessage(tt.payload))
			if note := args.text("note"); event != tt.event || note != tt.note {
				t.Errorf("got %q with note %q", event, note)
			}
		})
	}
}

// TestApproving: what brain.approve may say; a mistake approves nothing.
func TestApproving(t *testing.T) {
	for _, tt := range []struct {
		args string
		want *ask
	}{
		{`{}`, &ask{kind: askTake, candidate: 1}},
		{`{"candidate":2}`, &ask{kind: askTake, candidate: 2}},
		{`{"Candidate":" 2 ","suggestionId":"s1"}`, &ask{kind: askTake, candidate: 2}},
		{`{"n":"3","candidate":""}`, &ask{kind: askTake, candidate: 3}},
		{`{"answer":"Yes"}`, &ask{kind: askTake, candidate: 1}},
		{`{"answer":"no","candidate":2}`, &ask{kind: askReject}},
		{`{"answer":"new","note":"about soup"}`, &ask{kind: askNew, note: "about soup"}},
		{`{"title":"Soup, slowly","candidate":"x"}`, &ask{kind: askTake, title: "Soup, slowly"}},
		{`{"candidate":"%candidate%"}`, nil},
		{`{"candidate":"two"}`, nil},
		{`{"candidate":0}`, nil},
		{`{"candidate":-1}`, nil},
		{`{"candidate":1.5}`, nil},
		{`{"answer":"nope"}`, nil},
	} {
		t.Run(tt.args, func(t *testing.T) {
			w := newWorld(t, 1)
			w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.approve", "args": json.RawMessage(tt.args)})
			var got *ask
			for _, a := range w.state.asks {
				got = &ask{kind: a.kind, candidate: a.candidate, title: a.title, note: a.note}
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(ask{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOrders: what a moderator may say.
func TestOrders(t *testing.T) {
	for _, tt := range []struct {
		line string
		want *ask
	}{
		{"!title", &ask{kind: askShow}},
		{"  !TITLE 2 ", &ask{kind: askTake, candidate: 2}},
		{"!title new", &ask{kind: askNew}},
		{"!title new about soup", &ask{kind: askNew, note: "about soup"}},
		{"!title no", &ask{kind: askReject}},
		{"!title set Soup, slowly", &ask{kind: askTake, title: "Soup, slowly"}},
		{"!title lock", &ask{kind: askLock}},
		{"!title unlock", &ask{kind: askUnlock}},
		{"!title no way", nil},
		{"!title 2 3", nil},
		{"!title 0", nil},
		{"!title -1", nil},
		{"!title set", nil},
		{"!title Soup night", nil},
		{"!titles new", nil},
		{"say !title new", nil},
	} {
		t.Run(tt.line, func(t *testing.T) {
			w := newWorld(t, 1)
			w.state.locked = tt.line == "!title unlock"
			w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{Username: "ada", Message: tt.line, Platform: "TWITCH", IsBroadcaster: true})
			var got *ask
			for _, a := range w.state.asks {
				got = &ask{kind: a.kind, candidate: a.candidate, title: a.title, note: a.note}
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(ask{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestOneAsk: a line and the command that Streamer.bot made of it are one.
func TestOneAsk(t *testing.T) {
	w := newWorld(t, 1)
	w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{UserID: "1", Username: "ada", Message: "!title new", Platform: "TWITCH", IsModerator: true})
	w.put(schema.ChatCommand, schema.Twitch, schema.ChatCommandPayload{Username: "Ada", Command: "!title", Message: "new", Platform: "TWITCH", IsModerator: true})
	if len(w.state.asks) != 1 {
		t.Errorf("%d asks", len(w.state.asks))
	}
	w.now = w.now.Add(time.Minute)
	w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{UserID: "1", Username: "ada", Message: "!title new", Platform: "TWITCH", IsModerator: true})
	if len(w.state.asks) != 2 {
		t.Errorf("%d asks after a minute", len(w.state.asks))
	}
}

// TestStreams: which words tell of a stream that is on already.
func TestStreams(t *testing.T) {
	started := func(w *world) { w.put(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: "obs"}) }
	stopped := func(w *world) { w.put(schema.OBSStreamingStopped, schema.OBS, schema.OutputPayload{Software: "obs"}) }
	live := func(w *world) { w.put(schema.ChannelGoLive, schema.Twitch, schema.LivePayload{}) }
	offline := func(w *world) { w.put(schema.ChannelGoOffline, schema.Twitch, schema.LivePayload{}) }
	after := func(d time.Duration) func(*world) { return func(w *world) { w.now = w.now.Add(d) } }
	for _, tt := range []struct {
		name    string
		happens []func(*world)
		want    int
	}{
		{"all tell of one", []func(*world){started, live, started}, 1},
		{"an interruption", []func(*world){started, after(time.Hour), stopped, after(9 * time.Minute), started}, 1},
		{"a pause", []func(*world){started, after(time.Hour), stopped, after(11 * time.Minute), started}, 2},
		{"OBS stops and Twitch goes on", []func(*world){started, live, after(time.Hour), stopped, after(20 * time.Minute), started}, 1},
		{"all stop", []func(*world){started, live, after(time.Hour), stopped, offline, after(20 * time.Minute), live}, 2},
		{"nobody told its end", []func(*world){started, after(20 * time.Hour), started}, 2},
		{"an end without a begin", []func(*world){stopped, offline, started}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, 1)
			keys := map[string]bool{}
			for _, happen := range tt.happens {
				happen(w)
				if key, _ := w.state.Session(); key != "" {
					keys[key] = true
				}
			}
			if len(keys) != tt.want {
				t.Errorf("%d streams, want %d", len(keys), tt.want)
			}
		})
	}
}

// TestKinds: what Twitch says of a title that it does not take.
func TestKinds(t *testing.T) {
	for reason, want := range map[string]string{
		"Status contains banned words.": schema.RefusedBannedWords, "Title is too long.": schema.RefusedTooLong,
		"the title has 141 characters, 140 are allowed": schema.RefusedTooLong, "": schema.RefusedByPlatform,
	} {
		if got := kindOf(reason); got != want {
			t.Errorf("%q is %s, want %s", reason, got, want)
		}
	}
}

// TestPending: a title is on its way until each platform that it is for has it.
func TestPending(t *testing.T) {
	w := newWorld(t, 1)
	n := &send{shown: map[string]Event{}, applied: map[string]bool{}}
	n.Until = schema.NewTime(w.now.Add(time.Minute))
	l := &life{approvals: []schema.TitleApprovedPayload{{}}, sends: []*send{n}}
	w.state.lives = []*life{l}
	pending := func(platforms string) bool {
		l.Context = map[string]json.RawMessage{"platforms": json.RawMessage(platforms)}
		return w.state.pending(w.now)
	}
	if n.applied["twitch"] = true; !pending(`["twitch","youtube"]`) || !pending(`[]`) {
		t.Error("not pending while YouTube, or nobody knows who, has not said so")
	}
	if n.applied["youtube"] = true; pending(`["twitch","youtube"]`) {
		t.Error("pending when all have said so")
	}
}
