package status_test

import (
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus/bustest"
	"promethean/cmd/brain/embedded/store"
	"promethean/cmd/brain/internal/status"
	"promethean/sinks/mongostub"
)

// TestEmbeddedStoreIsCounted by its statistics, also of collections that are not
// there.
func TestEmbeddedStoreIsCounted(t *testing.T) {
	s, err := store.Start(t.Context(), store.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(t.Context()) })
	docs := []bson.D{{{Key: "_id", Value: "a"}}, {{Key: "_id", Value: "b"}}, {{Key: "_id", Value: "c"}}}
	if _, err := client.Database("promethean").Collection("events").InsertMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	p := places(bustest.Start(t))
	p.Store, p.MongoURI = s.URI(), s.URI()
	got := status.Gather(t.Context(), p).Store
	if got.Error != "" || !got.Embedded || len(got.Collections) < 5 {
		t.Fatalf("%+v", got)
	}
	for _, c := range got.Collections {
		want := int64(0)
		if c.Name == "events" {
			want = 3
		}
		if c.Documents == nil || *c.Documents != want {
			t.Errorf("%s: %v documents, want %d", c.Name, c.Documents, want)
		}
	}
}

// TestBusyStoreIsNoFault: a store that answers and does not count in time is not
// out of order.
func TestBusyStoreIsNoFault(t *testing.T) {
	stub, err := mongostub.Start(mongostub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stub.Close() })
	stub.Inject(mongostub.Fault{Do: mongostub.Delay, For: time.Minute, Commands: []string{"count"}})
	p := places(bustest.Start(t))
	p.Store, p.MongoURI = stub.URI(), stub.URI()
	got := status.Gather(t.Context(), p).Store
	if got.Error != "" || len(got.Collections) < 5 {
		t.Fatalf("%+v", got)
	}
	for _, c := range got.Collections {
		if c.Documents != nil {
			t.Errorf("%s: %d documents", c.Name, *c.Documents)
		}
	}
}
