package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"promethean/gateway/source/ignore"
	"promethean/schema"

	"github.com/cenkalti/backoff/v5"
)

var (
	errStopped = errors.New("the gateway stops")
	errRunning = errors.New("streamerbot: source runs already")
)

// Source listens to one Streamer.bot. It has at most one connection.
type Source struct {
	c       Config
	shown   string
	ignored ignore.Users
	outlet  outlet
	tally   tally
	state   state
	sight   sight
	running atomic.Bool

	// The rest belongs to Run.
	retry *backoff.ExponentialBackOff
	// told is the kind of trouble that was logged last.
	told string
}

// New checks c; an error says which setting is wrong. Nothing is opened before
// Run.
func New(c Config) (*Source, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("streamerbot: %w", err)
	}
	s := &Source{c: c, shown: shownURL(c.URL), ignored: ignore.New(c.IgnoreUsers)}
	s.outlet.clock, s.outlet.most = c.Clock, c.Timings.Blocked
	if !c.LastSeen.IsZero() {
		s.sight.lost(blindness{from: c.LastSeen, cause: schema.GapRestarted, detail: "the gateway was not running"})
	}
	s.state.lastSeen = c.LastSeen
	// With a jitter of half either way the longest pause is RetryMost.
	s.retry = &backoff.ExponentialBackOff{
		InitialInterval:     c.Timings.RetryFirst,
		MaxInterval:         c.Timings.RetryMost * 2 / 3,
		Multiplier:          2,
		RandomizationFactor: 0.5,
	}
	return s, nil
}

// Run connects, emits what it sees and connects again until ctx ends; then it
// returns nil, with all its goroutines ended. emit is called in order, never
// by two goroutines at once; it may block, which stops the reading, and must
// come back when ctx ends. Run may be called once at a time.
func (s *Source) Run(ctx context.Context, emit func(schema.Draft)) error {
	if !s.running.CompareAndSwap(false, true) {
		return errRunning
	}
	defer s.running.Store(false)
	s.outlet.emit = emit
	for {
		err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		s.tally.failures.Add(1)
		s.state.failed(err)
		s.tell(err)
		if !sleep(ctx, s.pause(err)) {
			return nil
		}
	}
}

// connect makes one connection and stays until it ends; the error says why.
func (s *Source) connect(ctx context.Context) error {
	conn, network, err := s.dial(ctx)
	if err != nil {
		return err
	}
	n := newSession(s, conn, network)
	var work sync.WaitGroup
	work.Go(n.read)
	if err := n.handshake(ctx); err != nil {
		n.goodbye()
		work.Wait()
		n.release()
		return err
	}
	began := time.Now()
	if err = s.begin(n); err == nil {
		work.Go(n.watch)
		work.Go(n.hush)
		work.Go(n.relearn)
		select {
		case <-n.ended:
			err = n.readErr
		case <-ctx.Done():
			err = errStopped
		}
	}
	n.goodbye()
	work.Wait()
	n.runs.abandon(err)
	n.release()
	// A server that drops every connection soon is not one to hurry back to.
	if time.Since(began) >= s.c.Timings.RetryMost {
		s.retry.Reset()
	}
	return errors.Join(err, s.end(n, err))
}

// handshake makes a connection one that hears events.
func (s *session) handshake(ctx context.Context) error {
	g, err := s.greet(ctx)
	if err != nil {
		return err
	}
	if err := s.authenticate(ctx, g.Authentication); err != nil {
		return err
	}
	open := g.Authentication.has && s.source.c.Password == ""
	channels, err := s.channels(ctx)
	if open && rejected(err) {
		return &passwordError{setting: s.source.c.PasswordSetting, missing: true, verdict: err}
	}
	var refused *refusedError
	if err != nil && !errors.As(err, &refused) && !errors.Is(err, errUnanswered) {
		return err
	}
	f := s.facts()
	f.Channels = channels
	s.know(f)
	err = s.subscribe(ctx)
	if open && shutOut(err) {
		return &passwordError{setting: s.source.c.PasswordSetting, missing: true, verdict: err}
	}
	return err
}

// begin notes that there is sight, and says so.
func (s *Source) begin(n *session) error {
	s.tally.connections.Add(1)
	s.state.up(n, s.c.Clock())
	f := n.facts()
	s.c.Log.Info().Str("url", s.shown).Str("version", f.Version).Int("subscribed", n.subscribed).Msg("connected to Streamer.bot")
	s.told = ""
	return n.connected()
}

// end notes that sight was lost, and says so.
func (s *Source) end(n *session, reason error) error {
	s.state.down(s.c.Clock())
	s.sight.lost(blindness{from: n.life.last(), cause: schema.GapDisconnected, detail: reason.Error(), connection: n.id})
	return n.disconnected(reason)
}

// tell logs a trouble once, until another one comes or it is over.
func (s *Source) tell(err error) {
	kind := err.Error()
	var password *passwordError
	switch {
	case errors.Is(err, errAbsent):
		kind = errAbsent.Error()
	case errors.As(err, &password):
		kind = "password"
	}
	if kind == s.told {
		return
	}
	s.told = kind
	switch kind {
	case errAbsent.Error():
		s.c.Log.Info().Msgf("no Streamer.bot at %s yet; will keep trying", s.shown)
		s.c.Log.Debug().Err(err).Msg("dial")
	case "password":
		s.c.Log.Error().Str("url", s.shown).Msg(err.Error())
	default:
		s.c.Log.Warn().Str("url", s.shown).Err(err).Msg("no sight of Streamer.bot; will keep trying")
	}
}

// pause is how long to wait before the next try. A wrong password is mended by
// a person only, and Streamer.bot logs every try.
func (s *Source) pause(err error) time.Duration {
	var password *passwordError
	if errors.As(err, &password) {
		least := s.c.Timings.RetryPassword
		return least + rand.N(least/4+1)
	}
	return s.retry.NextBackOff()
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
