package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/gateway"
	"promethean/gateway/source/ailicia"
	"promethean/schema"
)

const ailiciaKey = "k-canary-7f21"

// fakeAilicia is an event stream that a test writes to. An empty line ends the
// connection; refuse makes every answer that status.
type fakeAilicia struct {
	*httptest.Server
	lines chan string

	mu     sync.Mutex
	refuse int
	ids    []string
}

func newFakeAilicia(t *testing.T) *fakeAilicia {
	t.Helper()
	f := &fakeAilicia{lines: make(chan string, 64)}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(func() { f.CloseClientConnections(); f.Close() })
	return f
}

func (f *fakeAilicia) set(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = status
}

func (f *fakeAilicia) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.ids...)
}

func (f *fakeAilicia) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	refuse := f.refuse
	f.ids = append(f.ids, r.Header.Get("Last-Event-ID"))
	f.mu.Unlock()
	if refuse != 0 || r.Header.Get("Authorization") != "Bearer "+ailiciaKey {
		w.WriteHeader(max(refuse, http.StatusUnauthorized))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	_ = control.Flush()
	for {
		select {
		case line := <-f.lines:
			if line == "" {
				return
			}
			_, _ = w.Write([]byte(line))
			_ = control.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

// line is a viewer's chat line under an SSE event name and an SSE id.
func line(name, id string, n int) string {
	return fmt.Sprintf("event: %s\nid: %s\ndata: {\"id\":\"evt_%d\",\"type\":\"chat.message\",\"timestamp\":\"2026-03-04T19:03:11Z\","+
		"\ndata: \"channel\":{\"id\":\"ch_7f21\",\"name\":\"harborlight\",\"platform\":\"TWITCH\"},"+
		"\ndata: \"payload\":{\"id\":\"m%d\",\"username\":\"Otter\",\"message\":\"hello\",\"language\":\"en\",\"platform\":\"TWITCH\","+
		"\"isSubscriber\":false,\"isVip\":false,\"isModerator\":false,\"sentDateTime\":\"2026-03-04T19:03:11Z\"}}\n\n", name, id, n, n)
}

// withAilicia makes f the rig's second source.
func (r *rig) withAilicia(f *fakeAilicia) {
	r.o.Ailicia = ailicia.Config{
		URL: f.URL, APIKey: ailiciaKey, Tenant: "duck", Log: zerolog.Nop(),
		Timings: ailicia.Timings{RetryFirst: 10 * time.Millisecond, Again: 50 * time.Millisecond},
	}
}

// deadLetters reads them all, by reason.
func (r *rig) deadLetters() (reasons []string, all []jetstream.Msg) {
	r.t.Helper()
	js := r.nats.Connect(bus.StreamOptions{MaxBytes: 1 << 30}).JetStream()
	stream, err := js.Stream(r.t.Context(), bus.StreamDLQ)
	if err != nil {
		r.t.Fatal(err)
	}
	reader, err := js.OrderedConsumer(r.t.Context(), bus.StreamDLQ, jetstream.OrderedConsumerConfig{})
	if err != nil {
		r.t.Fatal(err)
	}
	for range stream.CachedInfo().State.Msgs {
		m, err := reader.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			r.t.Fatal(err)
		}
		reasons, all = append(reasons, m.Headers().Get(schema.HeaderReason)), append(all, m)
	}
	return reasons, all
}

// TestAiliciaBesideStreamerbot: from HTTP to NATS, both sources at once; a
// mismatch of names is a dead letter that says both, and costs no neighbour.
func TestAiliciaBesideStreamerbot(t *testing.T) {
	r, f := newRig(t), newFakeAilicia(t)
	r.withAilicia(f)
	g, stop := r.run()
	r.number(20)
	for _, text := range []string{line("chat.message", "1", 1), line("channel.event", "2", 2), line("chat.message", "3", 3)} {
		f.lines <- text
	}
	until(t, "both sources' events", func() bool {
		s := g.Stats()
		return s.Ailicia.Emitted >= 3 && s.Accepted >= 24 && s.Refused == 1
	})
	f.lines <- ""
	until(t, "a second connection", func() bool { return g.Stats().Ailicia.Connections == 2 })
	stop()

	var own []string
	for _, e := range r.events() {
		if meta, err := schema.ParseMeta(e.Meta); err != nil || meta.Gateway.Source != ailicia.Name {
			continue
		}
		own = append(own, string(e.Type)+" "+strings.TrimPrefix(e.ID, "evt_"))
	}
	for i, want := range []string{"source.connected ", "chat.message 1", "chat.message 3", "source.disconnected ", "source.connected ", "source.gap ", "source.disconnected "} {
		if i >= len(own) || !strings.HasPrefix(own[i], want) {
			t.Fatalf("of ai_licia %q; number %d ought to be %s", own, i, want)
		}
	}
	reasons, letters := r.deadLetters()
	if len(reasons) != 1 || !strings.Contains(reasons[0], `"channel.event"`) || !strings.Contains(reasons[0], `"chat.message"`) {
		t.Fatalf("dead letters %q", reasons)
	}
	if subject := letters[0].Subject(); subject != schema.RefusedFrameSubject(schema.AiLicia, "duck") || !json.Valid(letters[0].Data()) {
		t.Errorf("letter on %s: %s", subject, letters[0].Data())
	}
}

// TestAiliciaAcrossARestart: the resume point and the gap live in the data
// directory; the key does not.
func TestAiliciaAcrossARestart(t *testing.T) {
	r, f := newRig(t), newFakeAilicia(t)
	r.withAilicia(f)
	g, stop := r.run()
	f.lines <- line("chat.message", "41", 1)
	f.lines <- line("chat.message", "42", 2)
	until(t, "the resume point", func() bool { return g.Stats().Ailicia.LastEventID == "42" })
	stop()
	g, stop = r.run()
	until(t, "the second connection", func() bool { return g.Stats().Ailicia.Connections == 1 })
	stop()
	if got := f.asked(); len(got) != 2 || got[0] != "" || got[1] != "42" {
		t.Errorf("Last-Event-IDs %q", got)
	}
	gaps := 0
	for _, e := range r.events() {
		var p schema.GapPayload
		if e.Type != schema.SourceGap || json.Unmarshal(e.Payload, &p) != nil || p.Source != ailicia.Name {
			continue
		}
		gaps++
		if p.Cause != schema.GapRestarted || p.Before == nil || p.Before.ID != "evt_2" {
			t.Errorf("gap %+v", p)
		}
	}
	if gaps != 1 {
		t.Errorf("%d gaps of ai_licia", gaps)
	}
	err := filepath.WalkDir(r.o.DataDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), ailiciaKey) {
			t.Errorf("%s holds the key", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// Another channel's ids are others.
	r.o.Ailicia.ChannelID = "ch_2"
	g, stop = r.run()
	until(t, "the third connection", func() bool { return g.Stats().Ailicia.Connections == 1 })
	stop()
	if got := f.asked(); got[2] != "" {
		t.Errorf("another channel was asked to go on behind %q", got[2])
	}
}

// TestAiliciaRefused: the gateway stays ready and records the rest, says so, and
// goes on by itself once the key is mended.
func TestAiliciaRefused(t *testing.T) {
	r, f := newRig(t), newFakeAilicia(t)
	r.withAilicia(f)
	f.set(http.StatusForbidden)
	g, _ := r.run()
	until(t, "the refusal to show", func() bool { return g.Stats().Ailicia.Stopped == ailicia.StopPlan })
	r.number(5)
	until(t, "Streamer.bot's lines", func() bool { return g.Stats().Accepted >= 6 })
	for name, check := range g.Checks() {
		until(t, name+" to be ready", func() bool { return check(t.Context()) == nil })
	}
	f.set(0)
	until(t, "a connection", func() bool { s := g.Stats().Ailicia; return s.Connected && s.Stopped == "" })
}

// TestAiliciaIsOffWithoutAKey: nothing is asked, and nothing shown.
func TestAiliciaIsOffWithoutAKey(t *testing.T) {
	r, f := newRig(t), newFakeAilicia(t)
	r.withAilicia(f)
	r.o.Ailicia.APIKey = ""
	g, _ := r.run()
	r.number(1)
	if g.Stats().Ailicia != nil || len(f.asked()) != 0 {
		t.Errorf("%+v after %d requests", g.Stats().Ailicia, len(f.asked()))
	}
	r.o.Ailicia.APIKey = "bad key"
	r.o.DataDir = t.TempDir()
	if _, err := gateway.Open(r.o); err == nil || strings.Contains(err.Error(), "bad key") {
		t.Errorf("Open = %v", err)
	}
}
