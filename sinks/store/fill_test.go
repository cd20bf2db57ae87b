package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// filling lets a document without a hash be filled.
func filling(into store.Documents) *store.Once {
	o := once(into)
	o.Fill = func(stored, doc bson.Raw) (bson.Raw, bool) {
		_, isFact := stored.Lookup("hash").StringValueOK()
		return doc, !isFact
	}
	return o
}

// TestAKeptPlaceIsFilled: by the first fact that has its _id and another stream
// sequence; also when nobody knows whether the filling came through.
func TestAKeptPlaceIsFilled(t *testing.T) {
	s, db := storetest.Open(t)
	if _, err := s.Insert(t.Context(), "c", []bson.Raw{raw(t, bson.D{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(5)}})}); err != nil {
		t.Fatal(err)
	}
	lost := true
	o := filling(&unreliable{Documents: s, update: func() error {
		defer func() { lost = false }()
		if lost {
			return errDown
		}
		return nil
	}})
	facts := []store.Fact{fact(t, 0, "c", "a", 7, "h"), fact(t, 1, "c", "a", 8, "other")}
	var batch *bus.BatchError
	if err := o.Write(t.Context(), facts, map[int]error{}); !errors.Is(err, errDown) || errors.As(err, &batch) {
		t.Fatalf("write gave %v", err)
	}
	if err := o.Write(t.Context(), facts, map[int]error{}); err != nil {
		t.Fatal(err)
	}
	if got := hashOf(t, s, "c", "a"); got != "h" || count(t, db, "c") != 1 {
		t.Errorf("filled with %q", got)
	}
	if diff := cmp.Diff(store.Stats{Again: 1, Duplicates: 1}, o.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestAKeptPlaceUnderTheSameSequenceIsAnAlarm: two events cannot have one.
func TestAKeptPlaceUnderTheSameSequenceIsAnAlarm(t *testing.T) {
	s, _ := storetest.Open(t)
	if _, err := s.Insert(t.Context(), "c", []bson.Raw{raw(t, bson.D{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(7)}})}); err != nil {
		t.Fatal(err)
	}
	o := filling(s)
	var batch *bus.BatchError
	if err := o.Write(t.Context(), []store.Fact{fact(t, 0, "c", "a", 7, "h")}, map[int]error{}); !errors.As(err, &batch) || o.Stats().Alarms != 1 {
		t.Errorf("write gave %v, %+v", err, o.Stats())
	}
}
