package store

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Collection is a collection that must be there, with its indexes beside _id.
type Collection struct {
	Name    string
	Indexes []Index
}

// Index lists the fields of an ascending index, dotted paths, in order.
type Index []string

const codeNamespaceExists = 48

// ensureCollections creates what is missing of the collections and their
// indexes, and those of housekeeping. It changes nothing that is there; calling
// it again, or from two programs at once, is fine.
func (s *Store) ensureCollections(ctx context.Context, all []Collection) error {
	for _, c := range append([]Collection{{Name: CanaryCollection}, {Name: StateCollection}}, all...) {
		if err := s.ensure(ctx, c); err != nil {
			return fmt.Errorf("store: create collection %s: %w", c.Name, err)
		}
	}
	return nil
}

func (s *Store) ensure(ctx context.Context, c Collection) error {
	err := s.db.CreateCollection(ctx, c.Name)
	var command mongo.CommandError
	if err != nil && !(errors.As(err, &command) && command.Code == codeNamespaceExists) {
		return err
	}
	for _, index := range c.Indexes {
		keys := bson.D{}
		for _, path := range index {
			keys = append(keys, bson.E{Key: path, Value: 1})
		}
		// One command each: FerretDB 1.24 fails on several that are all there.
		if _, err := s.db.Collection(c.Name).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: keys}); err != nil {
			return fmt.Errorf("index %v: %w", index, err)
		}
	}
	return nil
}
