package ailicia

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"promethean/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testKey = `k-canary-\7f21`

// service is a fake ai_licia: answers[n] makes the n-th answer, the last one
// all later ones.
type service struct {
	*httptest.Server
	answers []http.HandlerFunc
	quit    chan struct{}

	mu   sync.Mutex
	seen []*http.Request
}

func newService(t *testing.T, answers ...http.HandlerFunc) *service {
	t.Helper()
	s := &service{answers: answers, quit: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		n := len(s.seen)
		s.seen = append(s.seen, r)
		s.mu.Unlock()
		s.answers[min(n, len(s.answers)-1)](w, r)
	}))
	t.Cleanup(func() { close(s.quit); s.CloseClientConnections(); s.Close() })
	return s
}

func (s *service) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.seen...)
}

// stream answers with text and then ends (hold false) or waits.
func (s *service) stream(text string, hold bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte(text))
		_ = http.NewResponseController(w).Flush()
		if hold {
			select {
			case <-s.quit:
			case <-r.Context().Done():
			}
		}
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// joined is one event in the stream, with an SSE id where it is not empty.
func joined(id, sse string) string {
	text := "event: system.join\n"
	if sse != "" {
		text += "id: " + sse + "\n"
	}
	return text + `data: {"id":"` + id + `","type":"system.join","version":"2025-02-01","timestamp":"2026-03-04T19:03:11Z",` +
		`"channel":{"id":"ch_7f21","name":"harborlight","platform":"TWITCH"},` +
		`"payload":{"channelId":"ch_7f21","channelName":"harborlight","sentDateTime":"2026-03-04T19:03:11Z"}}` + "\n\n"
}

// listener runs a source and keeps what it emits.
type listener struct {
	t      *testing.T
	source *Source
	log    *bytes.Buffer
	cancel func()
	done   chan error

	mu     sync.Mutex
	drafts []schema.Draft
	// settle says when a draft is on disk; nil is at once.
	settle func(schema.Draft)
}

func listen(t *testing.T, c Config, settle func(schema.Draft)) *listener {
	t.Helper()
	l := &listener{t: t, log: new(bytes.Buffer), done: make(chan error, 1), settle: settle}
	c.APIKey, c.Tenant = testKey, "duck"
	c.Log = zerolog.New(zerolog.SyncWriter(l.log))
	if c.Timings.RetryFirst == 0 {
		c.Timings.RetryFirst = 10 * time.Millisecond
	}
	var err error
	if l.source, err = New(c); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	l.cancel = cancel
	go func() { l.done <- l.source.Run(ctx, l.emit) }()
	t.Cleanup(l.stop)
	return l
}

func (l *listener) stop() {
	l.cancel()
	if err := <-l.done; err != nil {
		l.t.Errorf("Run = %v", err)
	}
	l.done <- nil
}

func (l *listener) emit(d schema.Draft) {
	l.mu.Lock()
	l.drafts = append(l.drafts, d)
	l.mu.Unlock()
	switch {
	case l.settle != nil:
		l.settle(d)
	case d.Done != nil:
		d.Done(nil)
	}
}

func (l *listener) emitted() []schema.Draft {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]schema.Draft(nil), l.drafts...)
}

// of waits for n drafts of a type and gives them.
func (l *listener) of(t schema.Type, n int) (found []schema.Draft) {
	l.t.Helper()
	until(l.t, fmt.Sprintf("%d of %s", n, t), func() bool {
		found = nil
		for _, d := range l.emitted() {
			if d.Type == t && d.Refusal == nil {
				found = append(found, d)
			}
		}
		return len(found) >= n
	})
	return found
}

