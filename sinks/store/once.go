package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
)

// Documents is what [Once] needs of a [Store].
type Documents interface {
	// Insert is [Store.Insert].
	Insert(ctx context.Context, collection string, docs []bson.Raw) ([]Outcome, error)
	// Find is [Store.Find].
	Find(ctx context.Context, collection, id string, fields ...string) (bson.Raw, bool, error)
	// Update is [Store.Update].
	Update(ctx context.Context, collection string, changes []Change) (Changed, error)
}

// Fact is one document to be stored once.
type Fact struct {
	// Event is the index of its event in the batch that the sink was given.
	Event      int
	Collection string
	// Doc has a string _id and an int64 seq, the stream sequence of its event.
	Doc bson.Raw
}

// Once stores facts so that each is there once, whatever comes again. One
// goroutine at a time may write; Stats may be read at any time.
type Once struct {
	// Into is where facts go.
	Into Documents
	// Fields are what the stored document is asked for, beside its seq, and Same
	// tells by them whether a document of the same stream sequence is the same
	// event.
	Fields []string
	Same   func(stored, doc bson.Raw) bool
	// Fill, when set, says what takes the place of a stored document that is no
	// fact but only keeps the place of one, as doc is; false for a stored fact.
	// Such a document comes from another stream sequence than its fact.
	Fill func(stored, doc bson.Raw) (bson.Raw, bool)
	// There, when set, is told of each fact that is in the store under its own
	// stream sequence, whether it was before or not.
	There func(Fact)
	Log   zerolog.Logger

	stored, again, duplicates, alarms, refused atomic.Uint64
}

// Stats are counts since the start.
type Stats struct {
	// Stored counts documents inserted.
	Stored uint64
	// Again counts events that were there already: redelivered after a crash.
	Again uint64
	// Duplicates counts events that another event (another stream sequence)
	// with the same _id came before.
	Duplicates uint64
	// Alarms counts stream sequences under which something else is stored: the
	// log or the store was changed by hand, or damaged.
	Alarms uint64
	// Refused counts documents that can never be stored.
	Refused uint64

	// The rest is counted by the sink of chat alone.

	// Marked counts lines that were marked as removed.
	Marked uint64
	// Tombstones counts deletions whose line had not come.
	Tombstones uint64
	// Unapplied counts moderation that names neither line nor person, or is of a
	// platform without a collection.
	Unapplied uint64
	// Paired counts lines that two sources reported, which are one row.
	Paired uint64
}

// Stats reads the counts.
func (o *Once) Stats() Stats {
	return Stats{
		Stored: o.stored.Load(), Again: o.again.Load(), Duplicates: o.duplicates.Load(),
		Alarms: o.alarms.Load(), Refused: o.refused.Load(),
	}
}

// Write is [Once.Store], then [Once.Verdict].
func (o *Once) Write(ctx context.Context, facts []Fact, permanent map[int]error) error {
	if err := o.Store(ctx, facts, permanent); err != nil {
		return err
	}
	return o.Verdict(permanent)
}

// Store stores facts, in order within each collection. permanent holds events
// that can never be stored already; it is added to. An error means that nothing
// may be assumed of any fact.
func (o *Once) Store(ctx context.Context, facts []Fact, permanent map[int]error) error {
	for _, group := range byCollection(facts) {
		if err := o.insert(ctx, group, permanent); err != nil {
			return err
		}
	}
	return nil
}

// Verdict is the answer of [bus.Sink]'s Write to a batch of which all is stored
// but permanent.
func (o *Once) Verdict(permanent map[int]error) error {
	if len(permanent) == 0 {
		return nil
	}
	o.refused.Add(uint64(len(permanent)))
	return &bus.BatchError{Permanent: permanent}
}

