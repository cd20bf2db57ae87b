package storetest

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// Stub is a MongoDB in memory that can be told to go wrong, with a store on it
// and a client of the test's own. All of it is closed when the test ends, and
// none of it uses the network, so that it runs under testing/synctest.
type Stub struct {
	*mongostub.Server
	Store *store.Store
	DB    *mongo.Database
}

// OpenStub starts one, with the store prepared. Its own listener takes the place
// of the options'.
func OpenStub(tb testing.TB, o mongostub.Options, collections ...store.Collection) Stub {
	tb.Helper()
	pipe := mongostub.NewPipe()
	o.Listener = pipe
	server, err := mongostub.Start(o)
	if err != nil {
		tb.Fatal(err)
	}
	cleanup(tb, server.Close)
	s, err := store.OpenBy(pipe, server.URI(), Database)
	if err != nil {
		tb.Fatal(err)
	}
	cleanup(tb, func() error { return s.Close(context.Background()) })
	client, err := mongo.Connect(options.Client().ApplyURI(server.URI()).SetDialer(pipe))
	if err != nil {
		tb.Fatal(err)
	}
	cleanup(tb, func() error { return client.Disconnect(context.Background()) })
	if err := s.Prepare(tb.Context(), collections); err != nil {
		tb.Fatal(err)
	}
	return Stub{Server: server, Store: s, DB: client.Database(Database)}
}

func cleanup(tb testing.TB, end func() error) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := end(); err != nil {
			tb.Error(err)
		}
	})
}
