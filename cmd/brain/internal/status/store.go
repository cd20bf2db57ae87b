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
	// findStore bounds finding the server, storeTime all that is asked of it.
	findStore = 2 * time.Second
	storeTime = 6 * time.Second
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

// look counts documents, and holds log and store together.
func (s *Store) look(ctx context.Context, d database, n NATS) {
	for _, c := range collections.Collections(func(string) bool { return true }) {
		if c.Name == collections.NotesName {
			continue
		}
		count, err := d.db.Collection(c.Name).EstimatedDocumentCount(ctx)
		if err != nil {
			s.Error = refusal(err)
			return
		}
		s.Collections = append(s.Collections, Collection{c.Name, count})
	}
	if i := slices.IndexFunc(n.Durable, func(d Durable) bool { return d.Name == ledger }); i >= 0 {
		waiting := n.Durable[i].Waiting
		if log := n.messages(bus.StreamEvents); n.Durable[i].Missing && log != nil {
			waiting = *log
		}
		s.NotStored = &waiting
	}
	if n.newestStored == "" {
		return
	}
	// By its id: the embedded store has an index for that, and none for seq.
	var event struct {
		Timestamp time.Time `bson:"timestamp"`
	}
	err := d.db.Collection(ledgersink.Collection).FindOne(ctx, bson.D{{Key: "_id", Value: n.newestStored}},
		options.FindOne().SetProjection(bson.D{{Key: "timestamp", Value: 1}})).Decode(&event)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
	case err != nil:
		s.Error = refusal(err)
	default:
		s.Newest = moment(event.Timestamp)
	}
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
