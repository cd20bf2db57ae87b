package ailicia

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"promethean/gateway/simulator/internal/evening"
)

// farewellTime is how long a closing server waits for clients to take their last bytes.
const farewellTime = 500 * time.Millisecond

// Server is one simulated ai_licia. All methods may be called by several goroutines at once.
type Server struct {
	opt    Options
	tally  tally
	faults faults

	telling sync.Mutex // held while one frame's events are handed to all clients, so all see one order
	teller  *teller

	mu       sync.Mutex
	closing  bool
	sessions []*session
	running  sync.WaitGroup // requests being served
}

// New prepares a server. Its ids are of the clock's time now.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{opt: o, teller: newTeller(o.Seed, o.Clock())}
	s.faults.init(o)
	return s
}

// URL gives the address of a server that listens on l, as BRAIN_AILICIA_URL takes it: without the path.
func URL(l net.Listener) string { return "http://" + l.Addr().String() }

// Serve answers on l, and plays an evening of its own where Options.Rate asks for one, until ctx ends; then it
// ends all streams, waits for them and returns nil. It may be called again once it has returned, as a
// restarted service.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.close(false)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	web := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var own sync.WaitGroup
	failed := make(chan error, 1)
	own.Go(func() { failed <- web.Serve(l) })
	own.Go(func() { s.play(ctx, s.opt.Rate) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.close(true)
	stop()
	farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewellTime)
	defer cancel()
	if web.Shutdown(farewell) != nil {
		_ = web.Close() // those who do not read their last bytes are cut off
	}
	s.running.Wait()
	own.Wait()
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("ailicia simulator: serve: %w", err)
	}
	return nil
}

// play tells an evening of the server's own, of rate frames a second, until ctx ends.
func (s *Server) play(ctx context.Context, rate float64) {
	if rate <= 0 {
		return
	}
	show := evening.New(evening.Options{Seed: s.opt.Seed, Start: s.opt.Clock(), Kick: true})
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		for _, frame := range show.Next(s.opt.Clock()) {
			s.Tell(frame)
		}
		timer.Reset(show.Gap(rate))
	}
}

// Tell tells what a Streamer.bot frame brings about to every client that asked for it. It does not block:
// a client that does not keep up is cut off.
func (s *Server) Tell(frame []byte) {
	s.telling.Lock()
	defer s.telling.Unlock()
	for _, e := range s.teller.tell(frame, s.opt.Clock()) {
		s.broadcast(e)
	}
}

// broadcast queues an event for everybody who wants it. The caller holds telling.
func (s *Server) broadcast(e event) {
	s.tally.update(func(t *Stats) { t.Told++ })
	for range s.faults.copies() {
		body := s.faults.frame(e)
		for _, c := range s.snapshot() {
			if c.filter.wants(e) {
				c.offer(message{body: body, isEvent: true})
			}
		}
	}
}

// toAll queues a message for every client.
func (s *Server) toAll(m message) {
	s.telling.Lock()
	defer s.telling.Unlock()
	for _, c := range s.snapshot() {
		c.offer(m)
	}
}

func (s *Server) snapshot() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sessions)
}

func (s *Server) close(closing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = closing
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

func (s *Server) admit(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = append(s.sessions, c)
	s.tally.update(func(t *Stats) { t.Clients++; t.Connected++ })
}

func (s *Server) dismiss(c *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = slices.DeleteFunc(s.sessions, func(other *session) bool { return other == c })
	s.tally.update(func(t *Stats) { t.Clients-- })
}
