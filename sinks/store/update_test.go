package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/internal/storetest"
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

// TestIDs: of what matches, at most as many as asked for, and only ours.
func TestIDs(t *testing.T) {
	s, db := storetest.Open(t)
	numbered(t, s, 5)
	if _, err := db.Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: 7}, {Key: "seq", Value: int64(2)}}); err != nil {
		t.Fatal(err)
	}
	between := bson.D{{Key: "seq", Value: bson.D{{Key: "$gt", Value: int64(1)}, {Key: "$lt", Value: int64(4)}}}}
	ids, err := s.IDs(t.Context(), "c", between, 10)
	slices.Sort(ids)
	if diff := cmp.Diff([]string{"d2", "d3"}, ids); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if ids, err := s.IDs(t.Context(), "c", bson.D{}, 2); err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
	if ids, err := s.IDs(t.Context(), "nowhere", bson.D{}, 2); err != nil || len(ids) != 0 {
		t.Errorf("%v, %v", ids, err)
	}
}
