package ailicia

import (
	"context"
	"sync"
)

// Stats is what has happened so far. All but Clients and Queued only grow.
type Stats struct {
	Clients   int    // streams now
	Connected uint64 // streams so far
	Requests  uint64 // requests so far, whatever their answer
	Refused   uint64 // requests that got no stream
	Told      uint64 // events told, whether or not anybody listened
	Queued    int    // messages that wait for a client to take them
	Sent      uint64 // events written to a client; one event to two clients is two
	Cut       uint64 // clients cut off because they were too slow
	// LastEventID is the header of the last request; empty when it had none.
	LastEventID string
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
func (s *Server) Stats() Stats {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return s.tally.now
}

// Wait blocks until ok holds for the Stats or the context ends, whose cause it returns. ok is called
// under a lock and must not call the server.
func (s *Server) Wait(ctx context.Context, ok func(Stats) bool) error { return s.tally.wait(ctx, ok) }

// WaitClients blocks until at least n streams are open: what is told from then on reaches them.
func (s *Server) WaitClients(ctx context.Context, n int) error {
	return s.Wait(ctx, func(t Stats) bool { return t.Clients >= n })
}
