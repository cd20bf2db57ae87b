package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

const (
	// mongoBatch is how many documents one insert carries: a worker's batch, for
	// each command waits for the journal. MongoDB takes 100,000 and answers each by
	// index.
	mongoBatch = 512
	// ferretBatch is the same for FerretDB on SQLite, which commits every 100.
	ferretBatch = 99
	// ferretUpdates is how many documents one update command changes there; see
	// [Store.Update]. Half of what hangs it: readiness and other sinks update too.
	ferretUpdates = 49
	// batchBytes bounds one insert; MongoDB takes 48,000,000.
	batchBytes = 8 << 20
	// MaxDocument is the most that MongoDB takes as one document. The embedded
	// store takes more; by one rule on every store alike this is the limit.
	MaxDocument = 16 << 20
	// timeout bounds one command. A time-out means unknown, and the same is
	// written again.
	timeout = 15 * time.Second
	// scanTime bounds [Store.Each], which reads about 1,500 documents of 2 KiB a
	// second from the embedded store.
	scanTime = 10 * time.Minute
	// scanBatch is how many documents come at once from there.
	scanBatch = 1000
)

// Store is one database. Its methods may be called by any goroutine, but a
// collection has one writer.
type Store struct {
	client *mongo.Client
	db     *mongo.Database
	// batch and updates are how many documents one command inserts and changes.
	batch, updates atomic.Int64
	// ferret: the server is FerretDB.
	ferret atomic.Bool
	// numbered: the server tells a write that comes again by its number.
	numbered atomic.Bool

	mu sync.Mutex
	// commands are by collection.
	commands map[string]*commands
}

// Open starts connecting to the database at uri; it does not wait. An error
// means that the uri cannot be right.
func Open(uri, database string) (*Store, error) { return OpenBy(nil, uri, database) }

// OpenBy is [Open] on connections of the caller's making; nil is the network.
func OpenBy(dial options.ContextDialer, uri, database string) (*Store, error) {
	journal := true
	concern := writeconcern.Majority()
	concern.Journal = &journal
	o := options.Client().ApplyURI(uri).SetAppName("promethean-sinks").
		SetWriteConcern(concern).SetTimeout(timeout).SetServerSelectionTimeout(5 * time.Second).SetMaxPoolSize(8)
	if dial != nil {
		o.SetDialer(dial)
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	s := &Store{client: client, db: client.Database(database), commands: map[string]*commands{}}
	s.ferret.Store(true)
	s.batch.Store(ferretBatch)
	s.updates.Store(ferretUpdates)
	return s, nil
}

// Prepare waits for the server's answer, learns what it is, and makes the
// collections and indexes that are not there.
func (s *Store) Prepare(ctx context.Context, all []Collection) error {
	var build struct {
		Ferret string `bson:"ferretdbVersion"`
	}
	if err := s.db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return fmt.Errorf("store: ask the server what it is: %w", err)
	}
	if build.Ferret == "" {
		if err := s.learnNumbers(ctx); err != nil {
			return err
		}
		s.ferret.Store(false)
		s.batch.Store(mongoBatch)
		s.updates.Store(mongoBatch)
	}
	return s.ensureCollections(ctx, all)
}

// learnNumbers asks whether writes may be numbered: replica sets and mongos can
// (mongodb.com, "Retryable Writes"), a server alone refuses them.
func (s *Store) learnNumbers(ctx context.Context) error {
	var hello struct {
		Set string `bson:"setName"`
		Msg string `bson:"msg"`
	}
	if err := s.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return fmt.Errorf("store: ask the server whether it is a replica set: %w", err)
	}
	s.numbered.Store(hello.Set != "" || hello.Msg == "isdbgrid")
	return nil
}

// Find reads fields of one document by its _id and says whether it is there.
// Ids are looked up one by one: the embedded store has an index for that and
// none for $in.
func (s *Store) Find(ctx context.Context, collection, id string, fields ...string) (doc bson.Raw, found bool, err error) {
	projection := bson.D{}
	for _, f := range fields {
		projection = append(projection, bson.E{Key: f, Value: 1})
	}
	raw, err := s.db.Collection(collection).FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(projection)).Raw()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("store: find in %s: %w", collection, err)
	}
	return raw, true, nil
}

// Replace writes documents by their _id, whether they are there or not: for
// what may be written anew at every start.
func (s *Store) Replace(ctx context.Context, collection string, docs []bson.D) error {
	for _, d := range docs {
		filter := bson.D{d[0]}
		replace := func() error {
			_, err := s.db.Collection(collection).ReplaceOne(ctx, filter, d, options.Replace().SetUpsert(true))
			return err
		}
		err := replace()
		// Two programs that write a new document at once: the second finds none to
		// replace and cannot insert its own either.
		if mongo.IsDuplicateKeyError(err) {
			err = replace()
		}
		if err != nil {
			return fmt.Errorf("store: replace in %s: %w", collection, err)
		}
	}
	return nil
}

// The collections of housekeeping; agents need neither.
const (
	// CanaryCollection is what readiness writes to.
	CanaryCollection = "brain_canary"
	// StateCollection says of which log the database holds the events, and keeps
	// what sinks must know across restarts.
	StateCollection = "brain_state"
)

// Canary writes one document: whether an event could be stored now.
func (s *Store) Canary(ctx context.Context) error {
	return s.Replace(ctx, CanaryCollection, []bson.D{{{Key: "_id", Value: "ready"}, {Key: "at", Value: time.Now()}}})
}

// Close ends the connections.
func (s *Store) Close(ctx context.Context) error {
	s.endSessions(ctx)
	return s.client.Disconnect(ctx)
}
