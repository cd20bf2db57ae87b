package streamerbot

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"promethean/schema"

	"github.com/coder/websocket"
)

// bot plays a Streamer.bot over net.Pipe, so that it fits into a synctest
// bubble. Its fields say how it misbehaves; zero is a good server of 1.0.7.
type bot struct {
	hello string // "" says none
	// closes are requests at which the connection is closed with this code;
	// "Hello" is before any.
	closes map[string]websocket.StatusCode
	// answers replace the usual ones; the text %s is the request's id.
	answers map[string]string
	// before are frames sent before the answer to a request.
	before map[string][]string
	// after are frames sent after the answer to a request; the text %r is the
	// run id of a DoAction.
	after map[string][]string
	// silent requests get no answer.
	silent map[string]bool
	// mute answers no pings.
	mute bool

	mu    sync.Mutex
	dials []time.Time
	conns []*websocket.Conn
	raw   []*stallConn
	asked []string
	// requests are the whole requests, in order.
	requests []string
	down     bool // refuses connections
}

const (
	helloPlain = `{"request":"Hello","session":"s","info":{"instanceId":"inst","version":"1.0.7","source":"websocketServer"}}`
	helloAuth  = `{"request":"Hello","session":"s","info":{"instanceId":"inst","version":"1.0.7","source":"websocketServer"},"authentication":{"salt":"salt","challenge":"chal"}}`
)

// stallConn is the server's end; stalled, it takes bytes and does nothing.
type stallConn struct {
	net.Conn
	stall chan struct{} // closed to stall
}

func (c *stallConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	select {
	case <-c.stall:
		for err == nil {
			_, err = c.Conn.Read(b)
		}
		return 0, err
	default:
		return n, err
	}
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// serve starts the bot and gives the way to it and the way to end it.
func (b *bot) serve(t *testing.T) (dial func(context.Context, string, string) (net.Conn, error)) {
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(b.accept)}
	var work sync.WaitGroup
	work.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		_ = server.Close()
		work.Wait()
	})
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		b.mu.Lock()
		b.dials = append(b.dials, time.Now())
		down := b.down
		b.mu.Unlock()
		if down {
			return nil, fmt.Errorf("connection refused")
		}
		client, end := net.Pipe()
		served := &stallConn{Conn: end, stall: make(chan struct{})}
		b.mu.Lock()
		b.raw = append(b.raw, served)
		b.mu.Unlock()
		select {
		case l.conns <- served:
			return client, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (b *bot) accept(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		OnPingReceived: func(context.Context, []byte) bool { return !b.mute },
	})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	b.mu.Lock()
	b.conns = append(b.conns, conn)
	b.mu.Unlock()
	ctx := context.Background()
	if b.hello != "" {
		_ = conn.Write(ctx, websocket.MessageText, []byte(b.hello))
	}
	if code, ok := b.closes["Hello"]; ok {
		_ = conn.Close(code, "go away")
		return
	}
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		var q struct {
			Request, ID, Authentication string
			Args                        struct{ BrainRunID string }
		}
		_ = json.Unmarshal(frame, &q)
		b.mu.Lock()
		b.asked = append(b.asked, q.Request)
		b.requests = append(b.requests, string(frame))
		b.mu.Unlock()
		if code, ok := b.closes[q.Request]; ok {
			_ = conn.Close(code, "go away")
			return
		}
		for _, f := range b.before[q.Request] {
			_ = conn.Write(ctx, websocket.MessageText, []byte(f))
		}
		if !b.silent[q.Request] {
			_ = conn.Write(ctx, websocket.MessageText, []byte(b.answer(q.Request, q.ID)))
		}
		for _, f := range b.after[q.Request] {
			_ = conn.Write(ctx, websocket.MessageText, []byte(strings.ReplaceAll(f, "%r", q.Args.BrainRunID)))
		}
	}
}

