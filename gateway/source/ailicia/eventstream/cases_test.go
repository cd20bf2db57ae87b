package eventstream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"promethean/gateway/source/ailicia/eventstream"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is one running Read and what it has heard.
type client struct {
	t      *testing.T
	cancel context.CancelFunc
	done   chan struct{}
	err    error

	mu       sync.Mutex
	events   []eventstream.Event
	oversize int
	id       string
	closed   []time.Duration
	// acknowledge is how many events are; negative is all.
	acknowledge int
}

// start begins to read. closed, where not nil, is told each failure.
func start(t *testing.T, ctx context.Context, o eventstream.Options, acknowledge int) *client {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	c := &client{t: t, cancel: cancel, done: make(chan struct{}), acknowledge: acknowledge}
	if o.RetryFirst == 0 {
		o.RetryFirst = 20 * time.Millisecond
	}
	o.LastEventID = func() string {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.id
	}
	o.Closed = func(_ error, wait time.Duration) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.closed = append(c.closed, wait)
	}
	go func() {
		defer close(c.done)
		c.err = eventstream.Read(ctx, o, c.take)
	}()
	t.Cleanup(c.stop)
	return c
}

func (c *client) stop() {
	c.cancel()
	<-c.done
}

func (c *client) take(e eventstream.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Oversize {
		c.oversize++
		return
	}
	c.events = append(c.events, e)
	if c.acknowledge < 0 || len(c.events) <= c.acknowledge {
		c.id = e.ID
	}
}

func (c *client) heard() []eventstream.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]eventstream.Event(nil), c.events...)
}

func (c *client) waits() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.closed...)
}

func (c *client) check(want []wantEvent) {
	c.t.Helper()
	type plain struct{ Type, Data, ID string }
	got, wanted := []plain{}, []plain{}
	for _, e := range c.heard() {
		got = append(got, plain{e.Type, string(e.Data), e.ID})
	}
	for _, e := range want {
		wanted = append(wanted, plain{e.Type, textOf(e), e.LastEventID})
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		c.t.Errorf("events (-want +got):\n%.2000s", diff)
	}
}

func TestStreams(t *testing.T) {
	all := loadCases(t).Cases
	if len(all) < 39 {
		t.Fatalf("only %d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			for _, chunk := range []int{0, 1} {
				t.Run(fmt.Sprintf("chunk %d", chunk), func(t *testing.T) {
					t.Parallel()
					playStream(t, c, func(s *server) { s.chunk = chunk }, true)
				})
			}
			body := c.body()
			// A connection for each byte; what is longer the parser's own tests cut.
			if len(body) > 256 {
				return
			}
			t.Run("cut everywhere", func(t *testing.T) {
				t.Parallel()
				for at := range len(body) {
					playStream(t, c, func(s *server) { s.scripts[0] = streamScript(c, body[:at], body[at:]) }, false)
				}
			})
		})
	}
}

func streamScript(c streamCase, parts ...[]byte) script {
	sc := script{Status: 200, Headers: map[string]string{"Content-Type": "text/event-stream"}, End: "eof"}
	if c.ContentType != "" {
		sc.Headers["Content-Type"] = c.ContentType
	}
	if c.HoldOpen {
		sc.End = "hold"
	}
	for _, p := range parts {
		sc.Body = append(sc.Body, struct {
			Send       string `json:"send"`
			Times      int    `json:"times"`
			EveryMS    int    `json:"every_ms"`
			SleepMS    int    `json:"sleep_ms"`
			SendHeader string `json:"send_request_header"`
		}{Send: string(p)})
	}
	return sc
}

// playStream serves one case and compares what is heard; reconnect looks at the
// next request too.
func playStream(t *testing.T, c streamCase, change func(*server), reconnect bool) {
	t.Helper()
	s := newServer(t, []script{
		streamScript(c, c.body()),
		{Status: 200, Headers: map[string]string{"Content-Type": "text/event-stream"}, End: "hold"},
	}, false)
	change(s)
	r := start(t, t.Context(), eventstream.Options{URL: s.URL}, -1)
	switch {
	case c.HoldOpen:
		until(t, "the events of an open stream", func() bool { return len(r.heard()) >= len(c.Events) })
	case reconnect:
		until(t, "the next request", func() bool { return len(s.requests()) >= 2 })
		if got := s.requests()[1].header.Get("Last-Event-ID"); got != c.NextID {
			t.Errorf("Last-Event-ID of the next request is %q, want %q", got, c.NextID)
		}
	default:
		until(t, "the end of the stream", func() bool { return len(r.waits()) >= 1 })
	}
	r.stop()
	r.check(c.Events)
	if least := time.Duration(c.Retry) * time.Millisecond; !c.HoldOpen && r.waits()[0] < least {
		t.Errorf("waits %v, want at least %v", r.waits()[0], least)
	}
	s.CloseClientConnections()
}

func TestHTTP(t *testing.T) {
	all := loadCases(t).HTTPCases
	if len(all) < 33 {
		t.Fatalf("only %d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			playHTTP(t, c)
		})
	}
}

