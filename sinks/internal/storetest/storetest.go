// Package storetest runs the real embedded store, FerretDB on SQLite, inside a
// test. Only tests import it.
package storetest

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// Start runs a server on a free loopback port until the test ends and returns
// its URI. Clients must be closed before.
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
