// Package ai stores what ai_licia says of the AI in ai_events: what it thought,
// wrote and spoke, how its words were judged, whom it recognised, which
// character it plays. One document an event.
//
// Facts are inserted, never upserted. What belongs to one line of the AI (the
// line, its speech, the verdict on it) has the same messageId. api.event and
// system.* are in `events` only: the first is what others told the AI, the
// second the state of a connection.
package ai

import (
	"context"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Collection is where the events are stored.
const Collection = "ai_events"

// The types that are named one by one.
const (
	typeMessage      schema.Type = "chat.ai_message"
	typeFirstMessage schema.Type = "chat.first_message"
)

// Filters are the subjects of what the sink stores.
func Filters() []string {
	return []string{
		schema.EventFilter("ai"), schema.TypeFilter(typeMessage), schema.TypeFilter(typeFirstMessage), schema.EventFilter("character"),
	}
}

// AI is the sink.
type AI struct{ once store.Once }

// New returns the sink on s.
func New(s store.Documents, log zerolog.Logger) *AI {
	return &AI{store.Once{
		Into: s, Fields: []string{"type", "timestamp"}, Same: sameEvent, Log: log.With().Str("component", "ai").Logger(),
	}}
}

// sameEvent: _id is the event's own, so that under one stream sequence type and
// time must be the same too. The exact bytes are the ledger's to compare.
func sameEvent(stored, doc bson.Raw) bool {
	return stored.Lookup("type").Equal(doc.Lookup("type")) && stored.Lookup("timestamp").Equal(doc.Lookup("timestamp"))
}

// Stats may be read at any time.
func (a *AI) Stats() store.Stats { return a.once.Stats() }

// Write inserts a document for each event; see bus.Sink.
func (a *AI) Write(ctx context.Context, batch []schema.Recorded) error {
	permanent := map[int]error{}
	facts := make([]store.Fact, 0, len(batch))
	for i, event := range batch {
		doc, err := Document(event)
		if err != nil {
			permanent[i] = err
			continue
		}
		facts = append(facts, store.Fact{Event: i, Collection: Collection, Doc: doc})
	}
	return a.once.Write(ctx, facts, permanent)
}