func playHTTP(t *testing.T, c httpCase) {
	s := newServer(t, c.Server, c.Client.HTTP2)
	o := eventstream.Options{
		URL: s.URL, Header: http.Header{}, MaxEvent: c.Client.MaxEvent,
		Idle: time.Duration(c.Client.Idle) * time.Millisecond, HeaderWait: time.Duration(c.Client.HeaderWait) * time.Millisecond,
	}
	for name, value := range c.Client.Headers {
		o.Header.Set(name, value)
	}
	if c.Client.HTTP2 {
		o.Transport = s.Client().Transport
	}
	if c.Server[0].End == "refuse" {
		s.Server.Close()
	}
	var strangers int
	if c.Want.Other != nil {
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers++ }))
		defer other.Close()
		s.other = strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	}
	acknowledge := -1
	if c.Client.Acknowledge > 0 {
		acknowledge = c.Client.Acknowledge
	}
	began := time.Now()
	r := start(t, t.Context(), o, acknowledge)
	await(t, c, s, r, began)
	checkHTTP(t, c, s, r)
	if strangers > 0 {
		t.Errorf("%d requests reached the other host", strangers)
	}
}

// await waits for all that a case expects, then ends the client.
func await(t *testing.T, c httpCase, s *server, r *client, began time.Time) {
	t.Helper()
	w := c.Want
	if c.Client.CancelAfter > 0 {
		until(t, "the events", func() bool { return len(r.heard()) >= len(w.Events) })
		time.Sleep(time.Until(began.Add(time.Duration(c.Client.CancelAfter) * time.Millisecond)))
		asked := time.Now()
		r.stop()
		if took := time.Since(asked); took > time.Duration(w.ReturnsWithin)*time.Millisecond {
			t.Errorf("came back after %v", took)
		}
		if !errors.Is(r.err, context.Canceled) {
			t.Errorf("Read = %v, want canceled", r.err)
		}
		return
	}
	if w.Stopped != "" {
		select {
		case <-r.done:
		case <-time.After(30 * time.Second):
			t.Fatalf("still reading")
		}
		return
	}
	requests := max(len(w.IDs), len(w.Paths), len(w.Gaps)+1)
	if w.Requests != nil {
		requests = max(requests, w.Requests.Exact, w.Requests.Min)
	}
	until(t, "events and requests", func() bool { return len(r.heard()) >= len(w.Events) && len(s.requests()) >= requests })
	if w.WithinMS > 0 && time.Since(began) > time.Duration(w.WithinMS)*time.Millisecond {
		t.Errorf("took %v", time.Since(began))
	}
	time.Sleep(time.Until(began.Add(time.Duration(w.AfterMS) * time.Millisecond)))
	r.stop()
}

func checkHTTP(t *testing.T, c httpCase, s *server, r *client) {
	t.Helper()
	w := c.Want
	if w.Events != nil {
		r.check(w.Events)
	}
	seen := s.requests()
	if w.Requests != nil && w.Requests.Exact > 0 && len(seen) != w.Requests.Exact {
		t.Errorf("%d requests, want %d", len(seen), w.Requests.Exact)
	}
	if w.Requests != nil && w.Requests.Max > 0 && len(seen) > w.Requests.Max {
		t.Errorf("%d requests, want at most %d", len(seen), w.Requests.Max)
	}
	checkRequests(t, c, seen)
	if w.Stopped != "" {
		var refused *eventstream.Refused
		if !errors.As(r.err, &refused) || string(refused.Why) != w.Stopped {
			t.Errorf("Read = %v, want refused by %s", r.err, w.Stopped)
		}
	}
	if w.Open != nil {
		until(t, "all connections to be closed", func() bool { return s.connections() == *w.Open })
	}
	if r.oversize != w.Oversize {
		t.Errorf("%d oversize events, want %d", r.oversize, w.Oversize)
	}
}

func checkRequests(t *testing.T, c httpCase, seen []asked) {
	t.Helper()
	w := c.Want
	for i, id := range w.IDs {
		want := ""
		if id != nil {
			want = *id
		}
		if got, has := seen[i].header["Last-Event-Id"]; strings.Join(got, "|") != want || has != (id != nil) {
			t.Errorf("request %d: Last-Event-ID %q, want %q", i, got, want)
		}
	}
	for i, a := range seen {
		for name, want := range w.Headers {
			if got := a.header.Get(name); got != want {
				t.Errorf("request %d: %s is %q, want %q", i, name, got, want)
			}
		}
		if i < len(w.Paths) && a.path != w.Paths[i] {
			t.Errorf("request %d: %s, want %s", i, a.path, w.Paths[i])
		}
		if w.Authorised && a.header.Get("Authorization") != c.Client.Headers["Authorization"] {
			t.Errorf("request %d: no Authorization", i)
		}
	}
	for i, g := range w.Gaps {
		gap := seen[i+1].began.Sub(seen[i].end).Milliseconds()
		// The server notes the end when the client may have heard it already.
		if gap < int64(g.Min)-50 || gap > int64(g.Max) {
			t.Errorf("gap %d of %d ms, want %d to %d", i, gap, g.Min, g.Max)
		}
	}
	if w.GapsNotGrowing {
		last := seen[len(seen)-1].began.Sub(seen[len(seen)-2].end)
		if last > 500*time.Millisecond {
			t.Errorf("the pause has grown to %v", last)
		}
	}
}
