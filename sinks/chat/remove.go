package chat

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

const (
	// page is how many _ids are held at once while lines are marked.
	page = 100
	// unknownStart is how far back a removal reaches where nobody knows when the
	// broadcast began.
	unknownStart = 24 * time.Hour
)

// remove marks what a moderation event took away. refused says why some of it
// can never be marked; all the rest is.
func (c *Chat) remove(ctx context.Context, r removal) (refused, err error) {
	if r.line != "" {
		return c.removeLine(ctx, r)
	}
	for _, filter := range r.filters() {
		why, err := c.mark(ctx, r, filter)
		if err != nil {
			return nil, err
		}
		if why != nil {
			refused = why
		}
	}
	return refused, nil
}

// removeLine marks one line, or leaves a tombstone where it has not come.
func (c *Chat) removeLine(ctx context.Context, r removal) (refused, err error) {
	row, found, err := c.rows.Find(ctx, r.collection, r.line, "seq", "isTest", "deleted")
	if err != nil {
		return nil, err
	}
	if !found {
		return c.leaveTombstone(ctx, r)
	}
	if !r.mayRemove(row) {
		return nil, nil
	}
	changed, err := c.rows.Update(ctx, r.collection, []store.Change{r.change(r.line)})
	if err != nil {
		return nil, err
	}
	c.marked.Add(uint64(changed.Matched))
	return changed.Outcomes[0].Err, nil
}

// mayRemove: the first removal stays, and a rehearsal, which may name a real
// line, removes only rehearsals that came before it. One's own mark is asked for
// once more, which changes nothing: MongoDB answers when the mark that is there
// would survive, which the failed call before may not have told.
func (r removal) mayRemove(row bson.Raw) bool {
	if by, ok := row.Lookup("deleted").DocumentOK(); ok {
		id, _ := bson.Raw(by).Lookup("eventId").StringValueOK()
		return id == r.eventID
	}
	if !r.test {
		return true
	}
	rehearsed, _ := row.Lookup("isTest").BooleanOK()
	seq, _ := row.Lookup("seq").AsInt64OK()
	return rehearsed && seq < int64(r.seq)
}

// leaveTombstone keeps the place of a line that has not come. A rehearsal, which
// may name an invented line or a real one, leaves none.
func (c *Chat) leaveTombstone(ctx context.Context, r removal) (refused, err error) {
	if r.test {
		return nil, nil
	}
	doc, err := tombstone(r)
	if err != nil {
		return err, nil
	}
	outcomes, err := c.rows.Insert(ctx, r.collection, []bson.Raw{doc})
	if err != nil {
		return nil, err
	}
	switch outcomes[0].Verdict {
	case store.Stored:
		c.tombstones.Add(1)
	case store.Duplicate:
		return nil, fmt.Errorf("chat: the line %s came into %s while its deletion was stored", r.line, r.collection)
	}
	return outcomes[0].Err, nil
}

// change marks one line that still stands.
func (r removal) change(id string) store.Change {
	return store.Change{ID: id, If: bson.D{{Key: "deleted", Value: nil}}, Set: bson.D{{Key: "deleted", Value: r.deleted}}}
}

// filters say which lines a removal of a person's, or of everybody's, lines
// takes: those of the channel's same broadcast with a lower stream sequence
// that still stand. Where line and event both name the broadcast, by its name;
// else by its start. A start that nobody saw, also after an end, reaches back
// 24 hours at most.
func (r removal) filters() []bson.D {
	standing := append(bson.D{{Key: "channel", Value: r.channel}}, r.person...)
	standing = append(standing, bson.E{Key: "deleted", Value: nil})
	if r.test {
		standing = append(standing, bson.E{Key: "isTest", Value: true})
	}
	since := append(clone(standing), bson.E{Key: "seq", Value: bson.D{{Key: "$gt", Value: r.start}, {Key: "$lt", Value: int64(r.seq)}}})
	if r.start == 0 || r.over {
		since = append(since, bson.E{Key: "timestamp", Value: bson.D{{Key: "$gte", Value: bson.NewDateTimeFromTime(r.at.Add(-unknownStart))}}})
	}
	if r.streamID == "" {
		return []bson.D{since}
	}
	return []bson.D{
		append(clone(standing),
			bson.E{Key: "streamId", Value: r.streamID}, bson.E{Key: "seq", Value: bson.D{{Key: "$lt", Value: int64(r.seq)}}}),
		append(since, bson.E{Key: "streamId", Value: nil}),
	}
}

func clone(d bson.D) bson.D { return append(bson.D(nil), d...) }

// mark marks the lines that match, a page at a time. Those that are marked match
// no longer, so each page is another; those that can never be marked go on
// matching, so a page has room for them beside the others, and why is told.
func (c *Chat) mark(ctx context.Context, r removal, filter bson.D) (refused, err error) {
	never := map[string]bool{}
	for {
		before := len(never)
		ids, err := c.rows.IDs(ctx, r.collection, filter, before+page)
		if err != nil {
			return nil, err
		}
		var changes []store.Change
		for _, id := range ids {
			if !never[id] {
				changes = append(changes, r.change(id))
			}
		}
		if len(changes) == 0 {
			return refused, nil
		}
		changed, err := c.rows.Update(ctx, r.collection, changes)
		if err != nil {
			return nil, err
		}
		c.marked.Add(uint64(changed.Matched))
		for i, o := range changed.Outcomes {
			if o.Verdict == store.Permanent {
				never[changes[i].ID], refused = true, o.Err
			}
		}
		switch {
		case len(ids) < before+page:
			return refused, nil
		case changed.Matched == 0 && len(never) == before:
			return nil, fmt.Errorf("chat: the store finds %d lines in %s to mark and does not mark them", len(changes), r.collection)
		}
	}
}
