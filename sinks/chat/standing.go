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

// standing is what removals ask of a line that stands. A pair is two, of one
// row: a removal between the two may have found the one of them only, and takes
// both.
type standing struct {
	id, channel, userID, username string
	// streamID is empty where the line does not name its broadcast, or by an id
	// of ai_licia's, which no removal names.
	streamID string
	// at is the timestamp in milliseconds.
	seq, at int64
	test    bool
	// second: it is of [secondSource], which says names only.
	second bool
}

// asked are the fields of a line that appendStanding reads.
func asked() []string {
	return []string{"channel", "user.id", "user.username", "streamId", "seq", "timestamp", "isTest", "seenBy", "pair"}
}

// appendStanding reads a line, or asked of one; nothing for what is none of ours.
func appendStanding(to []standing, doc bson.Raw) []standing {
	text := textsOf(doc)
	id, ok := doc.Lookup("_id").StringValueOK()
	seq, numbered := doc.Lookup("seq").AsInt64OK()
	if !ok || !numbered {
		return to
	}
	at, _ := doc.Lookup("timestamp").DateTimeOK()
	test, _ := doc.Lookup("isTest").BooleanOK()
	l := standing{
		id: id, channel: text("channel"), userID: text("user", "id"), username: text("user", "username"),
		streamID: text("streamId"), seq: seq, at: at, test: test, second: sourceOf(doc) == secondSource,
	}
	if l.second {
		l.streamID = ""
	}
	to = append(to, l)
	pair, ok := doc.Lookup("pair").DocumentOK()
	if !ok {
		return to
	}
	text = textsOf(bson.Raw(pair))
	l = standing{id: id, channel: text("channel"), username: text("username"), test: test, second: true}
	l.seq, _ = bson.Raw(pair).Lookup("seq").AsInt64OK()
	l.at, _ = bson.Raw(pair).Lookup("timestamp").DateTimeOK()
	return append(to, l)
}

// standing is the line as part of its mate's row.
func (l *said) standing(row string) standing {
	return standing{id: row, channel: l.channel, username: l.username, seq: l.seq, at: l.at, test: l.test, second: true}
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
	case !r.isOf(l):
		return false
	case r.streamID != "" && l.streamID != "":
		return l.streamID == r.streamID
	}
	return l.seq > r.start && l.at >= r.since()
}

// isOf says whether a line is of the person whose lines are removed; everybody's
// is, where none is named.
func (r removal) isOf(l standing) bool {
	if r.userID == "" && r.username == "" {
		return true
	}
	if l.second {
		return sharesName(namesOf(l.username), r.names)
	}
	return (r.userID == "" || l.userID == r.userID) && (r.username == "" || l.username == r.username)
}

// parts are where the lines are that a removal may take.
func (r removal) parts() []part {
	parts := []part{{channel: r.channel, after: r.start, since: r.since()}}
	if r.streamID != "" {
		parts = append(parts, part{channel: r.channel, streamID: r.streamID, since: always})
	}
	return parts
}

// filter is the condition on all rows with lines that stand in the parts; where
// narrow, only on those that the removal takes, and few others.
func (r removal) filter(parts []part, narrow bool) bson.D {
	var either bson.A
	for _, p := range parts {
		either = append(either, p.filter("seq", "timestamp"))
		if p.streamID == "" {
			either = append(either, p.filter("pair.seq", "pair.timestamp"))
		}
	}
	all := bson.A{bson.D{{Key: "$or", Value: either}}}
	if narrow {
		before := bson.D{{Key: "$lt", Value: int64(r.seq)}}
		all = append(all, bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: "seq", Value: before}}, bson.D{{Key: "pair.seq", Value: before}}}}})
		for _, f := range []struct{ name, value string }{{"user.id", r.userID}, {"user.username", r.username}} {
			if f.value != "" {
				all = append(all, bson.D{{Key: "$or", Value: bson.A{bson.D{{Key: f.name, Value: f.value}}, bson.D{{Key: "seenBy", Value: secondSource}}}}})
			}
		}
	}
	return bson.D{{Key: "channel", Value: r.channel}, {Key: "deleted", Value: nil}, {Key: "$and", Value: all}}
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
	var ofRow []standing
	err = c.rows.Each(ctx, r.collection, store.Query{Filter: r.filter(parts, narrow), Fields: asked()}, func(doc bson.Raw) {
		ofRow = appendStanding(ofRow[:0], doc)
		for _, l := range ofRow {
			if r.takes(l) {
				lines = append(lines, l)
			}
		}
		if some = append(some, ofRow...); len(some) >= learnt {
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
		if len(c.memory(f.Collection).parts) > 0 {
			lines[f.Collection] = appendStanding(lines[f.Collection], f.Doc)
		}
	}
	for _, j := range c.joined {
		if len(c.memory(j.collection).parts) > 0 {
			lines[j.collection] = append(lines[j.collection], j.line.standing(j.line.mate.id))
		}
	}
	for collection, some := range lines {
		c.memory(collection).add(some)
	}
}