func (o *Once) insert(ctx context.Context, facts []Fact, permanent map[int]error) error {
	docs := make([]bson.Raw, len(facts))
	for i, f := range facts {
		docs[i] = f.Doc
	}
	outcomes, err := o.Into.Insert(ctx, facts[0].Collection, docs)
	if err != nil {
		return err
	}
	for i, outcome := range outcomes {
		if outcome.Verdict == Duplicate {
			if outcome, err = o.compare(ctx, facts[i], true); err != nil {
				return err
			}
		}
		switch outcome.Verdict {
		case Stored:
			o.stored.Add(1)
			o.there(facts[i])
		case Permanent:
			permanent[facts[i].Event] = outcome.Err
		}
	}
	return nil
}

func (o *Once) there(f Fact) {
	if o.There != nil {
		o.There(f)
	}
}

// compare finds out what a duplicate is a duplicate of. retry allows one more
// insert where nothing has its _id.
func (o *Once) compare(ctx context.Context, f Fact, retry bool) (Outcome, error) {
	id := f.Doc.Lookup("_id").StringValue()
	stored, found, err := o.Into.Find(ctx, f.Collection, id, append([]string{"seq"}, o.Fields...)...)
	if err != nil {
		return Outcome{}, err
	}
	seq := f.Doc.Lookup("seq").AsInt64()
	storedSeq, hasSeq := stored.Lookup("seq").AsInt64OK()
	switch {
	case !found && retry:
		return o.insertAgain(ctx, f)
	case !found:
		return Outcome{Permanent, errors.New("refused as a duplicate, but no document has its _id: the collection has a unique index that is not ours")}, nil
	case hasSeq && storedSeq != seq:
		return o.other(ctx, f, stored, storedSeq)
	case hasSeq && o.Same(stored, f.Doc):
		o.again.Add(1)
		o.there(f)
		return Outcome{Verdict: Duplicate}, nil
	}
	o.alarms.Add(1)
	o.Log.Error().Str("collection", f.Collection).Str("id", id).Int64("seq", seq).
		Msg("integrity: something else is stored under this stream sequence; the log or the store was changed or damaged: compare the dead letter with the document")
	return Outcome{Permanent, fmt.Errorf("integrity: %s holds another document under _id and stream sequence %d", f.Collection, seq)}, nil
}

// other settles a fact whose _id another stream sequence has: it takes the place
// that was kept for it, or is a duplicate.
func (o *Once) other(ctx context.Context, f Fact, stored bson.Raw, storedSeq int64) (Outcome, error) {
	whole, kept := bson.Raw(nil), false
	if o.Fill != nil {
		whole, kept = o.Fill(stored, f.Doc)
	}
	if !kept {
		o.duplicates.Add(1)
		return Outcome{Verdict: Duplicate}, nil
	}
	id := f.Doc.Lookup("_id").StringValue()
	changed, err := o.Into.Update(ctx, f.Collection, []Change{{ID: id, If: bson.D{{Key: "seq", Value: storedSeq}}, Whole: whole}})
	if err != nil {
		return Outcome{}, err
	}
	if outcome := changed.Outcomes[0]; outcome.Verdict != Stored || changed.Matched == 1 {
		return outcome, nil
	}
	return Outcome{}, fmt.Errorf("store: %s in %s was changed by somebody else while its fact was stored", id, f.Collection)
}

// insertAgain settles a duplicate of nothing: what was there was erased in
// between, or it was not _id that was taken.
func (o *Once) insertAgain(ctx context.Context, f Fact) (Outcome, error) {
	outcomes, err := o.Into.Insert(ctx, f.Collection, []bson.Raw{f.Doc})
	if err != nil {
		return Outcome{}, err
	}
	if outcomes[0].Verdict != Duplicate {
		return outcomes[0], nil
	}
	return o.compare(ctx, f, false)
}

// byCollection groups facts, keeping their order within each collection and
// the order in which collections came.
func byCollection(facts []Fact) [][]Fact {
	var groups [][]Fact
	at := map[string]int{}
	for _, f := range facts {
		i, ok := at[f.Collection]
		if !ok {
			i = len(groups)
			at[f.Collection], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}
