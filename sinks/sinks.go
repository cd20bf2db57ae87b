package sinks

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/sinks/store"
)

// Options are what the sinks need; the programs fill them from the settings.
type Options struct {
	Bus      bus.Options
	MongoURI string
	Database string
	// Only names the sinks to run; none means all. Several programs may share a
	// database, each with sinks of its own.
	Only []string
	// Prepared, when set, is called after the collections and their indexes
	// exist and before anything is written; again when the database was emptied.
	Prepared func(context.Context) error
	Log      zerolog.Logger
}

// Sinks is the running program as a value.
type Sinks struct {
	o     Options
	log   zerolog.Logger
	bus   *bus.Bus
	store *store.Store
	sinks []*sink
	// pending says why the workers have not started; nil once they have.
	pending atomic.Pointer[obstacle]
	// beginning: a worker looks at the database before it reads, one at a time.
	beginning sync.Mutex
}

// Open starts connecting; it does not wait for the bus nor for the store.
func Open(o Options) (*Sinks, error) {
	if err := checkNames(o.Only); err != nil {
		return nil, err
	}
	s := &Sinks{o: o, log: o.Log}
	s.pending.Store(&obstacle{since: time.Now(), err: errStarting})
	var err error
	if s.store, err = store.Open(o.MongoURI, o.Database); err != nil {
		return nil, fmt.Errorf("sinks: %w", err)
	}
	if s.bus, err = bus.Connect(o.Bus); err != nil {
		return nil, fmt.Errorf("sinks: %w", err)
	}
	s.sinks = chosen(table(s.bus, s.store, s.log), o.Only)
	for _, k := range s.sinks {
		k.worker.Check = func(ctx context.Context) error { return s.begin(ctx, k) }
		k.worker.Still = func(ctx context.Context) (bool, error) { return s.noted(ctx, k) }
	}
	return s, nil
}

// Run stores events until ctx ends; what is being written then is finished.
// It waits for the bus and the store for ever.
func (s *Sinks) Run(ctx context.Context) error {
	defer s.close(ctx)
	if !s.prepare(ctx) {
		return nil
	}
	ended := make(chan error, len(s.sinks))
	for _, k := range s.sinks {
		go func() { ended <- k.worker.Run(ctx) }()
	}
	var err error
	for range s.sinks {
		err = errors.Join(err, <-ended)
	}
	return err
}

// CatchUp returns when every sink has stored what is on the log now, or with
// ctx's error. What waits then, Stats tell.
func (s *Sinks) CatchUp(ctx context.Context) error {
	defer func() {
		if s.pending.Load() != nil {
			s.countWaiting(context.WithoutCancel(ctx))
		}
	}()
	for _, k := range s.sinks {
		if err := k.worker.CatchUp(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sinks) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	s.bus.Close()
	if err := s.store.Close(ctx); err != nil {
		s.log.Debug().Err(err).Msg("store not closed cleanly")
	}
}
