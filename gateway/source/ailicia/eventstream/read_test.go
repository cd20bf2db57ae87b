package eventstream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"promethean/gateway/source/ailicia/eventstream"
)

// send is a script that sends texts and then does end.
func send(end string, texts ...string) script {
	parts := make([][]byte, len(texts))
	for i, text := range texts {
		parts[i] = []byte(text)
	}
	sc := streamScript(streamCase{}, parts...)
	sc.End = end
	return sc
}

func answer(status int, header ...string) script {
	sc := script{Status: status, Headers: map[string]string{}, End: "eof"}
	for i := 0; i < len(header); i += 2 {
		sc.Headers[header[i]] = header[i+1]
	}
	return sc
}

// TestStatuses: what is final, and what is tried again.
func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		status int
		header []string
		why    eventstream.Why
	}{
		{201, nil, "status"}, {202, nil, "status"}, {204, nil, "status"}, {206, nil, "status"},
		{300, nil, "status"}, {301, nil, "status"}, {304, nil, "status"}, {305, []string{"Location", "/x"}, "status"},
		{307, []string{"Location", "http://[bad"}, "status"},
		{307, []string{"Location", "ftp://127.0.0.1/"}, "redirect"},
		{302, []string{"Location", "http://user:pass@127.0.0.1/"}, "redirect"},
		{308, []string{"Location", "/"}, "redirect"}, // to itself, on and on
		{400, nil, "status"}, {401, nil, "status"}, {402, nil, "status"}, {403, nil, "status"}, {404, nil, "status"},
		{405, nil, "status"}, {409, nil, "status"}, {410, nil, "status"}, {418, nil, "status"}, {422, nil, "status"}, {451, nil, "status"},
		{200, nil, "content-type"}, {200, []string{"Content-Type", "application/json"}, "content-type"},
		{200, []string{"Content-Type", "text/event-streams"}, "content-type"},
		{408, nil, ""}, {429, nil, ""}, {500, nil, ""}, {502, nil, ""}, {503, nil, ""}, {504, nil, ""}, {520, nil, ""}, {599, nil, ""},
		{429, []string{"Retry-After", "soon"}, ""}, {503, []string{"Retry-After", "-1"}, ""}, {503, []string{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}, ""},
	} {
		t.Run(fmt.Sprint(c.status, c.header), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, []script{answer(c.status, c.header...), send("hold", "data: late\n\n")}, false)
			if c.why == "redirect" && c.status == 308 {
				s.scripts = s.scripts[:1]
			}
			r := start(t, t.Context(), eventstream.Options{URL: s.URL}, -1)
			if c.why == "" {
				until(t, "the second answer", func() bool { return len(r.heard()) == 1 })
				return
			}
			<-r.done
			var refused *eventstream.Refused
			if !errors.As(r.err, &refused) || refused.Why != c.why || refused.Status != c.status {
				t.Errorf("Read = %v", r.err)
			}
			until(t, "no open connection", func() bool { return s.connections() == 0 })
		})
	}
}

// TestFaultsReconnect: whatever breaks a connection, complete events stay and the
// next connection is made.
func TestFaultsReconnect(t *testing.T) {
	for _, c := range []struct {
		name  string
		o     eventstream.Options
		first script
	}{
		{"clean end within an event", eventstream.Options{}, send("eof", "data: 1\n\nid: 9\ndata: {\"trunc")},
		{"cut", eventstream.Options{}, send("abort", "data: 1\n\nid: 9\ndata: x\n")},
		{"reset", eventstream.Options{}, send("rst", "data: 1\n\n")},
		{"silence", eventstream.Options{Idle: 100 * time.Millisecond}, send("hold", "data: 1\n\n")},
		{"an event without end", eventstream.Options{MaxEvent: 100}, send("hold", "data: 1\n\ndata: "+strings.Repeat("x", 4000))},
		{"lines of nothing without end", eventstream.Options{MaxEvent: 100}, send("hold", "data: 1\n\n"+strings.Repeat("data\n", 4000))},
		{"silence within an event", eventstream.Options{Idle: 100 * time.Millisecond}, send("hold", "data: 1\n\ndata: 2\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, []script{c.first, send("hold", "data: last\n\n")}, false)
			c.o.URL = s.URL
			r := start(t, t.Context(), c.o, -1)
			until(t, "the second stream", func() bool { return len(s.requests()) >= 2 })
			until(t, "its event", func() bool { h := r.heard(); return len(h) > 0 && string(h[len(h)-1].Data) == "last" })
			r.stop()
			want := []wantEvent{{Type: "message", Data: "1"}, {Type: "message", Data: "last"}}
			if c.first.End == "rst" && len(r.heard()) == 1 {
				want = want[1:] // a reset may overtake what was sent
			}
			r.check(want)
			if got := s.requests()[1].header.Get("Last-Event-ID"); got != "" {
				t.Errorf("the id of an event that was cut is sent: %q", got)
			}
		})
	}
	for _, end := range []string{"abort-before-header", "no-header"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, []script{{End: end}, send("hold", "data: x\n\n")}, false)
			r := start(t, t.Context(), eventstream.Options{URL: s.URL, HeaderWait: 200 * time.Millisecond}, -1)
			until(t, "the second answer", func() bool { return len(r.heard()) == 1 })
		})
	}
}