func (b *bot) answer(request, id string) string {
	b.mu.Lock()
	a, ok := b.answers[request]
	b.mu.Unlock()
	if ok {
		return strings.ReplaceAll(a, "%s", id)
	}
	switch request {
	case "GetInfo":
		return `{"id":"` + id + `","status":"ok","info":{"instanceId":"old","version":"0.2.4"}}`
	case "GetBroadcaster":
		return `{"id":"` + id + `","status":"ok","platforms":{"twitch":{"broadcastUserName":"gatiso","broadcastUserId":"1"}}}`
	case "GetEvents", "Subscribe":
		return `{"id":"` + id + `","status":"ok","events":{"Twitch":["Follow","ChatMessage"]}}`
	}
	return `{"id":"` + id + `","status":"ok"}`
}

// send sends a frame on the newest connection.
func (b *bot) send(t *testing.T, frames ...string) {
	t.Helper()
	b.mu.Lock()
	conn := b.conns[len(b.conns)-1]
	b.mu.Unlock()
	for _, f := range frames {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(f)); err != nil {
			t.Fatal(err)
		}
	}
}

// network is the server's end of connection i.
func (b *bot) network(i int) *stallConn {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.raw[i]
}

// socket is the server's WebSocket of connection i.
func (b *bot) socket(i int) *websocket.Conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.conns[i]
}

func (b *bot) questions() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// sent lists the whole requests of one name.
func (b *bot) sent(request string) (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, name := range b.asked {
		if name == request {
			all = append(all, b.requests[i])
		}
	}
	return all
}

func (b *bot) dialled() []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.dials)
}

// sink collects drafts; while held, it blocks as a full outbox does.
type sink struct {
	mu     sync.Mutex
	drafts []schema.Draft
	gate   chan struct{} // closed when open
	// undecided neither accepts nor refuses: pending are the drafts' Done.
	undecided bool
	pending   []func(error)
}

func newSink() *sink {
	s := &sink{gate: make(chan struct{})}
	close(s.gate)
	return s
}

func (s *sink) emit(d schema.Draft) {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	<-gate
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drafts = append(s.drafts, d)
	switch {
	case d.Done == nil:
	case s.undecided:
		s.pending = append(s.pending, d.Done)
	default:
		d.Done(nil)
	}
}

// hold blocks emit until the returned function is called.
func (s *sink) hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.gate = gate
	return func() { close(gate) }
}

// types lists what came: a type, "refused: …", or a follower's id.
func (s *sink) types() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, d := range s.drafts {
		switch {
		case d.Refusal != nil:
			all = append(all, "refused: "+d.Refusal.Reason)
		case d.Type == "streamerbot.twitch.follow":
			all = append(all, string(d.Payload))
		default:
			all = append(all, string(d.Type))
		}
	}
	return all
}

func (s *sink) gaps(t *testing.T) []schema.GapPayload {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []schema.GapPayload
	for _, d := range s.drafts {
		if d.Type != schema.SourceGap {
			continue
		}
		var p schema.GapPayload
		if err := json.Unmarshal(d.Payload, &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// start runs a source on the bot in a bubble. The returned stop ends it and
// waits: a goroutine that is left fails the bubble.
func start(t *testing.T, b *bot, c Config) (*Source, *sink, func()) {
	t.Helper()
	out := newSink()
	s, stop := startInto(t, out, b, c)
	return s, out, stop
}

func startInto(t *testing.T, out *sink, b *bot, c Config) (*Source, func()) {
	t.Helper()
	c.URL, c.Tenant, c.DialContext = "ws://bot.example:8080/", "duck", b.serve(t)
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		if err := s.Run(ctx, out.emit); err != nil {
			t.Error(err)
		}
	})
	stop := sync.OnceFunc(func() { cancel(); work.Wait() })
	t.Cleanup(stop)
	synctest.Wait()
	return s, stop
}

func follow(n int) string {
	return fmt.Sprintf(`{"timeStamp":"2026-03-04T19:21:44+01:00","event":{"source":"Twitch","type":"Follow"},"data":%d}`, n)
}
