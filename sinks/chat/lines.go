package chat

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/sinks/store"
)

// span is the stream sequences of a batch's lines of one collection; second:
// some are of [secondSource].
type span struct {
	collection  string
	first, last int64
	second      bool
}

// pairing is what a batch's lines of one collection come to.
type pairing struct {
	collection string
	window     *window
	facts      []store.Fact
	// lines are those of the facts that were given, ours; nil for a tombstone.
	lines []*said
	// joins are lines that came after their mate, whose row they join.
	joins []joining
	// gone are rows whose line is now in its mate's.
	gone []store.Change
}

// joining is a line that joins its mate's row.
type joining struct {
	event      int
	collection string
	line       *said
}

// storeLines stores a batch's lines: as they are, but where ai_licia was heard
// lately, whose lines are first brought together with the others'.
func (c *Chat) storeLines(ctx context.Context, b *sorted) error {
	facts := b.facts
	c.joined = nil
	var pairings []*pairing
	for _, s := range b.spans {
		w, err := c.window(ctx, s)
		if err != nil {
			return err
		}
		if w == nil {
			continue
		}
		p := &pairing{collection: s.collection, window: w}
		given := facts
		facts = nil
		for _, f := range given {
			if f.Collection == s.collection {
				p.lines = append(p.lines, w.fold(saidOf(f.Doc)))
				p.facts = append(p.facts, f)
			} else {
				facts = append(facts, f)
			}
		}
		pairings = append(pairings, p)
	}
	for _, p := range pairings {
		stored, err := c.plan(ctx, p)
		if err != nil {
			return err
		}
		facts = append(facts, stored...)
	}
	if err := c.once.Store(ctx, facts, b.permanent); err != nil {
		return err
	}
	for _, p := range pairings {
		if err := c.bring(ctx, p, b.permanent); err != nil {
			return err
		}
		c.paired.Add(p.window.found)
		p.window.found = 0
	}
	return nil
}

// plan says which rows are inserted. Of a pair the line that comes later does
// what is to be done: it is inserted as the pair's row, or joins its mate's.
func (c *Chat) plan(ctx context.Context, p *pairing) (facts []store.Fact, err error) {
	for i, l := range p.lines {
		f := p.facts[i]
		switch {
		case l.repeats != nil:
			if l.second && l.repeats.mate != nil {
				c.repeats.Add(1)
				continue // it has no row of its own to be found a repeat by
			}
		case l.mate == nil:
			l.stored = true
			if l.second {
				f.Doc, err = withID(f.Doc, l.id)
			}
		case l.second:
			if l.mate.seq < l.seq {
				p.joins = append(p.joins, joining{f.Event, p.collection, l})
			}
			continue
		case l.mate.seq > l.seq:
		default:
			f.Doc, err = c.takeIn(ctx, p, l, f.Doc)
		}
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// takeIn is the row of a line whose mate came before it; a row that the mate has
// of its own goes, and what was removed with it stays removed.
func (c *Chat) takeIn(ctx context.Context, p *pairing, l *said, doc bson.Raw) (bson.Raw, error) {
	var deleted bson.RawValue
	if l.mate.stored && l.mate.id != l.id {
		row, found, err := c.rows.Find(ctx, p.collection, l.mate.id, "deleted", "seq")
		if err != nil {
			return nil, err
		}
		if seq, _ := row.Lookup("seq").AsInt64OK(); found && seq == l.mate.seq {
			deleted = row.Lookup("deleted")
			p.gone = append(p.gone, store.Change{ID: l.mate.id, If: bson.D{{Key: "seq", Value: l.mate.seq}}, Gone: true})
		}
	}
	return merged(doc, l, deleted)
}

// bring makes the changes after the rows are in the store. A line that can never
// be stored takes nothing with it: its mate gets its own row.
func (c *Chat) bring(ctx context.Context, p *pairing, permanent map[int]error) error {
	var alone []store.Fact
	for i, l := range p.lines {
		if permanent[p.facts[i].Event] == nil || l.repeats != nil {
			continue
		}
		m := l.mate
		p.window.forget(l)
		if m == nil {
			continue
		}
		p.joins = slices.DeleteFunc(p.joins, func(j joining) bool { return j.line == m })
		p.gone = slices.DeleteFunc(p.gone, func(g store.Change) bool { return g.ID == m.id })
		if at := slices.Index(p.lines, m); at >= 0 {
			doc, err := withID(p.facts[at].Doc, m.id)
			if err != nil {
				return err
			}
			m.stored = true
			alone = append(alone, store.Fact{Event: p.facts[at].Event, Collection: p.collection, Doc: doc})
		}
	}
	if err := c.once.Store(ctx, alone, permanent); err != nil {
		return err
	}
	if err := c.join(ctx, p, permanent); err != nil {
		return err
	}
	if len(p.gone) == 0 {
		return nil
	}
	_, err := c.rows.Update(ctx, p.collection, p.gone)
	return err
}

// join notes lines in the rows of their mates.
func (c *Chat) join(ctx context.Context, p *pairing, permanent map[int]error) error {
	if len(p.joins) == 0 {
		return nil
	}
	changes := make([]store.Change, len(p.joins))
	for i, j := range p.joins {
		m := j.line.mate
		changes[i] = store.Change{ID: m.id, If: bson.D{{Key: "pair", Value: nil}}, Set: m.join()}
	}
	changed, err := c.rows.Update(ctx, p.collection, changes)
	if err != nil {
		return err
	}
	for i, o := range changed.Outcomes {
		if o.Verdict == store.Permanent {
			permanent[p.joins[i].event] = o.Err
		}
	}
	c.joined = append(c.joined, p.joins...)
	return nil
}

// withID is a row under another _id.
func withID(doc bson.Raw, id string) (bson.Raw, error) {
	if have, _ := doc.Lookup("_id").StringValueOK(); have == id {
		return doc, nil
	}
	elements, err := doc.Elements()
	if err != nil {
		return nil, err
	}
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)+len(id)))
	b = bsoncore.AppendStringElement(b, "_id", id)
	for _, e := range elements[1:] {
		b = append(b, e...)
	}
	return bsoncore.AppendDocumentEnd(b, at)
}
