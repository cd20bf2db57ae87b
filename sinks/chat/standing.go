package chat

import (
	"context"
	"math"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

// unknownStart is how far back a removal reaches where nobody knows when the
// broadcast began.
const unknownStart = 24 * time.Hour

// always is the time before which there are no lines.
const always = math.MinInt64

// standing is what removals ask of a line that stands.
type standing struct {
	id, channel, userID, username string
	// streamID is empty where the line does not name its broadcast.
	streamID string
	// at is the timestamp in milliseconds.
	seq, at int64
	test    bool
}

// asked are the fields of a line that standingOf reads.
func asked() []string {
	return []string{"channel", "user.id", "user.username", "streamId", "seq", "timestamp", "isTest"}
}

// standingOf reads a line, or asked of one; not ok for what is none of ours.
func standingOf(doc bson.Raw) (l standing, ok bool) {
	text := func(path ...string) string {
		s, _ := doc.Lookup(path...).StringValueOK()
		return s
	}
	id, ok := doc.Lookup("_id").StringValueOK()
	seq, numbered := doc.Lookup("seq").AsInt64OK()
	at, _ := doc.Lookup("timestamp").DateTimeOK()
	test, _ := doc.Lookup("isTest").BooleanOK()
	return standing{
		id: id, channel: text("channel"), userID: text("user", "id"), username: text("user", "username"),
		streamID: text("streamId"), seq: seq, at: at, test: test,
	}, ok && numbered
}

// since is how far back in time a removal reaches where it does not go by the
// broadcast's name: 24 hours where nobody saw its start, also after an end.
func (r removal) since() int64 {
	if r.start == 0 || r.over {
		return int64(bson.NewDateTimeFromTime(r.at.Add(-unknownStart)))
	}
	return always
}

// takes says whether a removal of a person's, or of everybody's, lines takes a
// standing one: those of the channel's same broadcast with a lower stream
// sequence. Where line and event both name the broadcast, by its name; else by
// its start. A rehearsal takes only rehearsals.
func (r removal) takes(l standing) bool {
	switch {
	case l.channel != r.channel, l.seq >= int64(r.seq), r.test && !l.test:
		return false
	case r.userID != "" && l.userID != r.userID, r.username != "" && l.username != r.username:
		return false
	case r.streamID != "" && l.streamID != "":
		return l.streamID == r.streamID
	}
	return l.seq > r.start && l.at >= r.since()
}

// parts are where the lines are that a removal may take.
func (r removal) parts() []part {
	parts := []part{{channel: r.channel, after: r.start, since: r.since()}}
	if r.streamID != "" {
		parts = append(parts, part{channel: r.channel, streamID: r.streamID, since: always})
	}
	return parts
}

// filter is the condition on all lines that stand in the parts; where narrow,
// only on those that the removal takes, and few others.
func (r removal) filter(parts []part, narrow bool) bson.D {
	filter := bson.D{{Key: "channel", Value: r.channel}, {Key: "deleted", Value: nil}}
	if narrow {
		filter = append(filter, bson.E{Key: "seq", Value: bson.D{{Key: "$lt", Value: int64(r.seq)}}})
		for _, f := range []struct{ name, value string }{{"user.id", r.userID}, {"user.username", r.username}} {
			if f.value != "" {
				filter = append(filter, bson.E{Key: f.name, Value: f.value})
			}
		}
	}
	either := bson.A{}
	for _, p := range parts {
		either = append(either, p.filter())
	}
	return append(filter, bson.E{Key: "$or", Value: either})
}

// taken finds the lines that a removal takes: in memory, where that has all the
// parts, else in the store, by one query, from which memory learns the parts.
// Where they are known to be more than memory holds, it learns nothing.
func (c *Chat) taken(ctx context.Context, r removal) (lines []standing, err error) {
	known, parts := c.memory(r.collection), r.parts()
	if known.has(parts) {
		return known.taken(r), nil
	}
	narrow := known.tooMany(parts)
	if !narrow {
		known.expect(parts)
	}
	var some []standing
	err = c.rows.Each(ctx, r.collection, store.Query{Filter: r.filter(parts, narrow), Fields: asked()}, func(doc bson.Raw) {
		l, ok := standingOf(doc)
		if !ok {
			return
		}
		if r.takes(l) {
			lines = append(lines, l)
		}
		if some = append(some, l); len(some) == learnt {
			known.add(some)
			some = some[:0]
		}
	})
	if err != nil {
		c.Forget() // what was expected did not come
		return nil, err
	}
	known.add(some)
	return lines, nil
}

// memory is what is remembered of a collection.
func (c *Chat) memory(collection string) *memory {
	m, ok := c.remembered[collection]
	if !ok {
		if c.remembered == nil {
			c.remembered = map[string]*memory{}
		}
		m = &memory{most: c.most}
		c.remembered[collection] = m
	}
	return m
}

// remember adds the batch's lines to memory, when all of them are in the store.
func (c *Chat) remember() {
	lines := map[string][]standing{}
	for _, f := range c.fresh {
		if l, ok := standingOf(f.Doc); ok && len(c.memory(f.Collection).parts) > 0 {
			lines[f.Collection] = append(lines[f.Collection], l)
		}
	}
	for collection, some := range lines {
		c.memory(collection).add(some)
	}
}