// TestCancel: Read comes back soon with ctx's error, whatever it is waiting for.
func TestCancel(t *testing.T) {
	cause := errors.New("a cause of its own")
	for _, c := range []struct {
		name   string
		script script
		ctx    func(context.Context) (context.Context, func())
		want   error
	}{
		{"while streaming", send("hold", "data: x\n\n"), withCancel, context.Canceled},
		{"with a cause", send("hold", "data: x\n\n"), func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			return ctx, func() { cancel(cause) }
		}, context.Canceled},
		{"by a deadline", send("hold", "data: x\n\n"), func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			return ctx, func() { <-ctx.Done(); cancel() }
		}, context.DeadlineExceeded},
		{"while the header is waited for", script{End: "no-header"}, withCancel, context.Canceled},
		{"in the pause after a fault", answer(503, "Retry-After", "3000"), withCancel, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, []script{c.script}, false)
			ctx, end := c.ctx(t.Context())
			done := make(chan error, 1)
			go func() {
				done <- eventstream.Read(ctx, eventstream.Options{URL: s.URL}, func(eventstream.Event) {})
			}()
			until(t, "a request", func() bool { return len(s.requests()) > 0 })
			end()
			select {
			case err := <-done:
				if err != c.want {
					t.Errorf("Read = %v, want %v", err, c.want)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("did not come back")
			}
		})
	}
}

func withCancel(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	return ctx, cancel
}

// TestSlowHandler: silence that nobody listened to is none, and nothing is lost.
func TestSlowHandler(t *testing.T) {
	s := newServer(t, []script{send("hold", "data: 1\n\n", "data: 2\n\n", "data: 3\n\n")}, false)
	slow := make(chan struct{})
	var n atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	var failures atomic.Int32
	go func() {
		done <- eventstream.Read(ctx, eventstream.Options{
			URL: s.URL, Idle: 100 * time.Millisecond, Closed: func(error, time.Duration) { failures.Add(1) },
		}, func(eventstream.Event) {
			if n.Add(1) == 1 {
				<-slow
			}
		})
	}()
	until(t, "the first event", func() bool { return n.Load() == 1 })
	time.AfterFunc(400*time.Millisecond, func() { close(slow) }) // four times the limit
	until(t, "all events", func() bool { return n.Load() >= 3 })
	if failures.Load() != 0 && len(s.requests()) != 1 {
		t.Error("the connection was given up while nobody read it")
	}
	cancel()
	<-done
}

// TestOversizeWithReplay: a server that resends from the acknowledged id sends
// the oversize event again; the reader still gets past it.
func TestOversizeWithReplay(t *testing.T) {
	big := "id: 2\nevent: huge\ndata: " + strings.Repeat("a", 5000) + "\n\n"
	s := newServer(t, []script{send("abort", "id: 1\ndata: a\n\n"+big), send("hold", big+"id: 3\ndata: b\n\n")}, false)
	r := start(t, t.Context(), eventstream.Options{URL: s.URL, MaxEvent: 1000}, -1)
	until(t, "the event behind it", func() bool { return len(r.heard()) == 2 })
	r.stop()
	if got := s.requests()[1].header.Get("Last-Event-ID"); got != "1" {
		t.Errorf("Last-Event-ID %q", got)
	}
	if r.oversize != 2 || len(s.requests()) != 2 {
		t.Errorf("%d oversize in %d requests", r.oversize, len(s.requests()))
	}
}

// TestIDThatNoHeaderCarries: the event is delivered, the next request goes
// without.
func TestIDThatNoHeaderCarries(t *testing.T) {
	for _, id := range []string{"a\x01b", "a\x7fb", "  ", strings.Repeat("x", 5000)} {
		t.Run(fmt.Sprintf("%.9q", id), func(t *testing.T) {
			s := newServer(t, []script{send("eof", "id: "+id+"\ndata: a\n\n"), send("hold", "data: b\n\n")}, false)
			r := start(t, t.Context(), eventstream.Options{URL: s.URL}, -1)
			until(t, "the second stream", func() bool { return len(r.heard()) == 2 })
			if got, has := s.requests()[1].header["Last-Event-Id"]; has {
				t.Errorf("sent %q", got)
			}
			if got := r.heard()[1].ID; got != id {
				t.Errorf("the second event's id is %q", got)
			}
		})
	}
}

// TestRedirectsEnd: five are followed, a sixth is not.
func TestRedirectsEnd(t *testing.T) {
	hop := answer(302, "Location", "/again")
	for _, c := range []struct {
		hops int
		want eventstream.Why
	}{{5, ""}, {6, eventstream.ByRedirect}} {
		t.Run(fmt.Sprint(c.hops), func(t *testing.T) {
			var scripts []script
			for range c.hops {
				scripts = append(scripts, hop)
			}
			s := newServer(t, append(scripts, send("hold", "data: x\n\n")), false)
			r := start(t, t.Context(), eventstream.Options{URL: s.URL, Header: http.Header{"Authorization": {"Bearer k"}}}, -1)
			if c.want == "" {
				until(t, "the event", func() bool { return len(r.heard()) == 1 })
				return
			}
			<-r.done
			var refused *eventstream.Refused
			if !errors.As(r.err, &refused) || refused.Why != c.want {
				t.Errorf("Read = %v", r.err)
			}
		})
	}
}

// TestDroppedAtOnce: a server that welcomes and drops is asked ever less often,
// until a connection gives an event.
func TestDroppedAtOnce(t *testing.T) {
	welcome, event := send("eof", ": welcome\nretry: 1\n\n"), send("eof", "data: x\n\n")
	s := newServer(t, []script{welcome, welcome, welcome, welcome, event, send("hold")}, false)
	// Longer than a busy machine takes to end a stream, so that none outlives it.
	const first = 200 * time.Millisecond
	r := start(t, t.Context(), eventstream.Options{URL: s.URL, RetryFirst: first}, -1)
	until(t, "the last stream", func() bool { return len(s.requests()) == 6 })
	for i, least := range []time.Duration{1, 2, 4, 8, 1} {
		if got := r.waits()[i]; got < least*first || got > 2*least*first {
			t.Errorf("wait %d of %v, want %v and a little more", i, got, least*first)
		}
	}
}
