package mongostub_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/mongostub"
)

// start runs a stub until the test ends and connects the real driver to it.
func start(t *testing.T, o mongostub.Options) (*mongostub.Server, *mongo.Database) {
	t.Helper()
	s, err := mongostub.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Disconnect(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s, client.Database("db")
}

func numbered(n int) []bson.D {
	docs := make([]bson.D, n)
	for i := range docs {
		docs[i] = bson.D{{Key: "_id", Value: fmt.Sprint("d", i)}, {Key: "seq", Value: int64(i)}, {Key: "user", Value: bson.D{{Key: "id", Value: fmt.Sprint("u", i%3)}}}}
	}
	return docs
}

func insertMany(t *testing.T, c *mongo.Collection, docs []bson.D) {
	t.Helper()
	if _, err := c.InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

// TestAsEither: what the driver makes of the handshake; only a replica set has
// retryable writes.
func TestAsEither(t *testing.T) {
	for _, tt := range []struct {
		name     string
		o        mongostub.Options
		numbered bool
	}{
		{"a primary", mongostub.Options{}, true},
		{"a standalone", mongostub.Options{Standalone: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, db := start(t, tt.o)
			if err := db.Client().Ping(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			insertMany(t, db.Collection("c"), numbered(3))
			var build struct{ Version string }
			if err := db.RunCommand(t.Context(), bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil || build.Version == "" {
				t.Errorf("%+v, %v", build, err)
			}
			got := s.Commands("insert")
			if len(got) != 1 || got[0].Documents != 3 || got[0].Collection != "c" || (got[0].Txn > 0) != tt.numbered {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestDuplicateKeys: each under its index, with what MongoDB says of it; an
// ordered insert ends at the first.
func TestDuplicateKeys(t *testing.T) {
	docs := []bson.D{{{Key: "_id", Value: "a"}}, {{Key: "_id", Value: "old"}}, {{Key: "_id", Value: "b"}}, {{Key: "_id", Value: "a"}}}
	for _, tt := range []struct {
		name    string
		ordered bool
		at      []int
		stored  int
	}{
		{"unordered", false, []int{1, 3}, 3},
		{"ordered", true, []int{1}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, db := start(t, mongostub.Options{})
			insertMany(t, db.Collection("c"), []bson.D{{{Key: "_id", Value: "old"}}})
			_, err := db.Collection("c").InsertMany(t.Context(), docs, options.InsertMany().SetOrdered(tt.ordered))
			var bulk mongo.BulkWriteException
			if !errors.As(err, &bulk) {
				t.Fatal(err)
			}
			var at []int
			for _, e := range bulk.WriteErrors {
				at = append(at, e.Index)
				id := docs[e.Index][0].Value.(string)
				if e.Code != 11000 || e.Message != `E11000 duplicate key error collection: db.c index: _id_ dup key: { _id: "`+id+`" }` ||
					e.Raw.Lookup("keyPattern", "_id").Int32() != 1 || e.Raw.Lookup("keyValue", "_id").StringValue() != id {
					t.Errorf("%+v", e)
				}
			}
			if diff := cmp.Diff(tt.at, at); diff != "" {
				t.Error(diff)
			}
			if n := s.Len("db", "c"); n != tt.stored {
				t.Errorf("%d documents, want %d", n, tt.stored)
			}
		})
	}
}

func TestUnknownCommand(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	err := db.RunCommand(t.Context(), bson.D{{Key: "mapReduce", Value: "c"}}).Err()
	var command mongo.CommandError
	if !errors.As(err, &command) || command.Code != 59 || command.Name != "CommandNotFound" {
		t.Errorf("%v", err)
	}
}
