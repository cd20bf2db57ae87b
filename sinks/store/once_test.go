package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

func once(into store.Documents) *store.Once {
	return &store.Once{Into: into, Fields: []string{"hash"}, Log: zerolog.Nop(), Same: func(stored, doc bson.Raw) bool {
		return stored.Lookup("hash").Equal(doc.Lookup("hash"))
	}}
}

func fact(t *testing.T, event int, collection, id string, seq int64, hash string) store.Fact {
	t.Helper()
	return store.Fact{Event: event, Collection: collection, Doc: raw(t, bson.D{
		{Key: "_id", Value: id}, {Key: "seq", Value: seq}, {Key: "hash", Value: hash},
	})}
}

// hashOf is what is stored under an id.
func hashOf(t *testing.T, s *store.Store, collection, id string) string {
	t.Helper()
	doc, found, err := s.Find(t.Context(), collection, id, "hash")
	if err != nil || !found {
		t.Fatalf("%s: found %v, %v", id, found, err)
	}
	return doc.Lookup("hash").StringValue()
}

func TestWhatComesAgain(t *testing.T) {
	for _, tt := range []struct {
		name      string
		seq       int64
		hash      string
		want      store.Stats
		permanent bool
	}{
		{"the same event", 7, "h", store.Stats{Stored: 1, Again: 1}, false},
		{"the same fact as another event", 8, "h", store.Stats{Stored: 1, Duplicates: 1}, false},
		{"another event with the same id", 8, "other", store.Stats{Stored: 1, Duplicates: 1}, false},
		{"other bytes under the same sequence", 7, "other", store.Stats{Stored: 1, Alarms: 1, Refused: 1}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, db := storetest.Open(t)
			o := once(s)
			if err := o.Write(t.Context(), []store.Fact{fact(t, 0, "c", "a", 7, "h")}, map[int]error{}); err != nil {
				t.Fatal(err)
			}
			err := o.Write(t.Context(), []store.Fact{fact(t, 3, "c", "a", tt.seq, tt.hash)}, map[int]error{})
			var batch *bus.BatchError
			if errors.As(err, &batch) != tt.permanent || tt.permanent && batch.Permanent[3] == nil || !tt.permanent && err != nil {
				t.Errorf("write gave %v", err)
			}
			if diff := cmp.Diff(tt.want, o.Stats()); diff != "" {
				t.Error(diff)
			}
			if got := hashOf(t, s, "c", "a"); got != "h" || count(t, db, "c") != 1 {
				t.Errorf("what was stored first was changed: %s", got)
			}
		})
	}
}

// TestForeignUniqueIndex: FerretDB does not say which index refused a document;
// that no document has its _id does.
func TestForeignUniqueIndex(t *testing.T) {
	s, db := storetest.Open(t, store.Collection{Name: "c"})
	unique := mongo.IndexModel{Keys: bson.D{{Key: "hash", Value: 1}}, Options: options.Index().SetUnique(true)}
	if _, err := db.Collection("c").Indexes().CreateOne(t.Context(), unique); err != nil {
		t.Fatal(err)
	}
	err := once(s).Write(t.Context(), []store.Fact{
		fact(t, 0, "c", "a", 1, "h"), fact(t, 1, "c", "b", 2, "h"), fact(t, 2, "c", "d", 3, "i"),
	}, map[int]error{})
	var batch *bus.BatchError
	if !errors.As(err, &batch) || len(batch.Permanent) != 1 || batch.Permanent[1] == nil {
		t.Errorf("write gave %v", err)
	}
	if n := count(t, db, "c"); n != 2 {
		t.Errorf("%d documents", n)
	}
}

// unreliable is a real store of which some calls go wrong.
type unreliable struct {
	store.Documents
	insert func(collection string) error
	find   func() error
	// update is called after each update and says whether its answer is lost.
	update func() error
	// claim makes the next insert say Duplicate of everything, without writing.
	claim bool
}

