// Package channel stores what happens on a channel beside chatting in
// channel_events: follows, subscriptions, gifts, raids, donations, the start
// and end of a broadcast, its title. One document an event.
//
// Facts are inserted, never upserted. What a gift bomb and its gifts have in
// common is giftId, as the platform says it; nothing is linked by guess. So what
// Streamer.bot and ai_licia both saw is two documents, which seenBy tells apart:
// ADR 22 says why.
package channel

import (
	"context"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Collection is where the events are stored.
const Collection = "channel_events"

// Channel is the sink.
type Channel struct{ once store.Once }

// New returns the sink on s.
func New(s store.Documents, log zerolog.Logger) *Channel {
	return &Channel{store.Once{
		Into: s, Fields: []string{"type", "timestamp"}, Same: sameEvent, Log: log.With().Str("component", "channel").Logger(),
	}}
}

// sameEvent: _id is the event's own, so that under one stream sequence type and
// time must be the same too. The exact bytes are the ledger's to compare.
func sameEvent(stored, doc bson.Raw) bool {
	return stored.Lookup("type").Equal(doc.Lookup("type")) && stored.Lookup("timestamp").Equal(doc.Lookup("timestamp"))
}

// Stats may be read at any time.
func (c *Channel) Stats() store.Stats { return c.once.Stats() }

// Write inserts a document for each event; see bus.Sink.
func (c *Channel) Write(ctx context.Context, batch []schema.Recorded) error {
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
	return c.once.Write(ctx, facts, permanent)
}
