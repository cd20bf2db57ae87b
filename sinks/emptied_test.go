package sinks_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus/bustest"
	"promethean/sinks/internal/storetest"
)

// TestDatabaseEmptiedWhileRunning: what is in MongoDB may be thrown away, also
// under sinks that run, and is there again as it was, with its indexes: when the
// next event comes, and soon where none does.
func TestDatabaseEmptiedWhileRunning(t *testing.T) {
	for _, tt := range []struct {
		name string
		more int
	}{{"an event comes", 1}, {"none comes", 0}} {
		t.Run(tt.name, func(t *testing.T) {
			server, uri := bustest.Start(t), storetest.Start(t)
			fillAll(t, server)
			s, _ := open(t, optionsOf(server, uri))
			catchUp(t, s)
			before := contents(t, uri)

			inDatabase(t, uri, func(db *mongo.Database) error { return db.Drop(t.Context()) })
			fill(t, server, 6, 5+tt.more)
			waitCount(t, uri, "events", int64(8+tt.more))
			waitCount(t, uri, "twitch_chat_messages", int64(5+tt.more))
			waitCount(t, uri, "channel_events", 2)
			waitCount(t, uri, "ai_events", 1)
			catchUp(t, s)
			after := contents(t, uri)
			for collection, is := range before {
				for _, one := range is {
					if !slices.Contains(after[collection], one) {
						t.Errorf("%s lacks %s", collection, one)
					}
				}
			}
		})
	}
}

// TestSinkThatIsToBeFilledAgain: who takes away a sink's note and what it has
// stored, or a part of that, has the sink fill it again at the next start.
func TestSinkThatIsToBeFilledAgain(t *testing.T) {
	server, uri := bustest.Start(t), storetest.Start(t)
	fillAll(t, server)
	s, stop := open(t, optionsOf(server, uri))
	catchUp(t, s)
	stop()
	whole := contents(t, uri)
	remove(t, uri, "brain_state", "sink chat")
	remove(t, uri, "twitch_chat_messages", "m-2")

	s, _ = open(t, optionsOf(server, uri))
	waitCount(t, uri, "twitch_chat_messages", 5)
	catchUp(t, s)
	if diff := cmp.Diff(whole, contents(t, uri)); diff != "" {
		t.Error(diff)
	}
	for _, k := range s.Stats() {
		if again := k.Documents.Again; k.Name == "chat" && again != 4 || k.Name != "chat" && again != 0 {
			t.Errorf("%s: %d events came again", k.Name, again)
		}
	}
}

func inDatabase(t *testing.T, uri string, do func(*mongo.Database) error) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	if err := do(client.Database("promethean")); err != nil {
		t.Fatal(err)
	}
}

// contents are each collection's indexes, then its documents in order of _id;
// those of housekeeping tell of the time and are left out.
func contents(t *testing.T, uri string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	inDatabase(t, uri, func(db *mongo.Database) error {
		names, err := db.ListCollectionNames(t.Context(), bson.D{{Key: "name", Value: bson.D{{Key: "$nin", Value: bson.A{"brain_state", "brain_canary"}}}}})
		if err != nil {
			return err
		}
		for _, name := range names {
			indexes, err := db.Collection(name).Indexes().ListSpecifications(t.Context())
			if err != nil {
				return err
			}
			for _, index := range indexes {
				all[name] = append(all[name], index.KeysDocument.String())
			}
			cursor, err := db.Collection(name).Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
			if err != nil {
				return err
			}
			for cursor.Next(t.Context()) {
				all[name] = append(all[name], cursor.Current.String())
			}
			if err := cursor.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}
