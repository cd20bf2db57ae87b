package status

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/collections"
	ledgersink "promethean/sinks/ledger"
)

const (
	// findStore bounds finding the server, storeTime each thing that is asked of
	// it, countTime counting.
	findStore = 2 * time.Second
	storeTime = 6 * time.Second
	countTime = 4 * time.Second
	// ledger is the name of the sink that stores every event.
	ledger = "ledger"
)

// database is a connection to the store.
type database struct {
	db    *mongo.Database
	close func()
}

// open connects and asks what the server is. A store that does not answer has
// no db.
func (s *Store) open(ctx context.Context, uri string) database {
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetAppName("brain-status").
		SetServerSelectionTimeout(findStore).SetConnectTimeout(findStore).SetTimeout(storeTime).SetRetryReads(false))
	if err != nil {
		why := err.Error()
		if uri != s.Address {
			why = "it holds a password, so more is not said" // the reason may quote it
		}
		s.Error = fmt.Sprintf("its address cannot be right (%s): set BRAIN_MONGO_URI", why)
		return database{}
	}
	d := database{db: client.Database(s.Database), close: func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = client.Disconnect(ctx) // nothing is left to be done with it
	}}
	var build struct {
		Version  string `bson:"version"`
		FerretDB string `bson:"ferretdbVersion"`
	}
	if err := client.Ping(ctx, nil); err != nil && strings.Contains(err.Error(), "(AuthenticationFailed)") {
		s.Error = "it refuses the login: check user and password in BRAIN_MONGO_URI"
	} else if err != nil {
		s.Error = fmt.Sprintf("it does not answer (%s): start it, or `brain up`, or name it with BRAIN_MONGO_URI", reason(err))
	} else if err := d.db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		s.Error = refusal(err)
	}
	if s.Error != "" {
		d.close()
		return database{}
	}
	s.Version, s.Embedded = "MongoDB "+build.Version, build.FerretDB != ""
	if s.Embedded {
		s.Version = "FerretDB" // whose own version it knows in its own builds only
	}
	return d
}

// look holds log and store together, and counts documents.
func (s *Store) look(ctx context.Context, d database, n NATS) {
	if i := slices.IndexFunc(n.Durable, func(d Durable) bool { return d.Name == ledger }); i >= 0 {
		waiting := n.Durable[i].Waiting
		if log := n.messages(bus.StreamEvents); n.Durable[i].Missing && log != nil {
			waiting = *log
		}
		s.NotStored = &waiting
	}
	if n.newestStored != "" {
		s.askNewest(ctx, d, n.newestStored)
	}
	if s.Error == "" {
		s.count(ctx, d)
	}
}

// askNewest looks for an event by its id: the embedded store has an index for
// that, and none for seq.
func (s *Store) askNewest(ctx context.Context, d database, id string) {
	var event struct {
		Timestamp time.Time `bson:"timestamp"`
	}
	err := d.db.Collection(ledgersink.Collection).FindOne(ctx, bson.D{{Key: "_id", Value: id}},
		options.FindOne().SetProjection(bson.D{{Key: "timestamp", Value: 1}})).Decode(&event)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
	case err != nil:
		s.Error = refusal(err)
	default:
		s.Newest = moment(event.Timestamp)
	}
}

// count counts documents for as long as there is time; a large store that is busy
// is still one that stores.
func (s *Store) count(ctx context.Context, d database) {
	ctx, cancel := context.WithTimeout(ctx, countTime)
	defer cancel()
	for _, c := range collections.Collections(func(string) bool { return true }) {
		if c.Name == collections.NotesName {
			continue
		}
		n, err := s.documents(ctx, d.db.Collection(c.Name))
		switch {
		case err == nil:
			s.Collections = append(s.Collections, Collection{c.Name, &n})
		case mongo.IsTimeout(err):
			s.Collections = append(s.Collections, Collection{Name: c.Name})
		default:
			s.Error = refusal(err)
			return
		}
	}
}

// documents counts by what the server knows of a collection. The embedded store
// would read every document for a count, 50,000 of them in 10 s; its statistics
// have the number in 0.3 s.
func (s *Store) documents(ctx context.Context, c *mongo.Collection) (int64, error) {
	if !s.Embedded {
		return c.EstimatedDocumentCount(ctx)
	}
	var stats []struct {
		Count int64 `bson:"count"`
	}
	all, err := c.Aggregate(ctx, bson.A{bson.D{{Key: "$collStats", Value: bson.D{{Key: "count", Value: bson.D{}}}}}})
	if err == nil {
		err = all.All(ctx, &stats)
	}
	var refused mongo.CommandError
	switch {
	case errors.As(err, &refused) && refused.Code == codeNoCollection, err == nil && len(stats) == 0:
		return 0, nil
	case err != nil:
		return 0, err
	}
	return stats[0].Count, nil
}

// refusal is why a server that is there does not answer a question.
func refusal(err error) string {
	var command mongo.CommandError
	if errors.As(err, &command) && (command.Code == codeUnauthorized || command.Code == codeAuthentication) {
		return fmt.Sprintf("it refuses (%s): check user and password in BRAIN_MONGO_URI, and that the user may read the database", command.Message)
	}
	return fmt.Sprintf("it does not answer a question (%s): look into its log", reason(err))
}

const (
	codeUnauthorized   = 13
	codeAuthentication = 18
	codeNoCollection   = 26
)

// reason is the driver's reason alone: it wraps it in what it knows of all
// servers.
func reason(err error) string {
	text := err.Error()
	if _, last, ok := strings.Cut(text, "Last error: "); ok {
		text, _, _ = strings.Cut(last, " }")
	}
	return text
}

// at is nil-safe.
func at(t *schema.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}
