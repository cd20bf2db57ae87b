package ailicia

import (
	"sync"
	"sync/atomic"
	"time"

	"promethean/schema"
)

// Status is what health and metrics say of a source. Counters count from the
// source's start.
type Status struct {
	Connected bool
	// Since is when Connected last changed; zero before the first connection.
	Since time.Time
	// Subscribed counts the event types that are asked for; all are those known.
	Subscribed int
	// Stopped is why nothing is read until a person mends it: one of [Stops], or
	// empty. It is looked at again every few minutes.
	Stopped Stop
	// LastError is why the last connection ended or could not be made; empty
	// while connected.
	LastError string
	// LastSeen, LastEvent and LastEventID are what Config wants to know at the next
	// start. LastSeen is zero before the first connection ever, LastEvent nil before
	// the first event; LastEventID is empty where the server sends none.
	LastSeen    time.Time
	LastEvent   *schema.EventRef
	LastEventID string
	// BlockedSince is since when the outbox has been full; zero while it is not.
	BlockedSince time.Time
	// Frames are all events that came; Emitted events and Refused ones went on
	// (Oversize among these), those of ignored users did not.
	Frames, Emitted, Refused, Ignored, Oversize uint64
	// Connections counts those made, Failures those lost or not made.
	Connections, Failures uint64
}

type tally struct {
	frames, emitted, refused, ignored, oversize atomic.Uint64
	connections, failures                       atomic.Uint64
}

// state is what Status says of the connection.
type state struct {
	mu        sync.Mutex
	connected bool
	since     time.Time
	stopped   Stop
	lastError string
	// seen is the last proof of life; what came with the one before it, at safe,
	// has been handed on by then.
	seen, safe time.Time
}

func (s *state) up(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connected, s.since, s.stopped, s.lastError, s.seen, s.safe = true, at, "", "", at, at
}

func (s *state) alive(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.safe, s.seen = s.seen, at
}

// down notes the loss of the connection and says when it was last alive.
func (s *state) down(at time.Time) (seen time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connected, s.since, s.safe = false, at, s.seen
	return s.seen
}

func (s *state) failed(why string, stopped Stop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastError, s.stopped = why, stopped
}

// Status says how the source is. Any goroutine may call it.
func (s *Source) Status() Status {
	t := &s.tally
	st := Status{
		Subscribed: s.subscribed(), BlockedSince: s.outlet.blockedSince(),
		Frames: t.frames.Load(), Emitted: t.emitted.Load(), Refused: t.refused.Load(),
		Ignored: t.ignored.Load(), Oversize: t.oversize.Load(),
		Connections: t.connections.Load(), Failures: t.failures.Load(),
	}
	st.LastEventID, st.LastEvent = s.horizon.point()
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st.Connected, st.Since, st.Stopped, st.LastError = s.state.connected, s.state.since, s.state.stopped, s.state.lastError
	if !s.state.safe.IsZero() {
		st.LastSeen = s.horizon.bound(s.state.safe)
	}
	return st
}