func (u *unreliable) Insert(ctx context.Context, collection string, docs []bson.Raw) ([]store.Outcome, error) {
	if u.claim {
		u.claim = false
		outcomes := make([]store.Outcome, len(docs))
		for i := range outcomes {
			outcomes[i].Verdict = store.Duplicate
		}
		return outcomes, nil
	}
	if u.insert != nil {
		if err := u.insert(collection); err != nil {
			return nil, err
		}
	}
	return u.Documents.Insert(ctx, collection, docs)
}

func (u *unreliable) Find(ctx context.Context, collection, id string, fields ...string) (bson.Raw, bool, error) {
	if u.find != nil {
		if err := u.find(); err != nil {
			return nil, false, err
		}
	}
	return u.Documents.Find(ctx, collection, id, fields...)
}

func (u *unreliable) Update(ctx context.Context, collection string, changes []store.Change) (store.Changed, error) {
	changed, err := u.Documents.Update(ctx, collection, changes)
	if u.update != nil {
		err = errors.Join(err, u.update())
	}
	return changed, err
}

var errDown = errors.New("down")

// TestPartlyStoredBatchIsFinished: a batch of which one collection was written
// when the store went away is written again, whole, and is there once.
func TestPartlyStoredBatchIsFinished(t *testing.T) {
	s, db := storetest.Open(t)
	down := true
	o := once(&unreliable{Documents: s, insert: func(collection string) error {
		if collection == "second" && down {
			return errDown
		}
		return nil
	}})
	facts := []store.Fact{fact(t, 0, "first", "a", 1, "1"), fact(t, 1, "second", "b", 2, "2"), fact(t, 2, "first", "c", 3, "3")}
	err := o.Write(t.Context(), facts, map[int]error{})
	var batch *bus.BatchError
	if !errors.Is(err, errDown) || errors.As(err, &batch) {
		t.Fatalf("write gave %v, want the store's own error", err)
	}
	down = false
	if err := o.Write(t.Context(), facts, map[int]error{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(store.Stats{Stored: 3, Again: 2}, o.Stats()); diff != "" {
		t.Error(diff)
	}
	if count(t, db, "first") != 2 || count(t, db, "second") != 1 {
		t.Error("not every document is there once")
	}
}

func TestErasedInBetween(t *testing.T) {
	s, _ := storetest.Open(t)
	o := once(&unreliable{Documents: s, claim: true})
	if err := o.Write(t.Context(), []store.Fact{fact(t, 0, "c", "a", 1, "h")}, map[int]error{}); err != nil {
		t.Fatal(err)
	}
	if got := hashOf(t, s, "c", "a"); got != "h" {
		t.Error(got)
	}
}

// TestUnreadableDuplicateHolds: as long as the stored document can't be read
// nobody knows whether it is the same.
func TestUnreadableDuplicateHolds(t *testing.T) {
	s, _ := storetest.Open(t)
	u := &unreliable{Documents: s}
	o := once(u)
	facts := []store.Fact{fact(t, 0, "c", "a", 1, "h")}
	if err := o.Write(t.Context(), facts, map[int]error{}); err != nil {
		t.Fatal(err)
	}
	u.find = func() error { return errDown }
	var batch *bus.BatchError
	if err := o.Write(t.Context(), facts, map[int]error{}); !errors.Is(err, errDown) || errors.As(err, &batch) {
		t.Errorf("write gave %v", err)
	}
}

// TestKnownRefusalsAreKept: what a sink found out itself is told with the rest.
func TestKnownRefusalsAreKept(t *testing.T) {
	s, _ := storetest.Open(t)
	err := once(s).Write(t.Context(), []store.Fact{fact(t, 1, "c", "a", 1, "h")}, map[int]error{0: errDown})
	var batch *bus.BatchError
	if !errors.As(err, &batch) || len(batch.Permanent) != 1 || !errors.Is(batch.Permanent[0], errDown) {
		t.Errorf("write gave %v", err)
	}
}
