package sinks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"promethean/sinks/collections"
)

const (
	// retryEvery is the pause between tries to prepare the store.
	retryEvery = 2 * time.Second
	// soonEvery is the pause while NATS is what is waited for: beside a gateway
	// that starts now it is there in a moment.
	soonEvery = 100 * time.Millisecond
	// prepareTime bounds one try.
	prepareTime = 30 * time.Second
	// natsTime is how long a try waits for NATS; less than a person waits before
	// wondering.
	natsTime = 3 * time.Second
)

// obstacle is why the workers have not started.
type obstacle struct {
	since time.Time
	err   error
}

var errStarting = errors.New("waiting for the store")

// prepare makes the sinks' collections, indexes and notes; it tries until that works or
// ctx ends, and says once, until it changes, what is in the way.
func (s *Sinks) prepare(ctx context.Context) bool {
	for ctx.Err() == nil {
		err := s.tryPrepare(ctx)
		if err == nil {
			s.pending.Store(nil)
			return true
		}
		if ctx.Err() == nil {
			s.blocked(err)
		}
		s.countWaiting(ctx)
		select {
		case <-time.After(retryEvery):
		case <-ctx.Done():
		}
	}
	return false
}

func (s *Sinks) blocked(err error) {
	before := s.pending.Load()
	s.pending.Store(&obstacle{since: before.since, err: err})
	if before.err.Error() != err.Error() {
		s.log.Warn().Err(err).Msg("nothing can be stored yet; events wait on the log")
	}
}

func (s *Sinks) tryPrepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, prepareTime)
	defer cancel()
	if err := s.furnish(ctx); err != nil {
		return err
	}
	if err := s.identifySoon(ctx); err != nil {
		return err
	}
	return s.describe(ctx)
}

// furnish makes collections and indexes.
func (s *Sinks) furnish(ctx context.Context) error {
	if err := s.store.Prepare(ctx, collections.Collections(s.writes)); err != nil {
		return err
	}
	if s.o.Prepared == nil {
		return nil
	}
	return s.o.Prepared(ctx)
}

// describe writes what the collections hold.
func (s *Sinks) describe(ctx context.Context) error {
	notes, err := collections.Notes(s.writes)
	if err != nil {
		return err
	}
	return s.store.Replace(ctx, collections.NotesName, notes)
}

// writes reports whether one of the sinks writes to a collection.
func (s *Sinks) writes(collection string) bool {
	return slices.ContainsFunc(s.sinks, func(k *sink) bool { return slices.Contains(k.collections, collection) })
}

// identifySoon is identify, tried again for a while where NATS is in the way.
func (s *Sinks) identifySoon(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, natsTime)
	defer cancel()
	if err := s.bus.Wait(wait); err != nil {
		return fmt.Errorf("%w: %w", errNATS, err)
	}
	for {
		err := s.identify(ctx)
		if !errors.Is(err, errNATS) {
			return err
		}
		select {
		case <-time.After(soonEvery):
		case <-wait.Done():
			return err
		}
	}
}
