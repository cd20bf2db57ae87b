// Package titles stores the life of each request for stream titles in
// stream_titles, one document a request.
//
// A document is a pure function of the title.* events of its request: it keeps
// each as a step, in the order of the log, and everything above the steps is
// folded from them ([Fold]). So the same events give the same document, byte
// for byte, whatever batches and redeliveries they come in. title.locked belongs
// to no request and has no document.
//
// Read title.go (the document), step.go (an event as a step), fold.go, titles.go
// (the sink).
package titles

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

// Collection is where the titles are stored.
const Collection = "stream_titles"

// Titles is the sink.
type Titles struct {
	into store.Documents
	// once counts what is refused.
	once          store.Once
	stored, again atomic.Uint64
}

// New returns the sink on s.
func New(s store.Documents, log zerolog.Logger) *Titles {
	return &Titles{into: s, once: store.Once{Into: s, Log: log.With().Str("component", "titles").Logger()}}
}

// Stats may be read at any time. Stored counts steps that were added.
func (t *Titles) Stats() store.Stats {
	stats := t.once.Stats()
	stats.Stored, stats.Again = t.stored.Load(), t.again.Load()
	return stats
}

// life is what a batch holds of one request.
type life struct {
	id    string
	steps []Step
	// events are the steps' indexes in the batch.
	events []int
}

// Write adds a batch's events to their documents; see bus.Sink.
func (t *Titles) Write(ctx context.Context, batch []schema.Recorded) error {
	permanent := map[int]error{}
	for _, l := range lives(batch, permanent) {
		if err := t.add(ctx, l, permanent); err != nil {
			return err
		}
	}
	return t.once.Verdict(permanent)
}

// lives groups a batch's steps by request, in the order in which they came.
func lives(batch []schema.Recorded, permanent map[int]error) []*life {
	var all []*life
	at := map[string]*life{}
	for i, r := range batch {
		step, id, err := Read(r)
		switch {
		case err != nil:
			permanent[i] = err
			continue
		case id == "":
			continue
		}
		l := at[id]
		if l == nil {
			l = &life{id: id}
			at[id], all = l, append(all, l)
		}
		l.steps, l.events = append(l.steps, step), append(l.events, i)
	}
	return all
}

// add adds steps to one document. Where the store will never take it, each step
// is tried alone, and only those are refused with which it is impossible: so the
// same are, however batches are cut.
func (t *Titles) add(ctx context.Context, l *life, permanent map[int]error) error {
	err := t.write(ctx, l)
	refused := (*refusedError)(nil)
	switch {
	case !errors.As(err, &refused):
		return err
	case len(l.steps) == 1:
		permanent[l.events[0]] = refused.error
		return nil
	}
	for i := range l.steps {
		if err := t.add(ctx, &life{l.id, l.steps[i : i+1], l.events[i : i+1]}, permanent); err != nil {
			return err
		}
	}
	return nil
}

// refusedError: the store will never take the document.
type refusedError struct{ error }

// write inserts the document where it is not there, else replaces it, where
// nobody changed it in between. It is written also where it has all of the steps:
// that they can be read does not say that they would survive, only a write
// concern does.
func (t *Titles) write(ctx context.Context, l *life) error {
	stored, found, err := t.into.Find(ctx, Collection, l.id, "steps")
	if err != nil {
		return err
	}
	var had Title
	if found {
		err := bson.Unmarshal(stored, &had)
		if err == nil && len(had.Steps) == 0 {
			err = errors.New("it has no steps")
		}
		if err != nil {
			return &refusedError{fmt.Errorf("the document %s of %s cannot be read; was it changed by hand? Mend it: %w", l.id, Collection, err)}
		}
	}
	title := Fold(l.id, slices.Concat(had.Steps, l.steps))
	doc, err := bson.Marshal(title)
	if err != nil {
		return &refusedError{err}
	}
	if len(doc) > store.MaxDocument {
		return &refusedError{errors.New("its document would be over 16 MiB")}
	}
	if err := t.put(ctx, doc, found, had); err != nil {
		return err
	}
	added := len(title.Steps) - len(had.Steps)
	t.stored.Add(uint64(added))
	t.again.Add(uint64(len(l.steps) - added))
	return nil
}

func (t *Titles) put(ctx context.Context, doc bson.Raw, found bool, had Title) error {
	id := doc.Lookup("_id").StringValue()
	if !found {
		outcomes, err := t.into.Insert(ctx, Collection, []bson.Raw{doc})
		switch {
		case err != nil:
			return err
		case outcomes[0].Verdict == store.Permanent:
			return &refusedError{outcomes[0].Err}
		case outcomes[0].Verdict == store.Duplicate:
			return fmt.Errorf("titles: %s came to be while it was made; the batch is written again", id)
		}
		return nil
	}
	last := had.Steps[len(had.Steps)-1].Seq
	changed, err := t.into.Update(ctx, Collection, []store.Change{{ID: id, If: bson.D{{Key: "seq", Value: last}}, Whole: doc}})
	switch {
	case err != nil:
		return err
	case changed.Outcomes[0].Verdict == store.Permanent:
		return &refusedError{changed.Outcomes[0].Err}
	case changed.Matched != 1:
		return fmt.Errorf("titles: %s was changed by somebody else; the batch is written again", id)
	}
	return nil
}
