package chat

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

// pairsID is the _id of a collection's [window.until] in the collection of
// housekeeping.
func pairsID(collection string) string { return "pairs " + collection }

// window gives the lines among which those of a batch may find their mates: nil
// where there can be none, since ai_licia was not heard lately. Then nothing is
// asked and nothing remembered; a store is asked once after a start whether it
// was.
func (c *Chat) window(ctx context.Context, s span) (*window, error) {
	w := c.windows[s.collection]
	if w == nil {
		w = &window{}
		w.clear()
		if c.windows == nil {
			c.windows = map[string]*window{}
		}
		c.windows[s.collection] = w
	}
	if err := c.readUntil(ctx, w, s.collection); err != nil {
		return nil, err
	}
	if s.second && s.last+pairReach > w.until {
		until := s.last + 2*pairReach
		if err := c.rows.Replace(ctx, store.StateCollection, []bson.D{{{Key: "_id", Value: pairsID(s.collection)}, {Key: "until", Value: until}}}); err != nil {
			return nil, err
		}
		w.until = until
	}
	if s.first > w.until {
		w.clear()
		return nil, nil
	}
	w.prune(s.first)
	return w, c.load(ctx, w, s)
}

func (c *Chat) readUntil(ctx context.Context, w *window, collection string) error {
	if w.known {
		return nil
	}
	doc, found, err := c.rows.Find(ctx, store.StateCollection, pairsID(collection), "until")
	if err != nil {
		return err
	}
	if found {
		var ok bool
		if w.until, ok = doc.Lookup("until").AsInt64OK(); !ok {
			return fmt.Errorf("chat: %s in %s cannot be read: remove that document", pairsID(collection), store.StateCollection)
		}
	}
	w.known, w.most = true, w.until-pairReach
	return nil
}

// load reads from the store what lines of a batch can be pairs with, or are
// already: those up to pairReach before it, and behind it as far as ai_licia's
// lines were stored before the sink began, since the log may come again from far
// back.
func (c *Chat) load(ctx context.Context, w *window, s span) error {
	from, to := s.first-pairReach, min(s.last, w.most)+pairReach
	if w.loaded && from >= w.from && to <= w.to {
		return nil
	}
	w.clear()
	to = s.last + 3*pairReach
	q := store.Query{
		Filter: bson.D{{Key: "seq", Value: bson.D{{Key: "$gt", Value: from}, {Key: "$lte", Value: to}}}},
		Fields: saidFields(),
	}
	if err := c.rows.Each(ctx, s.collection, q, func(doc bson.Raw) {
		if l := saidOf(doc); l != nil {
			w.take(l)
		}
	}); err != nil {
		return err
	}
	w.loaded, w.from, w.to = true, from, to
	return nil
}
