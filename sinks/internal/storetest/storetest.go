// Package storetest runs the real embedded store, FerretDB on SQLite, inside a
// test. Only tests import it.
package storetest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/FerretDB/FerretDB/ferretdb"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/store"
)

// Database is the database that tests use.
const Database = "promethean"

// Start runs a server on a free loopback port until the test ends and returns
// its URI.
func Start(tb testing.TB) string {
	tb.Helper()
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(slog.DiscardHandler),
		Handler:   "sqlite",
		SQLiteURL: "file:" + filepath.ToSlash(tb.TempDir()) + "/",
	})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- db.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-ran; err != nil {
			tb.Error(err)
		}
	})
	return db.MongoDBURI()
}

// Open gives a store on a server of its own, prepared with the collections,
// and a client of the test's own that sees what any other program would. Both
// are closed when the test ends.
func Open(tb testing.TB, collections ...store.Collection) (*store.Store, *mongo.Database) {
	tb.Helper()
	uri := Start(tb)
	s, err := store.Open(uri, Database)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := client.Disconnect(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	if err := s.Prepare(tb.Context(), collections); err != nil {
		tb.Fatal(err)
	}
	return s, client.Database(Database)
}
