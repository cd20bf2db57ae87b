package chat

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

// remove marks what a moderation event took away. refused says why some of it
// can never be marked; all the rest is.
func (c *Chat) remove(ctx context.Context, r removal) (refused, err error) {
	if r.line != "" {
		return c.removeLine(ctx, r)
	}
	lines, err := c.taken(ctx, r)
	if err != nil {
		return nil, err
	}
	return c.mark(ctx, r, lines)
}

// removeLine marks one line, or leaves a tombstone where it has not come.
func (c *Chat) removeLine(ctx context.Context, r removal) (refused, err error) {
	row, found, err := c.rows.Find(ctx, r.collection, r.line, "seq", "isTest", "deleted", "pair")
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
	if of, ok := row.Lookup("pair", "seq").AsInt64OK(); ok && textsOf(row)("pair", "id") == r.line {
		seq = min(seq, of)
	}
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

// mark marks lines. Those that can never be marked go on standing, and why is
// told.
func (c *Chat) mark(ctx context.Context, r removal, lines []standing) (refused, err error) {
	if len(lines) == 0 {
		return nil, nil
	}
	changes, asked := make([]store.Change, 0, len(lines)), make(map[string]bool, len(lines))
	for _, l := range lines {
		if !asked[l.id] { // both lines of a pair may be taken
			asked[l.id] = true
			changes = append(changes, r.change(l.id))
		}
	}
	changed, err := c.rows.Update(ctx, r.collection, changes)
	if err != nil {
		return nil, err
	}
	c.marked.Add(uint64(changed.Matched))
	gone := make(map[string]bool, len(lines))
	for i, o := range changed.Outcomes {
		if o.Verdict == store.Permanent {
			refused = o.Err
			continue
		}
		gone[changes[i].ID] = true
	}
	c.memory(r.collection).drop(gone)
	return refused, nil
}