func until(t *testing.T, what string, fact func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func gapOf(t *testing.T, d schema.Draft) (p schema.GapPayload) {
	t.Helper()
	if err := json.Unmarshal(d.Payload, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRequest(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream("", true)}
	for _, c := range []struct {
		name, path string
		c          Config
		want       string
	}{
		{"all types", "", Config{}, "/v1/eventsub/stream"},
		{"some types of one channel", "", Config{Types: []string{"chat.message", "ai.thoughts"}, ChannelID: "ch 1"}, "/v1/eventsub/stream?channelId=ch+1&types=chat.message%2Cai.thoughts"},
		{"below a path", "/api/", Config{}, "/api/v1/eventsub/stream"},
		{"the whole path", "/v1/eventsub/stream", Config{}, "/v1/eventsub/stream"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(s.requests())
			c.c.URL = s.URL + c.path
			l := listen(t, c.c, nil)
			l.of(schema.SourceConnected, 1)
			l.stop()
			r := s.requests()[before]
			if r.URL.String() != c.want || r.Header.Get("Authorization") != "Bearer "+testKey || r.Method != http.MethodGet {
				t.Errorf("%s %s with %q", r.Method, r.URL, r.Header.Get("Authorization"))
			}
		})
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Config
		want string
	}{
		{"no URL", Config{URL: "api.getailicia.com", APIKey: testKey, Tenant: "duck"}, "does not look like https://"},
		{"a key in the address", Config{URL: "https://x/?key=" + testKey, APIKey: testKey, Tenant: "duck"}, "BRAIN_AILICIA_API_KEY"},
		{"a password in the address", Config{URL: "https://u:canary@x/", APIKey: testKey, Tenant: "duck"}, "BRAIN_AILICIA_API_KEY"},
		{"a key that no header carries", Config{APIKey: testKey + "\n", Tenant: "duck"}, "visible ASCII"},
		{"no tenant", Config{APIKey: testKey}, "tenant"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := New(c.c)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("New = %v", err)
			}
		})
	}
}

// TestRefused: each refusal stops the reader, is one error line that says what to
// do, and is looked at again; a stream then is read without a restart.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		stop   Stop
		says   string
	}{
		{"400", status(400), StopTypes, "BRAIN_AILICIA_CHANNEL_ID"},
		{"400 to types", status(400), StopTypes, "BRAIN_AILICIA_TYPES (ai.new)"},
		{"401", status(401), StopKey, "BRAIN_AILICIA_API_KEY"},
		{"403", status(403), StopPlan, "EventSub"},
		{"404", status(404), StopChannel, "BRAIN_AILICIA_CHANNEL_ID"},
		{"204", status(204), StopAsked, "204"},
		{"410", status(410), StopStatus, "410"},
		{"a login page", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; "+testKey)
			_, _ = w.Write([]byte("<html>" + testKey))
		}, StopContentType, "BRAIN_AILICIA_URL"},
		{"another host", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.invalid/"+testKey)
			w.WriteHeader(307)
		}, StopRedirect, "elsewhere.invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newService(t)
			s.answers = []http.HandlerFunc{c.answer, c.answer, s.stream(joined("evt_1", ""), true)}
			config := Config{URL: s.URL, Timings: Timings{Again: 100 * time.Millisecond}}
			if strings.Contains(c.says, "TYPES") {
				config.Types = []string{"ai.new"}
			}
			l := listen(t, config, nil)
			until(t, "an answer", func() bool { got := l.source.Status(); return got.Stopped != "" || got.Connections > 0 })
			if got := l.source.Status(); got.Connections == 0 && (got.Stopped != c.stop || !strings.Contains(got.LastError, c.says) || got.Connected) {
				t.Errorf("status %+v", got)
			}
			l.of("system.join", 1)
			if got := l.source.Status(); got.Stopped != "" || got.LastError != "" || !got.Connected {
				t.Errorf("status when mended %+v", got)
			}
			l.stop()
			log := l.log.String()
			if n := strings.Count(log, `"level":"error"`); n != 1 || !strings.Contains(log, c.says) {
				t.Errorf("%d error lines: %s", n, log)
			}
			if strings.Contains(log, "canary") {
				t.Errorf("the key is seen: %s", log)
			}
		})
	}
}

