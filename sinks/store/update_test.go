package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// numbered stores documents {_id: d0…, seq: 0…}.
func numbered(t *testing.T, s *store.Store, n int) {
	t.Helper()
	docs := make([]bson.Raw, n)
	for i := range docs {
		docs[i] = raw(t, bson.D{{Key: "_id", Value: fmt.Sprint("d", i)}, {Key: "seq", Value: int64(i)}, {Key: "mark", Value: nil}})
	}
	if _, err := s.Insert(t.Context(), "c", docs); err != nil {
		t.Fatal(err)
	}
}

func mark(id string, value any) store.Change {
	return store.Change{ID: id, If: bson.D{{Key: "mark", Value: nil}}, Set: bson.D{{Key: "mark", Value: value}}}
}

func marked(t *testing.T, s *store.Store, id string) bson.RawValue {
	t.Helper()
	doc, found, err := s.Find(t.Context(), "c", id, "mark")
	if err != nil || !found {
		t.Fatal(id, found, err)
	}
	return doc.Lookup("mark")
}

// TestUpdateMoreThanHangsTheStore: 150 changes in one call, while readiness
// writes too; an update command of 100 would never come back.
func TestUpdateMoreThanHangsTheStore(t *testing.T) {
	s, _ := storetest.Open(t)
	const n = 150
	numbered(t, s, n)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
				if err := s.Canary(ctx); err != nil {
					stopped <- err
					return
				}
			}
		}
	}()
	changes := make([]store.Change, n)
	for i := range changes {
		changes[i] = mark(fmt.Sprint("d", i), "x")
	}
	changed, err := s.Update(ctx, "c", changes)
	if err != nil || changed.Matched != n || len(changed.Outcomes) != n {
		t.Errorf("%d matched, %v", changed.Matched, err)
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if again, err := s.Update(ctx, "c", changes); err != nil || again.Matched != 0 {
		t.Errorf("again: %d matched, %v", again.Matched, err)
	}
}

// TestEachChangeAlone: what is not there, or is not as it must be, is left so,
// and keeps no other change from being made.
func TestEachChangeAlone(t *testing.T) {
	s, db := storetest.Open(t)
	numbered(t, s, 3)
	changed, err := s.Update(t.Context(), "c", []store.Change{
		mark("d0", "x"), mark("nobody", "x"),
		{ID: "d1", If: bson.D{{Key: "seq", Value: int64(7)}}, Set: bson.D{{Key: "mark", Value: "x"}}},
		{ID: "d2", If: bson.D{{Key: "seq", Value: int64(2)}, {Key: "not there", Value: nil}}, Whole: raw(t, bson.D{{Key: "_id", Value: "d2"}, {Key: "mark", Value: "whole"}})},
	})
	if err != nil || changed.Matched != 2 || len(changed.Outcomes) != 4 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if got := marked(t, s, "d0").StringValue(); got != "x" {
		t.Errorf("d0 is %q", got)
	}
	if got := marked(t, s, "d1"); got.Type != bson.TypeNull {
		t.Errorf("d1 is %v", got)
	}
	if got := marked(t, s, "d2").StringValue(); got != "whole" {
		t.Errorf("d2 is %q", got)
	}
	if n := count(t, db, "c"); n != 3 {
		t.Errorf("%d documents", n)
	}
}

// TestEach: of what matches the fields that were asked for, also of more than
// come at once.
func TestEach(t *testing.T) {
	s, db := storetest.Open(t)
	numbered(t, s, 5)
	var more []any
	for i := range 2100 {
		more = append(more, bson.D{{Key: "_id", Value: fmt.Sprint("more", i)}, {Key: "seq", Value: int64(100)}})
	}
	if _, err := db.Collection("c").InsertMany(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	between := func(low, high int64) bson.D {
		return bson.D{{Key: "seq", Value: bson.D{{Key: "$gt", Value: low}, {Key: "$lt", Value: high}}}}
	}
	for _, tt := range []struct {
		name, collection string
		filter           bson.D
		want             int
	}{
		{"some", "c", between(1, 4), 2},
		{"many", "c", between(99, 101), 2100},
		{"one or the other", "c", bson.D{{Key: "$or", Value: bson.A{between(1, 3), between(3, 5)}}}, 2},
		{"no collection", "nowhere", bson.D{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen := map[string]bool{}
			err := s.Each(t.Context(), tt.collection, store.Query{Filter: tt.filter, Fields: []string{"seq"}}, func(doc bson.Raw) {
				if elements, err := doc.Elements(); err != nil || len(elements) != 2 {
					t.Errorf("%v, %v: want _id and seq", doc, err)
				}
				seen[doc.Lookup("_id").StringValue()] = true
			})
			if err != nil || len(seen) != tt.want {
				t.Errorf("%d documents, %v, want %d", len(seen), err, tt.want)
			}
		})
	}
}

// TestGone: a document goes where it is as asked, on either kind of store; another
// one stays, and asking again changes nothing.
func TestGone(t *testing.T) {
	ferret, _ := storetest.Open(t)
	for name, s := range map[string]*store.Store{"embedded": ferret, "mongo": storetest.OpenStub(t, mongostub.Options{}).Store} {
		t.Run(name, func(t *testing.T) {
			numbered(t, s, 3)
			gone := func(id string, seq int64) store.Change {
				return store.Change{ID: id, If: bson.D{{Key: "seq", Value: seq}}, Gone: true}
			}
			for range 2 {
				changed, err := s.Update(t.Context(), "c", []store.Change{gone("d0", 0), gone("d1", 7), gone("nobody", 0), mark("d2", "x")})
				if err != nil || len(changed.Outcomes) != 4 {
					t.Fatal(changed, err)
				}
			}
			for id, want := range map[string]bool{"d0": false, "d1": true, "d2": true} {
				if _, found, err := s.Find(t.Context(), "c", id, "seq"); err != nil || found != want {
					t.Errorf("%s is there: %v, %v", id, found, err)
				}
			}
		})
	}
}
