package ailicia

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"promethean/gateway/source/ailicia/eventstream"
	"promethean/schema"
)

var errRunning = errors.New("ailicia: source runs already")

// Source reads one event stream of ai_licia. It has at most one connection.
type Source struct {
	c              Config
	address, shown string
	normaliser     *normaliser
	outlet         outlet
	horizon        horizon
	tally          tally
	state          state
	running        atomic.Bool

	// The rest belongs to Run's goroutine.
	key     string
	session *session
	blind   blindness
	// before is the last event that was emitted, also before a restart.
	before *schema.EventRef
	// told is the trouble that was logged last.
	told string
}

// New checks c; an error says which setting is wrong. Nothing is opened before
// Run.
func New(c Config) (*Source, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("ailicia: %w", err)
	}
	s := &Source{c: c, key: c.APIKey, normaliser: newNormaliser(c.Tenant, c.IgnoreUsers)}
	s.address, s.shown = c.address()
	s.outlet.clock, s.outlet.most, s.outlet.horizon = c.Clock, c.Timings.Blocked, &s.horizon
	s.horizon.lastID, s.horizon.lastEvent, s.before = c.LastEventID, c.LastEvent, c.LastEvent
	s.state.seen, s.state.safe = c.LastSeen, c.LastSeen
	if !c.LastSeen.IsZero() {
		s.blind = blindness{from: c.LastSeen, cause: schema.GapRestarted, detail: "the gateway was not running"}
	}
	return s, nil
}

// Run reads until ctx ends; then it returns nil, with all its goroutines ended.
// A server that refuses is looked at again every few minutes. emit is called in
// order, never by two goroutines at once; it may block, which stops the
// reading, and must come back when ctx ends. Run may be called once at a time.
func (s *Source) Run(ctx context.Context, emit func(schema.Draft)) error {
	if !s.running.CompareAndSwap(false, true) {
		return errRunning
	}
	defer s.running.Store(false)
	s.outlet.mu.Lock()
	s.outlet.emit = emit
	s.outlet.mu.Unlock()
	for {
		err := eventstream.Read(ctx, s.options(), s.take)
		if ctx.Err() != nil {
			s.ended("the gateway stops")
			return nil
		}
		stop, why := s.explain(err)
		why = s.clean(why)
		s.ended(why)
		s.tally.failures.Add(1)
		s.state.failed(why, stop)
		s.stopped(stop, why)
		if !sleep(ctx, s.c.Timings.Again) {
			return nil
		}
		s.rereadKey()
	}
}

func (s *Source) options() eventstream.Options {
	t := s.c.Timings
	return eventstream.Options{
		URL:       s.address,
		Header:    http.Header{"Authorization": {"Bearer " + s.key}, "User-Agent": {"promethean-gateway"}},
		Transport: s.c.Transport,
		MaxEvent:  schema.MaxFrame,
		Idle:      t.Idle, HeaderWait: t.HeaderWait,
		RetryFirst: t.RetryFirst, RetryMost: t.RetryMost,
		LastEventID: s.horizon.last,
		Opened:      s.opened,
		Closed:      s.closed,
		Alive:       func() { s.state.alive(s.c.Clock()) },
	}
}

// subscribed is how many types are asked for.
func (s *Source) subscribed() int {
	if len(s.c.Types) > 0 {
		return len(s.c.Types)
	}
	return len(Types())
}

// closed is told each connection that ended or could not be made and is tried
// again.
func (s *Source) closed(err error, wait time.Duration) {
	why := s.clean(err.Error())
	s.ended(why)
	s.tally.failures.Add(1)
	s.state.failed(why, "")
	if why == s.told {
		return
	}
	s.told = why
	s.c.Log.Warn().Str("url", s.shown).Str("reason", why).Dur("again_in", wait).Msg("no sight of ai_licia; will keep trying")
}

// stopped says once what a person has to do.
func (s *Source) stopped(stop Stop, why string) {
	if why == s.told {
		return
	}
	s.told = why
	s.c.Log.Error().Str("url", s.shown).Str("stopped", string(stop)).
		Msgf("%s. The rest of the gateway goes on; ai_licia is looked at again every %v, without a restart", why, s.c.Timings.Again)
}

// rereadKey takes a key that was mended meanwhile. One that cannot be read
// leaves the old one, of which the next refusal tells.
func (s *Source) rereadKey() {
	if s.c.ReadKey == nil {
		return
	}
	if key, err := s.c.ReadKey(); err == nil && validKey(key) {
		s.key = key
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
