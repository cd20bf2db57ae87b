package streamerbot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Status is what health and metrics say of a source. Counters count from the
// source's start.
type Status struct {
	Connected bool
	// Since is when Connected last changed; zero before the first connection.
	Since time.Time
	// Subscribed counts the event types that the server agreed to send.
	Subscribed          int
	InstanceID, Version string
	// LastError is why the last connection ended or could not be made; empty
	// while connected.
	LastError string
	// LastSeen is what Config.LastSeen wants to know at the next start: the last
	// proof of life, or the beginning of a blindness that is not told yet.
	// LastFrame is the last frame.
	LastSeen, LastFrame time.Time
	// BlockedSince is since when the outbox has been full; zero while it is not.
	BlockedSince time.Time
	// Frames are all that came; Emitted events and Refused frames went on,
	// events of Ignored users and Strays (answers nobody waited for) did not.
	Frames, Emitted, Refused, Ignored, Strays uint64
	// Connections counts those made, Failures those lost or not made.
	Connections, Failures uint64
}

// tally holds the counters, which the reader moves without a lock.
type tally struct {
	frames, emitted, refused, ignored, strays atomic.Uint64
	connections, failures                     atomic.Uint64
	lastFrame                                 atomic.Pointer[time.Time]
}

func (t *tally) frame(at time.Time) {
	t.frames.Add(1)
	t.lastFrame.Store(&at)
}

// state is what Status says of the connection.
type state struct {
	mu        sync.Mutex
	live      *session
	since     time.Time
	lastSeen  time.Time
	lastError string
	// came is closed when the next connection is up; nil while nobody waits.
	came chan struct{}
}

func (s *state) up(n *session, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live, s.since, s.lastError = n, at, ""
	if s.came != nil {
		close(s.came)
		s.came = nil
	}
}

// now is the connection that is up, or nil.
func (s *state) now() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil || s.live.over() {
		return nil
	}
	return s.live
}

// await waits for a connection; the only error is ctx's.
func (s *state) await(ctx context.Context) (*session, error) {
	for ctx.Err() == nil {
		s.mu.Lock()
		if s.live != nil && !s.live.over() {
			defer s.mu.Unlock()
			return s.live, nil
		}
		if s.came == nil {
			s.came = make(chan struct{})
		}
		came := s.came
		s.mu.Unlock()
		select {
		case <-came:
		case <-ctx.Done():
		}
	}
	return nil, ctx.Err()
}

// down notes the loss of the live connection.
func (s *state) down(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live != nil {
		s.lastSeen, s.live, s.since = s.live.life.last(), nil, at
	}
}

func (s *state) failed(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastError = err.Error()
}

// Status says how the source is. Any goroutine may call it.
func (s *Source) Status() Status {
	t := &s.tally
	st := Status{
		BlockedSince: s.outlet.blockedSince(),
		Frames:       t.frames.Load(), Emitted: t.emitted.Load(), Refused: t.refused.Load(),
		Ignored: t.ignored.Load(), Strays: t.strays.Load(),
		Connections: t.connections.Load(), Failures: t.failures.Load(),
	}
	if at := t.lastFrame.Load(); at != nil {
		st.LastFrame = *at
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st.Since, st.LastError, st.LastSeen = s.state.since, s.state.lastError, s.state.lastSeen
	if n := s.state.live; n != nil {
		f := n.facts()
		st.Connected, st.Subscribed, st.LastSeen = true, n.subscribed, n.life.last()
		st.InstanceID, st.Version = f.InstanceID, f.Version
	}
	st.LastSeen = s.sight.bound(st.LastSeen)
	return st
}
