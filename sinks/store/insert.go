package store

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Insert inserts documents and gives an outcome for each, in their order. An
// error means that nothing may be assumed of any of them: insert the same
// again. A document is inserted, never replaced.
func (s *Store) Insert(ctx context.Context, collection string, docs []bson.Raw) ([]Outcome, error) {
	outcomes := make([]Outcome, 0, len(docs))
	for len(docs) > 0 {
		n := s.portion(docs)
		part, err := s.insert(ctx, collection, docs[:n])
		if err != nil {
			return nil, fmt.Errorf("store: insert into %s: %w", collection, err)
		}
		outcomes = append(outcomes, part...)
		docs = docs[n:]
	}
	return outcomes, nil
}

// portion is how many of the first documents one command carries.
func (s *Store) portion(docs []bson.Raw) int {
	most, bytes := int(s.batch.Load()), 0
	for i, d := range docs {
		bytes += len(d)
		if i > 0 && (i == most || bytes > batchBytes) {
			return i
		}
	}
	return len(docs)
}

func (s *Store) insert(ctx context.Context, collection string, docs []bson.Raw) ([]Outcome, error) {
	outcomes := make([]Outcome, len(docs))
	send, index := make([]bson.Raw, 0, len(docs)), make([]int, 0, len(docs))
	for i, d := range docs {
		if len(d) > MaxDocument {
			outcomes[i] = Outcome{Permanent, fmt.Errorf("the document has %d bytes, MongoDB takes %d", len(d), MaxDocument)}
			continue
		}
		send, index = append(send, d), append(index, i)
	}
	if len(send) == 0 {
		return outcomes, nil
	}
	judged, err := judge(len(send), s.send(ctx, collection, send))
	if err != nil {
		return nil, err
	}
	for i, o := range judged {
		outcomes[index[i]] = o
	}
	return outcomes, nil
}

// send gives the error of InsertMany, or of the same command.
func (s *Store) send(ctx context.Context, collection string, docs []bson.Raw) error {
	size := 0
	for _, d := range docs {
		size += len(d)
	}
	if !s.ferret.Load() && size <= commandBytes {
		return s.insertCommand(ctx, collection, docs)
	}
	_, err := s.db.Collection(collection).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	return err
}
