package store

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Change is what is done to one document, which is left as it is where If does
// not match it.
type Change struct {
	// ID is its _id. If are fields and the values that they must have; null is
	// also that of a field which is not there.
	ID string
	If bson.D
	// Set are the fields that are set; Whole, when given, takes the document's
	// place instead.
	Set   bson.D
	Whole bson.Raw
	// Gone: it is taken away.
	Gone bool
}

// Query says which documents, and which of their fields beside _id.
type Query struct {
	Filter bson.D
	Fields []string
}

// Changed says what became of changes.
type Changed struct {
	// Matched counts the documents that were there and met their conditions, but
	// for those that are gone.
	Matched int64
	// Outcomes are in the order of the changes: Stored (also where nothing
	// matched) or Permanent.
	Outcomes []Outcome
}

// Update makes changes, each of another document, by _id and one command at a
// time. None is inserted. An error means that nothing may be assumed of any of
// them: make the same again.
//
// The documents to be changed are looked for first ([Store.Each]) because an
// update that matches 100 documents or more hangs FerretDB 1.24 on SQLite for
// ever, and those of several commands at once count together.
func (s *Store) Update(ctx context.Context, collection string, changes []Change) (Changed, error) {
	all := Changed{Outcomes: make([]Outcome, 0, len(changes))}
	for len(changes) > 0 {
		n := min(len(changes), int(s.updates.Load()))
		part, err := s.update(ctx, collection, changes[:n])
		if err != nil {
			return Changed{}, fmt.Errorf("store: update %s: %w", collection, err)
		}
		all.Matched += part.Matched
		all.Outcomes = append(all.Outcomes, part.Outcomes...)
		changes = changes[n:]
	}
	return all, nil
}

func (s *Store) update(ctx context.Context, collection string, changes []Change) (Changed, error) {
	changed := Changed{Outcomes: make([]Outcome, len(changes))}
	models, index := make([]mongo.WriteModel, 0, len(changes)), make([]int, 0, len(changes))
	for i, c := range changes {
		changed.Outcomes[i].Verdict = Stored
		filter := append(bson.D{{Key: "_id", Value: c.ID}}, c.If...)
		if s.ferret.Load() {
			meets, err := s.meets(ctx, collection, c)
			if err != nil {
				return Changed{}, err
			}
			if !meets {
				continue
			}
			filter = filter[:1]
		}
		models, index = append(models, c.model(filter)), append(index, i)
	}
	if len(models) == 0 {
		return changed, nil
	}
	result, err := s.db.Collection(collection).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	outcomes, err := judge(len(models), err)
	if err != nil {
		return Changed{}, err
	}
	for i, o := range outcomes {
		if o.Verdict == Duplicate {
			o = Outcome{Permanent, errors.New("a unique index that is not ours refuses the change")}
		}
		changed.Outcomes[index[i]] = o
	}
	if result != nil {
		changed.Matched = result.MatchedCount
	}
	return changed, nil
}

func (c Change) model(filter bson.D) mongo.WriteModel {
	if c.Gone {
		return mongo.NewDeleteOneModel().SetFilter(filter)
	}
	if c.Whole != nil {
		return mongo.NewReplaceOneModel().SetFilter(filter).SetReplacement(c.Whole)
	}
	return mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$set", Value: c.Set}})
}

// meets reports whether a document is there and is as a change asks. FerretDB
// finds by its index on _id only where nothing but _id is asked for; else each
// change would read the whole collection. That this is another command than the
// change does no harm: a collection has one writer.
func (s *Store) meets(ctx context.Context, collection string, c Change) (bool, error) {
	fields := make([]string, 0, len(c.If))
	for _, f := range c.If {
		fields = append(fields, f.Key)
	}
	doc, found, err := s.Find(ctx, collection, c.ID, fields...)
	if err != nil || !found {
		return false, err
	}
	asked, err := bson.Marshal(c.If)
	if err != nil {
		return false, err
	}
	for _, f := range c.If {
		have := doc.Lookup(f.Key)
		if have.IsZero() {
			have.Type = bson.TypeNull
		}
		if !have.Equal(bson.Raw(asked).Lookup(f.Key)) {
			return false, nil
		}
	}
	return true, nil
}

// Each gives to see the fields of every document that matches, in no order; it
// must not keep the document. On the embedded store that reads the collection
// and may take minutes; the time allowed is [scanTime].
func (s *Store) Each(ctx context.Context, collection string, q Query, see func(doc bson.Raw)) error {
	ctx, cancel := context.WithTimeout(ctx, scanTime)
	defer cancel()
	projection := bson.D{}
	for _, f := range q.Fields {
		projection = append(projection, bson.E{Key: f, Value: 1})
	}
	cursor, err := s.db.Collection(collection).Find(ctx, q.Filter, options.Find().SetProjection(projection).SetBatchSize(scanBatch))
	if err != nil {
		return fmt.Errorf("store: look for documents in %s: %w", collection, err)
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		see(cursor.Current)
	}
	if err := cursor.Err(); err != nil {
		return fmt.Errorf("store: look for documents in %s: %w", collection, err)
	}
	return nil
}
