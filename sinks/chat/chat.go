// Package chat stores lines of chat in <platform>_chat_messages, one document
// a line, in the shape that agents read.
//
// Facts are inserted, never upserted: a line that is there already is left
// alone, so that a replay undoes nothing that came later.
package chat

import (
	"context"
	"sync/atomic"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Chat is the sink.
type Chat struct {
	once    store.Once
	skipped atomic.Uint64
}

// New returns the sink on s.
func New(s store.Documents, log zerolog.Logger) *Chat {
	return &Chat{once: store.Once{Into: s, Fields: []string{"eventIds"}, Same: sameEvent, Log: log.With().Str("component", "chat").Logger()}}
}

// sameEvent: one stream sequence is one event, so its id must be among those
// that the line is known by.
func sameEvent(stored, doc bson.Raw) bool {
	ids, ok := stored.Lookup("eventIds").ArrayOK()
	if !ok {
		return false
	}
	have, err := ids.Values()
	if err != nil {
		return false
	}
	ours := doc.Lookup("eventIds", "0").StringValue()
	for _, v := range have {
		if id, ok := v.StringValueOK(); ok && id == ours {
			return true
		}
	}
	return false
}

// Stats may be read at any time.
func (c *Chat) Stats() store.Stats { return c.once.Stats() }

// Skipped counts events that are no line of chat: captions and other types.
func (c *Chat) Skipped() uint64 { return c.skipped.Load() }

// Write inserts a document for each line of chat; see bus.Sink.
func (c *Chat) Write(ctx context.Context, batch []schema.Recorded) error {
	permanent := map[int]error{}
	facts := make([]store.Fact, 0, len(batch))
	for i, event := range batch {
		payload, ok, err := read(event.Envelope)
		if err == nil && !ok {
			c.skipped.Add(1)
			continue
		}
		fact := store.Fact{Event: i}
		if err == nil {
			fact.Collection, err = Collection(payload.Platform)
		}
		if err == nil {
			fact.Doc, err = document(event, payload)
		}
		if err != nil {
			permanent[i] = err
			continue
		}
		facts = append(facts, fact)
	}
	return c.once.Write(ctx, facts, permanent)
}
