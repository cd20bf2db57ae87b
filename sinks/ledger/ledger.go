// Package ledger stores every event, with its exact bytes, in the collection
// events. The log can be restored from it and checked against it.
package ledger

import (
	"context"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Collection is where events are stored.
const Collection = "events"

// Ledger is the sink.
type Ledger struct {
	once store.Once
	// docs are the batch's documents.
	docs store.Arena
}

// New returns a ledger on s.
func New(s store.Documents, log zerolog.Logger) *Ledger {
	return &Ledger{once: store.Once{Into: s, Fields: []string{"sha256"}, Same: sameBytes, Log: log.With().Str("component", "ledger").Logger()}}
}

// sameBytes: one stream sequence is one event, so its bytes must be the same
// ones.
func sameBytes(stored, doc bson.Raw) bool {
	have, ok := stored.Lookup("sha256").StringValueOK()
	return ok && have == doc.Lookup("sha256").StringValue()
}

// Stats may be read at any time.
func (l *Ledger) Stats() store.Stats { return l.once.Stats() }

// Write inserts a document for each event; see bus.Sink.
func (l *Ledger) Write(ctx context.Context, batch []schema.Recorded) error {
	permanent := map[int]error{}
	facts := make([]store.Fact, 0, len(batch))
	l.docs.Reset()
	for i, event := range batch {
		doc, err := l.docs.Add(func(b []byte) ([]byte, error) { return appendDocument(b, event) })
		if err != nil {
			permanent[i] = err
			continue
		}
		facts = append(facts, store.Fact{Event: i, Collection: Collection, Doc: doc})
	}
	return l.once.Write(ctx, facts, permanent)
}
