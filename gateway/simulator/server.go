package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"promethean/gateway/simulator/internal/evening"
)

// farewellTime is how long a closing server waits for clients to answer its close frame.
const farewellTime = 500 * time.Millisecond

// Server is one simulated Streamer.bot. All methods may be called by several goroutines at once.
type Server struct {
	opt       Options
	catalogue catalogue
	instance  string
	tally     tally
	stall     gate
	doubles   atomic.Int64 // events still to be sent twice
	faults    faults
	actions   []Action
	queue     chan job
	channel   *channel
	globals   *globals
	seen      seen
	upcoming  func() json.RawMessage // the YouTube broadcast to come; nil when there is none
	order     chan struct{}          // held while one frame is handed to all clients, so all see one order

	chat *evening.Evening // the generator's alone

	counting sync.Mutex
	counter  *evening.Counter

	mu       sync.Mutex
	closing  bool
	number   int // connections so far
	sessions []*session
	running  sync.WaitGroup // connections, from their first byte to their last
}

// New prepares a server. The evening begins at the clock's time now.
func New(o Options) *Server {
	o = o.withDefaults()
	play := evening.Options{
		Seed: o.Seed, Start: o.Clock(), Shape: o.shape(), MixShapes: o.MixShapes, Kick: o.since("1.0.0"), KeepTitles: o.KeepTitles,
	}
	s := &Server{
		opt:       o,
		catalogue: newCatalogue(o),
		actions:   newActions(o),
		queue:     make(chan job, queueLength),
		channel:   newChannel(o),
		globals:   newGlobals(o),
		upcoming:  sync.OnceValue(func() json.RawMessage { return preview(play) }),
		instance:  evening.InstanceID(o.Seed),
		order:     make(chan struct{}, 1),
		chat:      evening.New(play),
		counter:   evening.NewCounter(play),
	}
	for _, f := range o.Faults {
		s.Misanswer(f)
	}
	return s
}

// URL gives the WebSocket address of a server that listens on l.
func URL(l net.Listener) string { return "ws://" + l.Addr().String() + "/" }

type rawConn struct{} // context key of a connection's net.Conn

// Serve answers on l, plays the evening and runs actions until ctx ends; then it closes all connections,
// waits for them and for the running action, and returns nil. It may be called again once it has returned, as a restarted Streamer.bot.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.mu.Lock()
	s.closing = false
	s.mu.Unlock()

	web := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, rawConn{}, c)
		},
	}
	playing, stop := context.WithCancel(ctx)
	defer stop()
	var own sync.WaitGroup
	failed := make(chan error, 1)
	own.Go(func() { failed <- web.Serve(l) })
	own.Go(func() { s.play(playing) })
	own.Go(func() { s.work(playing) })

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	// Closing a listener that is already closed is no failure of the server's.
	_ = web.Close()
	s.farewell()
	own.Wait()
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("simulator: serve: %w", err)
	}
	return nil
}

// Handler serves the protocol alone: without Serve nothing is generated, queued actions wait, and
// connections end by themselves or by Drop.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serveClient) }

func (s *Server) serveClient(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	defer s.running.Done()
	if s.stall.pass(r.Context()) != nil {
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // overlays connect from any origin, as they do to Streamer.bot
		OnPingReceived:     func(context.Context, []byte) bool { return !s.stall.shut() },
	})
	if err != nil {
		return // Accept has answered
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	raw, _ := r.Context().Value(rawConn{}).(net.Conn)
	c := newSession(ctx, s)
	c.conn, c.raw, c.cancel = conn, raw, cancel
	if !s.admit(c) {
		_ = conn.CloseNow() // the server went away meanwhile: nobody to tell
		return
	}
	defer s.dismiss(c)
	c.run(ctx)
}

// begin counts a request in, unless the server is closing.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.running.Add(1)
	return true
}

// admit makes a connection a client, unless the server is closing.
func (s *Server) admit(c *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	c.conn.SetReadLimit(readLimit)
	s.number++
	c.id = fmt.Sprintf("%08x", s.number)
	s.sessions = append(s.sessions, c)
	s.tally.update(func(t *Stats) { t.Clients++; t.Connected++ })
	return true
}

func (s *Server) dismiss(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(other *session) bool { return other == c })
	s.tally.update(func(t *Stats) {
		t.Clients--
		if c.subs.any() { // its goroutines have ended: nobody changes them
			t.Subscribed--
		}
	})
}

func (s *Server) snapshot() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sessions)
}

// farewell closes all connections and returns when they have ended.
func (s *Server) farewell() {
	s.mu.Lock()
	s.closing = true
	for _, c := range s.sessions {
		s.running.Go(func() { c.close(&goodbye{websocket.StatusGoingAway, "Streamer.bot is closing"}) })
	}
	s.mu.Unlock()
	hurry := time.AfterFunc(farewellTime, s.Drop)
	defer hurry.Stop()
	s.running.Wait()
}