func TestMendedKeyIsReadAgain(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{status(401), s.stream("", true)}
	l := listen(t, Config{URL: s.URL, Timings: Timings{Again: 10 * time.Millisecond}, ReadKey: func() (string, error) { return "mended", nil }}, nil)
	l.of(schema.SourceConnected, 1)
	if got := s.requests()[1].Header.Get("Authorization"); got != "Bearer mended" {
		t.Errorf("second request with %q", got)
	}
}

// TestGap: a lost connection is a gap between the events that it names, told
// before the second of them.
func TestGap(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream(joined("evt_1", "")+joined("evt_2", ""), false), s.stream(joined("evt_3", ""), true)}
	l := listen(t, Config{URL: s.URL, Timings: Timings{After: time.Minute}}, nil)
	l.of("system.join", 3)
	var order []string
	for _, d := range l.emitted() {
		order = append(order, string(d.Type))
	}
	want := "source.connected system.join system.join source.disconnected source.connected source.gap system.join"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("emitted %s, want %s", got, want)
	}
	p := gapOf(t, l.of(schema.SourceGap, 1)[0])
	if p.Before == nil || p.Before.ID != "evt_2" || p.After == nil || p.After.ID != "evt_3" || p.Cause != schema.GapDisconnected || p.Detail == "" || p.Source != Name {
		t.Errorf("gap %+v", p)
	}
	if p.From.After(p.To.Time) {
		t.Errorf("gap from %v to %v", p.From, p.To)
	}
}

// TestQuietGap: a gap after which nothing comes is told all the same, with the
// start's own cause.
func TestQuietGap(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream(":\n\n", true)}
	seen := time.Now().Add(-time.Hour)
	l := listen(t, Config{URL: s.URL, LastSeen: seen, Timings: Timings{After: 10 * time.Millisecond}}, nil)
	p := gapOf(t, l.of(schema.SourceGap, 1)[0])
	if p.Cause != schema.GapRestarted || !p.From.Equal(schema.NewTime(seen).Time) || p.Before != nil || p.After != nil {
		t.Errorf("gap %+v", p)
	}
}

// TestResume: what is sent is the id of the last event that is on disk, not of
// the last that was read.
func TestResume(t *testing.T) {
	for _, c := range []struct {
		name   string
		stream string
		settle func(d schema.Draft)
		start  string
		want   string
		has    bool
	}{
		{name: "all accepted", stream: joined("evt_1", "1") + joined("evt_2", "2"), want: "2", has: true},
		{name: "no ids", stream: joined("evt_1", "")},
		{name: "kept over a restart", stream: joined("evt_1", ""), start: "7", want: "7", has: true},
		{name: "reset by the server", stream: joined("evt_1", "1") + strings.Replace(joined("evt_2", "x"), "id: x", "id", 1), start: "7"},
		{name: "a dead letter counts", stream: joined("evt_1", "1") + "id: 2\ndata: no JSON\n\n", want: "2", has: true},
		{name: "one that holds a secret does not", stream: joined("evt_1", "1") + joined("evt_2", "https://api.getailicia.com/tts/usr-1/bk-5d1f"), want: "1", has: true},
		{name: "a very long one does not", stream: joined("evt_1", "1") + joined("evt_2", strings.Repeat("2", 2000)), want: "1", has: true},
		{name: "an oversize one does not", stream: joined("evt_1", "1") + "id: 2\ndata: " + strings.Repeat("x", schema.MaxFrame+1) + "\n\n", want: "1", has: true},
		{name: "only the first accepted", stream: joined("evt_1", "1") + joined("evt_2", "2") + joined("evt_3", "3"), want: "1", has: true,
			settle: func(d schema.Draft) {
				if d.ID == "evt_1" {
					d.Done(nil)
				}
			}},
		{name: "nothing behind one that was lost", stream: joined("evt_1", "1") + joined("evt_2", "2") + joined("evt_3", "3"), want: "1", has: true,
			settle: func(d schema.Draft) {
				if d.ID == "evt_2" {
					d.Done(context.Canceled)
					return
				}
				d.Done(nil)
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newService(t)
			s.answers = []http.HandlerFunc{s.stream(c.stream, false), s.stream("", true)}
			settle := c.settle
			if settle != nil {
				settle = func(d schema.Draft) {
					if d.Done != nil {
						c.settle(d)
					}
				}
			}
			l := listen(t, Config{URL: s.URL, LastEventID: c.start}, settle)
			l.of(schema.SourceConnected, 2)
			got, has := s.requests()[1].Header["Last-Event-Id"]
			if strings.Join(got, "|") != c.want || has != c.has {
				t.Errorf("Last-Event-ID %q (sent: %v), want %q", got, has, c.want)
			}
			if l.source.Status().LastEventID != c.want {
				t.Errorf("kept %q", l.source.Status().LastEventID)
			}
		})
	}
}

