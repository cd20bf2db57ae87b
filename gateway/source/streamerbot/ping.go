package streamerbot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errSilent is the cause of a connection that was cut because nothing came.
var errSilent = errors.New("no answer to pings from Streamer.bot")

// life is what proves that the peer is alive: bytes and pongs. A reader that
// is held up by a full outbox hears nothing and proves nothing either way.
type life struct {
	clock func() time.Time
	mu    sync.Mutex
	// seen is the last proof of life by the clock; quiet is since when the
	// reader has waited in vain; held sums the time it was held up.
	seen  time.Time
	quiet time.Time
	hold  time.Time
	held  time.Duration
}

func newLife(clock func() time.Time) *life {
	return &life{clock: clock, seen: clock(), quiet: time.Now()}
}

// proof notes bytes or a pong.
func (l *life) proof() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen, l.quiet = l.clock(), time.Now()
}

// busy notes that the reader does something else than reading, until done.
func (l *life) busy() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hold = time.Now()
}

// done notes that the reader reads again.
func (l *life) done() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.held += now.Sub(l.hold)
	l.hold, l.quiet = time.Time{}, now
}

// heldUp is for how long in all the reader was held up.
func (l *life) heldUp() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hold.IsZero() {
		return l.held
	}
	return l.held + time.Since(l.hold)
}

func (l *life) isHeld() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.hold.IsZero()
}

// silentFor reports whether the reader has waited in vain for d.
func (l *life) silentFor(d time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hold.IsZero() && time.Since(l.quiet) >= d
}

func (l *life) last() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

// watch pings until the connection ends, and ends it when the peer is dead:
// at the latest PingEvery + PingWait after its last sign.
func (s *session) watch() {
	t := s.source.c.Timings
	tick := time.NewTicker(t.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-tick.C:
		}
		// A pong to a reader that is held up would only wait in the peer's way.
		if s.life.isHeld() {
			continue
		}
		if !s.ping(t.PingWait) && s.life.silentFor(t.PingWait) {
			s.fail(errSilent)
			return
		}
	}
}

// ping reports whether a pong came within wait.
func (s *session) ping(wait time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	if err := s.conn.Ping(ctx); err != nil {
		return false
	}
	s.life.proof()
	return true
}
