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
	// ID is its _id, If what else must be true of it.
	ID string
	If bson.D
	// Set are the fields that are set; Whole, when given, takes the document's
	// place instead.
	Set   bson.D
	Whole bson.Raw
}

// Changed says what became of changes.
type Changed struct {
	// Matched counts the documents that were there and met their conditions.
	Matched int64
	// Outcomes are in the order of the changes: Stored (also where nothing
	// matched) or Permanent.
	Outcomes []Outcome
}

// Update makes changes, each of one document by its _id, one command at a time.
// None is inserted. An error means that nothing may be assumed of any of them:
// make the same again.
//
// The documents to be changed are looked for first ([Store.IDs]) because an
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
	models := make([]mongo.WriteModel, 0, len(changes))
	for _, c := range changes {
		filter := append(bson.D{{Key: "_id", Value: c.ID}}, c.If...)
		if c.Whole != nil {
			models = append(models, mongo.NewReplaceOneModel().SetFilter(filter).SetReplacement(c.Whole))
			continue
		}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$set", Value: c.Set}}))
	}
	result, err := s.db.Collection(collection).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	outcomes, err := judge(len(models), err)
	if err != nil {
		return Changed{}, err
	}
	for i := range outcomes {
		if outcomes[i].Verdict == Duplicate {
			outcomes[i] = Outcome{Permanent, errors.New("a unique index that is not ours refuses the change")}
		}
	}
	changed := Changed{Outcomes: outcomes}
	if result != nil {
		changed.Matched = result.MatchedCount
	}
	return changed, nil
}

// IDs are the _ids of documents that match, at most limit, in no order. Those
// that are no strings are none of ours.
func (s *Store) IDs(ctx context.Context, collection string, filter bson.D, limit int) ([]string, error) {
	cursor, err := s.db.Collection(collection).Find(ctx, filter,
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit)))
	if err != nil {
		return nil, fmt.Errorf("store: look for documents in %s: %w", collection, err)
	}
	var docs []bson.Raw
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, fmt.Errorf("store: look for documents in %s: %w", collection, err)
	}
	ids := make([]string, 0, len(docs))
	for _, d := range docs {
		if id, ok := d.Lookup("_id").StringValueOK(); ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