// TestLastSeen: what a restart is told never skips what is not on disk.
func TestLastSeen(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for text := joined("evt_1", ""); ; text = ":\n" {
			_, _ = w.Write([]byte(text))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	}}
	var mu sync.Mutex
	var open []func(error)
	l := listen(t, Config{URL: s.URL}, func(d schema.Draft) {
		mu.Lock()
		defer mu.Unlock()
		open = append(open, d.Done)
	})
	came := l.of("system.join", 1)[0].Trace.ReceivedAt
	until(t, "the stream to go on", func() bool {
		l.source.state.mu.Lock()
		defer l.source.state.mu.Unlock()
		return l.source.state.safe.After(came)
	})
	if seen := l.source.Status().LastSeen; seen.After(came) {
		t.Errorf("seen %v, though what came at %v is not kept", seen, came)
	}
	mu.Lock()
	for _, done := range open {
		done(nil)
	}
	mu.Unlock()
	until(t, "what is kept to be seen", func() bool { return l.source.Status().LastSeen.After(came) })
}

func TestOversizeEventIsReadPast(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream(joined("evt_1", "")+"event: chat.message\ndata: "+strings.Repeat("x", schema.MaxFrame+7)+"\n\n"+joined("evt_2", ""), true)}
	l := listen(t, Config{URL: s.URL}, nil)
	l.of("system.join", 2)
	all := l.emitted()
	r := all[2].Refusal
	if r == nil || r.Size != schema.MaxFrame+7 || len(r.Bytes) > schema.MaxFrame || r.SHA256 == [32]byte{} || all[2].Trace.FrameType != "chat.message" {
		t.Fatalf("third draft %+v", all[2].Trace)
	}
	if got := l.source.Status(); got.Oversize != 1 || got.Connections != 1 || got.Refused != 1 {
		t.Errorf("status %+v", got)
	}
}

// TestFullOutbox: a source that is blocked reads nothing, does not take the
// silence for a dead peer, tells it, and comes back when it is stopped.
func TestFullOutbox(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream(joined("evt_1", "")+joined("evt_2", "")+joined("evt_3", ""), true)}
	free := make(chan struct{})
	var once sync.Once
	l := listen(t, Config{URL: s.URL, Timings: Timings{Blocked: 50 * time.Millisecond, Idle: 100 * time.Millisecond}}, func(d schema.Draft) {
		if d.ID == "evt_1" {
			<-free
		}
		d.Done(nil)
	})
	t.Cleanup(func() { once.Do(func() { close(free) }) })
	until(t, "the full outbox to show", func() bool { return !l.source.Status().BlockedSince.IsZero() })
	if got := l.source.Status(); got.Connections != 1 || !got.Connected {
		t.Errorf("status %+v", got)
	}
	once.Do(func() { close(free) })
	p := gapOf(t, l.of(schema.SourceGap, 1)[0])
	if p.Cause != schema.GapOutboxFull {
		t.Errorf("gap %+v", p)
	}
	l.of("system.join", 3)
}
