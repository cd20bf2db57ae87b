package gateway

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
)

// streamState tells health whether the streams stand, and makes them again on a
// server that has lost them. It never deletes one.
type streamState struct {
	problem atomic.Pointer[string]
	// stand is closed once they do, for the first time.
	stand chan struct{}
	once  sync.Once
	// missed has a token when somebody found no stream.
	missed chan struct{}
}

func newStreamState() *streamState {
	return &streamState{stand: make(chan struct{}), missed: make(chan struct{}, 1)}
}

// missing says that the server has no stream for what was published. It returns
// at once.
func (s *streamState) missing() {
	select {
	case s.missed <- struct{}{}:
	default:
	}
}

// keep makes the streams again whenever they are missed, until ctx ends.
func (s *streamState) keep(ctx context.Context, b *bus.Bus, o bus.StreamOptions, log zerolog.Logger) {
	select {
	case <-s.stand:
	case <-ctx.Done():
		return
	}
	for {
		select {
		case <-s.missed:
		case <-ctx.Done():
			return
		}
		log.Warn().Msg("NATS has no stream for what is published: making sure of the streams. If its store was deleted or replaced, the events in it are gone from the log; the sinks' database still has those that were stored")
		s.ensure(ctx, b, o, log)
	}
}

// ensure tries until the streams are as the settings say or ctx ends; what
// cannot be is said once, and tried again slowly, for an operator may mend it.
func (s *streamState) ensure(ctx context.Context, b *bus.Bus, o bus.StreamOptions, log zerolog.Logger) {
	pending := "the streams are not there yet"
	s.problem.Store(&pending)
	for ctx.Err() == nil {
		err := s.try(ctx, b, o)
		if err == nil {
			s.problem.Store(nil)
			s.once.Do(func() { close(s.stand) })
			return
		}
		if reason := err.Error(); *s.problem.Swap(&reason) != reason && ctx.Err() == nil {
			log.Warn().Err(err).Msg("cannot publish yet; accepted events wait in the outbox")
		}
		select {
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
		}
	}
}

func (s *streamState) try(ctx context.Context, b *bus.Bus, o bus.StreamOptions) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := b.Wait(ctx); err != nil {
		return err
	}
	return b.EnsureStreams(ctx, o)
}
