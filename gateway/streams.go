package gateway

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
)

// streamState tells health whether the streams stand.
type streamState struct {
	problem atomic.Pointer[string]
	// stand is closed once they do.
	stand chan struct{}
}

// ensure tries until the streams are as the settings say or ctx ends; what
// cannot be is said once, and tried again slowly, for an operator may mend it.
func (s *streamState) ensure(ctx context.Context, b *bus.Bus, o bus.StreamOptions, log zerolog.Logger) error {
	pending := "the streams are not there yet"
	s.problem.Store(&pending)
	for ctx.Err() == nil {
		err := s.try(ctx, b, o)
		if err == nil {
			s.problem.Store(nil)
			close(s.stand)
			return nil
		}
		if reason := err.Error(); *s.problem.Swap(&reason) != reason && ctx.Err() == nil {
			log.Warn().Err(err).Msg("cannot publish yet; accepted events wait in the outbox")
		}
		select {
		case <-time.After(2 * time.Second):
		case <-ctx.Done():
		}
	}
	return nil
}

func (s *streamState) try(ctx context.Context, b *bus.Bus, o bus.StreamOptions) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := b.Wait(ctx); err != nil {
		return err
	}
	return b.EnsureStreams(ctx, o)
}
