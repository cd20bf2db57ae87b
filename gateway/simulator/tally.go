package simulator

import (
	"context"
	"sync"
)

// Stats is what has happened so far. Connected, Requests, Sent, Lost and Cut only grow.
type Stats struct {
	Clients    int    // connections now
	Connected  uint64 // connections so far
	Subscribed int    // connections now that are subscribed to something
	Requests   uint64 // Subscribe and UnSubscribe requests acted on
	Queued     int    // events that wait for a connection to take them
	Sent       uint64 // events written to a connection; one event to two clients is two
	Lost       uint64 // events that were queued when their connection ended
	Cut        uint64 // clients disconnected because they were too slow
}

// tally keeps the Stats and wakes those who wait for a change of them.
type tally struct {
	mu      sync.Mutex
	now     Stats
	changed chan struct{} // closed at the next change; nil while nobody waits
}

func (t *tally) update(f func(*Stats)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(&t.now)
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

func (t *tally) stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}

func (t *tally) wait(ctx context.Context, ok func(Stats) bool) error {
	for {
		t.mu.Lock()
		if ok(t.now) {
			t.mu.Unlock()
			return nil
		}
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Stats tells what has happened so far.
func (s *Server) Stats() Stats { return s.tally.stats() }

// Connections counts the clients that are connected now.
func (s *Server) Connections() int { return s.tally.stats().Clients }

// Wait blocks until ok holds for the Stats or the context ends, whose cause it returns. ok is called
// under a lock and must not call the server.
func (s *Server) Wait(ctx context.Context, ok func(Stats) bool) error { return s.tally.wait(ctx, ok) }

// WaitSubscribed blocks until at least n clients are subscribed to something. Their Subscribe has been
// acted on: what is injected from then on reaches them.
func (s *Server) WaitSubscribed(ctx context.Context, n int) error {
	return s.tally.wait(ctx, func(st Stats) bool { return st.Subscribed >= n })
}

// Flush blocks until no event waits for a connection: each was sent or, with its connection, lost.
func (s *Server) Flush(ctx context.Context) error {
	return s.tally.wait(ctx, func(st Stats) bool { return st.Queued == 0 })
}
