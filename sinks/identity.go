package sinks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/sinks/ledger"
	"promethean/sinks/store"
)

// stateID is the _id of the document that says of which log a database holds
// the events.
const stateID = "log"

var (
	// errNATS: there is no connection to the log, or not all of it is there.
	errNATS = errors.New("waiting for NATS")
	// errOtherLog: seq would begin anew, and one seq would mean two events.
	errOtherLog = errors.New("this database holds events of another log")
)

// identify holds database and log together. A database belongs to the log whose
// events it holds. One that is new is filled from the start of the log: the
// durables may be further because they stored elsewhere before.
func (s *Sinks) identify(ctx context.Context) error {
	created, err := s.logCreated(ctx)
	if err != nil {
		return err
	}
	known, found, err := s.store.Find(ctx, store.StateCollection, stateID, "created")
	if err != nil {
		return err
	}
	if found {
		return sameLog(known, created)
	}
	if err := s.fillNew(ctx); err != nil {
		return err
	}
	// Last: a crash before it finds the database as new as it was.
	return s.store.Replace(ctx, store.StateCollection, []bson.D{{
		{Key: "_id", Value: stateID}, {Key: "stream", Value: bus.StreamEvents}, {Key: "created", Value: created},
	}})
}

// logCreated is when the log was created, in milliseconds as a BSON date has
// them. The gateway creates it.
func (s *Sinks) logCreated(ctx context.Context) (time.Time, error) {
	stream, err := s.bus.JetStream().Stream(ctx, bus.StreamEvents)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return time.Time{}, fmt.Errorf("%w: waiting for the stream %s", errNATS, bus.StreamEvents)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: look up stream %s: %w", errNATS, bus.StreamEvents, err)
	}
	return stream.CachedInfo().Created.UTC().Truncate(time.Millisecond), nil
}

func sameLog(known bson.Raw, created time.Time) error {
	ms, ok := known.Lookup("created").DateTimeOK()
	if ok && ms == created.UnixMilli() {
		return nil
	}
	was := "at a time that cannot be read"
	if ok {
		was = time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
	}
	return fmt.Errorf("%w (created %s; NATS has one created %s): set BRAIN_MONGO_DB to a new name, or bring back the old NATS data",
		errOtherLog, was, created.Format(time.RFC3339Nano))
}

// fillNew sets the durables back to the start of the log if the database holds
// no events but they have stored some somewhere.
func (s *Sinks) fillNew(ctx context.Context) error {
	empty, err := s.store.Empty(ctx, ledger.Collection)
	if err != nil || !empty {
		return err
	}
	ahead := false
	for _, k := range s.sinks {
		durable, err := s.bus.JetStream().Consumer(ctx, bus.StreamEvents, k.worker.Name)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%w: look up consumer %s: %w", errNATS, k.worker.Name, err)
		}
		ahead = ahead || durable.CachedInfo().AckFloor.Stream > 0
	}
	if !ahead {
		return nil
	}
	for _, k := range s.sinks {
		_, err := s.bus.JetStream().ResetConsumerToSequence(ctx, bus.StreamEvents, k.worker.Name, 1)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return fmt.Errorf("%w: set consumer %s back to the start (needs NATS 2.14 or newer): %w", errNATS, k.worker.Name, err)
		}
	}
	s.log.Info().Msg("the store is new: filling it from the start of the log")
	return nil
}
