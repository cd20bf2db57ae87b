// Package chat stores lines of chat in <platform>_chat_messages, one document
// a line, in the shape that agents read, and marks lines that moderators
// removed.
//
// Facts are inserted, never upserted: a line that is there already is left
// alone. A removal is a mark on the line, and the first one stays: a replay
// neither undoes nor changes it. A deletion that comes before its line leaves a
// tombstone, which the line fills.
//
// In a batch all lines go first, then the removals in the order of the log: a
// removal asks for lower stream sequences, never for what happened to be stored
// before it, so that the same log gives the same rows however it is cut.
//
// A line that two sources reported is one row, Streamer.bot's, which says who
// saw it; ADR 23 says how pairs are found.
//
// Read platform.go (where lines go), document.go and user.go (a line), moderation.go (what an event removes),
// broadcasts.go (which broadcast it was), remove.go (marking), standing.go and
// memory.go (which lines), tombstone.go; pair.go (what is the same line), window.go
// (which lines are pairs), lines.go and merge.go (storing them).
package chat

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Rows is what the sink needs of a [store.Store].
type Rows interface {
	store.Documents
	// Each is [store.Store.Each].
	Each(ctx context.Context, collection string, q store.Query, see func(bson.Raw)) error
	// Replace is [store.Store.Replace].
	Replace(ctx context.Context, collection string, docs []bson.D) error
}

// Filters are the subjects of what the sink needs: chat, and when broadcasts
// began and ended.
func Filters() []string {
	return []string{schema.EventFilter("chat"), schema.TypeFilter(schema.ChannelGoLive), schema.TypeFilter(schema.ChannelGoOffline)}
}

// Chat is the sink.
type Chat struct {
	rows       Rows
	once       store.Once
	broadcasts broadcasts
	// remembered are the lines that still stand, by collection, and fresh the
	// batch's own, which are to be added. most is how many are kept of one
	// collection.
	remembered map[string]*memory
	fresh      []store.Fact
	// joined are the batch's lines that joined their mate's row.
	joined []joining
	most   int
	// windows are the lines that may find their mate, by collection.
	windows map[string]*window
	// docs are the documents of the batch's lines.
	docs store.Arena

	skipped, marked, tombstones, unapplied, paired, repeats atomic.Uint64
}

// New returns the sink on rows.
func New(rows Rows, log zerolog.Logger) *Chat {
	c := &Chat{
		rows: rows, broadcasts: broadcasts{into: rows}, most: mostLines,
		once: store.Once{
			Into: rows, Fields: []string{"eventIds", "tombstone", "deleted", "seenBy"}, Same: sameEvent, Fill: fill,
			Log: log.With().Str("component", "chat").Logger(),
		},
	}
	c.once.There = func(f store.Fact) { c.fresh = append(c.fresh, f) }
	return c
}

// Forget is [bus.Forgetter]: the next removal looks into the store again.
func (c *Chat) Forget() { c.remembered, c.windows = nil, nil }

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
func (c *Chat) Stats() store.Stats {
	s := c.once.Stats()
	s.Marked, s.Tombstones, s.Unapplied = c.marked.Load(), c.tombstones.Load(), c.unapplied.Load()
	s.Paired, s.Duplicates = c.paired.Load(), s.Duplicates+c.repeats.Load()
	return s
}

// Skipped counts events that change nothing here: captions and other types.
func (c *Chat) Skipped() uint64 { return c.skipped.Load() }

// Write inserts a document for each line of chat and marks those that were
// removed; see bus.Sink.
func (c *Chat) Write(ctx context.Context, batch []schema.Recorded) error {
	b := c.sort(batch)
	if err := c.place(ctx, batch, b.removals); err != nil {
		return err
	}
	c.fresh = nil
	if err := c.storeLines(ctx, &b); err != nil {
		c.windows = nil // what it says may not have come to the store
		return err
	}
	c.remember()
	for _, r := range b.removals {
		refused, err := c.remove(ctx, r)
		if err != nil {
			return err
		}
		if refused != nil {
			b.permanent[r.event] = refused
		}
	}
	c.skipped.Add(b.skipped)
	c.unapplied.Add(b.unapplied)
	return c.once.Verdict(b.permanent)
}

// sorted is a batch, taken apart. What can never be anything is in permanent,
// by index; what changes nothing is counted.
type sorted struct {
	facts []store.Fact
	// spans are by collection, few.
	spans              []span
	removals           []removal
	permanent          map[int]error
	skipped, unapplied uint64
}

func (c *Chat) sort(batch []schema.Recorded) sorted {
	b := sorted{permanent: map[int]error{}}
	c.docs.Reset()
	for i, event := range batch {
		if reason := reasonOf(event.Envelope.Type); reason != "" {
			b.addRemoval(i, event, reason)
			continue
		}
		fact, second, ok, err := c.line(event)
		switch {
		case err != nil:
			b.permanent[i] = err
		case !ok:
			b.skipped++
		default:
			fact.Event = i
			b.note(fact, event.Seq, second)
		}
	}
	return b
}

// note adds a line.
func (b *sorted) note(f store.Fact, seq uint64, second bool) {
	b.facts = append(b.facts, f)
	i := slices.IndexFunc(b.spans, func(s span) bool { return s.collection == f.Collection })
	if i < 0 {
		i = len(b.spans)
		b.spans = append(b.spans, span{collection: f.Collection, first: int64(seq)})
	}
	s := &b.spans[i]
	s.last, s.second = int64(seq), s.second || second
}

func (b *sorted) addRemoval(i int, event schema.Recorded, reason string) {
	r, ok, err := readRemoval(event, reason)
	switch {
	case err != nil:
		b.permanent[i] = err
	case !ok:
		b.unapplied++
	default:
		r.event = i
		b.removals = append(b.removals, r)
	}
}

// place says of each removal which broadcast it was in, in the order of the
// log: a start that is behind it may push the right one out of what is kept.
func (c *Chat) place(ctx context.Context, batch []schema.Recorded, removals []removal) error {
	for i, event := range batch {
		if err := c.broadcasts.note(ctx, event); err != nil {
			return err
		}
		if len(removals) == 0 || removals[0].event != i {
			continue
		}
		r := &removals[0]
		removals = removals[1:]
		turns, err := c.broadcasts.of(ctx, r.platform, r.channel)
		if err != nil {
			return err
		}
		r.start, r.over = turns.before(int64(r.seq))
	}
	return nil
}

// line is the document of a line of chat, for its collection; not ok for an
// event that is none. second: it is of [secondSource].
func (c *Chat) line(event schema.Recorded) (fact store.Fact, second, ok bool, err error) {
	payload, ok, err := read(event.Envelope)
	if err != nil || !ok {
		return fact, false, false, err
	}
	if fact.Collection, err = Collection(payload.Platform); err != nil {
		return fact, false, false, err
	}
	meta, err := schema.ParseMeta(event.Envelope.Meta)
	if err != nil {
		return fact, false, false, err
	}
	second = meta.Gateway.Source == secondSource
	fact.Doc, err = c.docs.Add(func(b []byte) ([]byte, error) { return appendDocument(b, event, payload, meta) })
	return fact, second, err == nil, err
}
