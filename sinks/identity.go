package sinks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/sinks/store"
)

// logID is the _id of the document that says of which log a database holds the
// events.
const logID = "log"

// lookupTime bounds one look at the log: a cluster without a leader does not
// answer at all, and asked again it does once it has one.
const lookupTime = 3 * time.Second

// sinkID is the _id of the document that says that a sink stores into the
// database from the start of its log.
func sinkID(name string) string { return "sink " + name }

var (
	// errNATS: there is no connection to the log, or not all of it is there.
	errNATS = errors.New("waiting for NATS")
	// errOtherLog: seq would begin anew, and one seq would mean two events.
	errOtherLog = errors.New("this database holds events of another log")
)

// identify holds database and log together. A database belongs to the log whose
// events it holds: the first program that comes says which. Each sink is then
// seen to by the program that runs it, so that several programs may begin on a
// database at once.
func (s *Sinks) identify(ctx context.Context) error {
	if err := s.ours(ctx); err != nil {
		return err
	}
	for _, k := range s.sinks {
		if err := s.fillNew(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// begin is asked by each worker before it reads: NATS may have come back with
// another log, or the database may have been emptied. Then its collections are
// made anew, and the sink is filled.
func (s *Sinks) begin(ctx context.Context, k *sink) error {
	s.beginning.Lock()
	defer s.beginning.Unlock()
	if err := s.ours(ctx); err != nil {
		return err
	}
	if there, err := s.noted(ctx, k); err != nil || there {
		return err
	}
	if err := s.furnish(ctx); err != nil {
		return err
	}
	if err := s.describe(ctx); err != nil {
		return err
	}
	return s.fillNew(ctx, k)
}

// noted reports whether the database says that a sink stores into it.
func (s *Sinks) noted(ctx context.Context, k *sink) (bool, error) {
	_, found, err := s.store.Find(ctx, store.StateCollection, sinkID(k.worker.Name))
	return found, err
}

// ours is nil when the database is of the log that NATS has now.
func (s *Sinks) ours(ctx context.Context) error {
	created, err := s.logCreated(ctx)
	if err != nil {
		return err
	}
	return s.claim(ctx, created)
}

// claim says in the database of which log it is, or finds that it is this one.
func (s *Sinks) claim(ctx context.Context, created time.Time) error {
	err := s.note(ctx, bson.D{{Key: "_id", Value: logID}, {Key: "stream", Value: bus.StreamEvents}, {Key: "created", Value: created}})
	if err != nil {
		return err
	}
	known, found, err := s.store.Find(ctx, store.StateCollection, logID, "created")
	if err != nil {
		return err
	}
	if !found {
		return errors.New("the database lost its document " + logID + " in " + store.StateCollection)
	}
	return sameLog(known, created)
}

// note inserts a document of housekeeping; one that is there stays as it is.
func (s *Sinks) note(ctx context.Context, doc bson.D) error {
	raw, err := bson.Marshal(doc)
	if err != nil {
		return err
	}
	outcomes, err := s.store.Insert(ctx, store.StateCollection, []bson.Raw{raw})
	if err != nil {
		return err
	}
	return outcomes[0].Err
}

// logCreated is when the log was created, in milliseconds as a BSON date has
// them. The gateway creates it.
func (s *Sinks) logCreated(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
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

// fillNew sees to it that a sink which is new to the database stores from the
// start of the log: its durable may be further because it stored elsewhere
// before, or here, before the database was emptied. What is there already stays.
func (s *Sinks) fillNew(ctx context.Context, k *sink) error {
	if there, err := s.noted(ctx, k); err != nil || there {
		return err
	}
	if err := s.restart(ctx, k.worker.Name); err != nil {
		return err
	}
	// Last: a crash before it finds the sink as new as it was.
	return s.note(ctx, bson.D{{Key: "_id", Value: sinkID(k.worker.Name)}})
}

// restart sets a durable that has stored something back to the start of the log.
func (s *Sinks) restart(ctx context.Context, name string) error {
	durable, err := s.bus.JetStream().Consumer(ctx, bus.StreamEvents, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: look up consumer %s: %w", errNATS, name, err)
	}
	if durable.CachedInfo().AckFloor.Stream == 0 {
		return nil
	}
	_, err = s.bus.JetStream().ResetConsumerToSequence(ctx, bus.StreamEvents, name, 1)
	if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return fmt.Errorf("%w: set consumer %s back to the start (needs NATS 2.14 or newer): %w", errNATS, name, err)
	}
	s.log.Info().Str("sink", name).Msg("the store is new: filling it from the start of the log")
	return nil
}
