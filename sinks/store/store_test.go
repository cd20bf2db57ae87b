package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

func raw(t *testing.T, doc bson.D) bson.Raw {
	t.Helper()
	b, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func want(poison bool) store.Verdict {
	if poison {
		return store.Permanent
	}
	return store.Stored
}

func count(t *testing.T, db *mongo.Database, collection string) int64 {
	t.Helper()
	n, err := db.Collection(collection).CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPoisonBesideGoodOnes: a document that the store itself refuses does not
// take its neighbours down, in whichever command of the batch it is.
func TestPoisonBesideGoodOnes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		n, at  int
		poison bson.D
	}{
		{"refused by the server", 1000, 500, bson.D{{Key: "_id", Value: "poison"}, {Key: "v", Value: bson.A{bson.A{1}}}}},
		{"first of all", 120, 0, bson.D{{Key: "_id", Value: "poison"}, {Key: "m", Value: bson.D{{Key: "$a", Value: 1}}}}},
		{"over 16 MiB, last of all", 120, 119, bson.D{{Key: "_id", Value: "poison"}, {Key: "v", Value: strings.Repeat("x", store.MaxDocument)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, db := storetest.Open(t)
			docs := make([]bson.Raw, tt.n)
			for i := range docs {
				docs[i] = raw(t, bson.D{{Key: "_id", Value: fmt.Sprint(i)}, {Key: "seq", Value: int64(i)}})
			}
			docs[tt.at] = raw(t, tt.poison)
			outcomes, err := s.Insert(t.Context(), "c", docs)
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range outcomes {
				if o.Verdict != want(i == tt.at) {
					t.Errorf("document %d: %+v", i, o)
				}
			}
			if n := count(t, db, "c"); n != int64(tt.n-1) {
				t.Errorf("%d documents are stored, want %d", n, tt.n-1)
			}
		})
	}
}

func TestDuplicatesAreNotTouched(t *testing.T) {
	s, db := storetest.Open(t)
	first := []bson.Raw{raw(t, bson.D{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(1)}})}
	if _, err := s.Insert(t.Context(), "c", first); err != nil {
		t.Fatal(err)
	}
	outcomes, err := s.Insert(t.Context(), "c", []bson.Raw{
		raw(t, bson.D{{Key: "_id", Value: "b"}, {Key: "seq", Value: int64(2)}}),
		raw(t, bson.D{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(3)}}),
		raw(t, bson.D{{Key: "_id", Value: "b"}, {Key: "seq", Value: int64(4)}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.Outcome{{Verdict: store.Stored}, {Verdict: store.Duplicate}, {Verdict: store.Duplicate}}, outcomes); diff != "" {
		t.Error(diff)
	}
	for id, want := range map[string]int64{"a": 1, "b": 2} {
		doc, found, err := s.Find(t.Context(), "c", id, "seq")
		if err != nil || !found || doc.Lookup("seq").Int64() != want {
			t.Errorf("%s: %v, %v", id, doc, err)
		}
	}
	if n := count(t, db, "c"); n != 2 {
		t.Errorf("%d documents", n)
	}
}

func TestFindNothing(t *testing.T) {
	s, _ := storetest.Open(t)
	if doc, found, err := s.Find(t.Context(), "c", "nobody", "seq"); found || err != nil {
		t.Errorf("%v, %v", doc, err)
	}
}

// TestPrepareTwice: a second start finds everything there and changes nothing.
func TestPrepareTwice(t *testing.T) {
	all := []store.Collection{
		{Name: "events", Indexes: []store.Index{{"type", "timestamp"}, {"channel.id", "timestamp"}, {"seq"}}},
		{Name: "empty"},
	}
	s, db := storetest.Open(t, all...)
	if err := s.Prepare(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"events", "empty"} {
		if !strings.Contains(strings.Join(names, " "), want) {
			t.Errorf("%v: no %s", names, want)
		}
	}
	specs, err := db.Collection("events").Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, s := range specs {
		got[s.Name] = true
	}
	want := map[string]bool{"_id_": true, "type_1_timestamp_1": true, "channel.id_1_timestamp_1": true, "seq_1": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCanaryWritesOneDocument(t *testing.T) {
	s, db := storetest.Open(t)
	for range 3 {
		if err := s.Canary(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, db, store.CanaryCollection); n != 1 {
		t.Errorf("%d documents", n)
	}
}

// TestNobodyAnswers: nothing may be assumed of documents that no server took,
// and readiness says so.
func TestNobodyAnswers(t *testing.T) {
	s, err := store.Open("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", "promethean")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	defer func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	outcomes, err := s.Insert(ctx, "c", []bson.Raw{raw(t, bson.D{{Key: "_id", Value: "a"}})})
	if err == nil || outcomes != nil {
		t.Errorf("insert: %v, %v", outcomes, err)
	}
	if s.Canary(ctx) == nil || s.Prepare(ctx, nil) == nil {
		t.Error("canary or prepare went well with no server")
	}
	if doc, _, err := s.Find(ctx, "c", "a"); err == nil {
		t.Errorf("find says %v and no error: an unreachable server is not an absent document", doc)
	}
}

// TestOddIDs: a platform's message id may be any text, and must be found again
// under it alone.
func TestOddIDs(t *testing.T) {
	s, db := storetest.Open(t)
	ids := []string{"a", "A", "a\x00b", "a\x00", `a"b`, `a\b`, "$a", "a.b", "ä", "a\u0308", "😀", " ", "\u2028", strings.Repeat("x", 256), "1", "null"}
	docs := make([]bson.Raw, len(ids))
	for i, id := range ids {
		docs[i] = raw(t, bson.D{{Key: "_id", Value: id}, {Key: "seq", Value: int64(i)}})
	}
	for _, verdict := range []store.Verdict{store.Stored, store.Duplicate} {
		outcomes, err := s.Insert(t.Context(), "c", docs)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range outcomes {
			if o.Verdict != verdict {
				t.Errorf("%q: %+v, want verdict %d", ids[i], o, verdict)
			}
		}
	}
	for i, id := range ids {
		doc, found, err := s.Find(t.Context(), "c", id, "seq")
		if err != nil || !found || doc.Lookup("seq").Int64() != int64(i) {
			t.Errorf("%q: found %v %v, %v", id, found, doc, err)
		}
	}
	if n := count(t, db, "c"); n != int64(len(ids)) {
		t.Errorf("%d documents", n)
	}
}
