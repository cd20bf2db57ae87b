package store

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// bulk is the driver's answer with the given pairs of index and code.
func bulk(pairs ...[2]int) mongo.BulkWriteException {
	var e mongo.BulkWriteException
	for _, p := range pairs {
		e.WriteErrors = append(e.WriteErrors, mongo.BulkWriteError{WriteError: mongo.WriteError{Index: p[0], Code: p[1], Message: "m"}})
	}
	return e
}

// words says of each outcome what it is.
func words(outcomes []Outcome) []string {
	var w []string
	for _, o := range outcomes {
		switch {
		case o.Verdict == Stored && o.Err == nil:
			w = append(w, "stored")
		case o.Verdict == Duplicate && o.Err == nil:
			w = append(w, "duplicate")
		case o.Verdict == Permanent && o.Err != nil:
			w = append(w, "permanent")
		default:
			w = append(w, "nonsense")
		}
	}
	return w
}

// TestEachIndexIsJudgedAlone: one error of a batch never decides for the
// others. mongo.IsDuplicateKeyError is true of every one of these answers.
func TestEachIndexIsJudgedAlone(t *testing.T) {
	for _, tt := range []struct {
		name string
		n    int
		err  error
		want []string
	}{
		{"a duplicate beside stored ones", 3, bulk([2]int{1, 11000}), []string{"stored", "duplicate", "stored"}},
		{"a duplicate, a stored one and a refused one", 3, bulk([2]int{0, 11000}, [2]int{2, 10334}), []string{"duplicate", "stored", "permanent"}},
		{"a refused one first", 2, bulk([2]int{0, 2}, [2]int{1, 11000}), []string{"permanent", "duplicate"}},
		{"all duplicates", 2, bulk([2]int{0, 11000}, [2]int{1, 11000}), []string{"duplicate", "duplicate"}},
		{"errors out of order", 3, bulk([2]int{2, 11000}, [2]int{0, 121}), []string{"permanent", "stored", "duplicate"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !mongo.IsDuplicateKeyError(tt.err) {
				t.Fatal("the case is not one that a judgement of the whole batch gets wrong")
			}
			got, err := judge(tt.n, tt.err)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, words(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoErrorIsAllStored(t *testing.T) {
	got, err := judge(2, nil)
	if diff := cmp.Diff([]string{"stored", "stored"}, words(got)); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestPermanentCodes(t *testing.T) {
	for _, code := range []int{2, 9, 14, 22, 121, 10334, 17280} {
		got, err := judge(1, bulk([2]int{0, code}))
		if diff := cmp.Diff([]string{"permanent"}, words(got)); diff != "" || err != nil {
			t.Errorf("code %d: %v, %v", code, err, diff)
		}
	}
}

// TestUnknownOutcomeHoldsTheBatch: whatever is not certainly one document's own
// fault is an error for all, and the batch is written again.
func TestUnknownOutcomeHoldsTheBatch(t *testing.T) {
	concern := bulk([2]int{0, 11000})
	concern.WriteConcernError = &mongo.WriteConcernError{Code: 64, Message: "waiting for replication timed out"}
	onlyConcern := mongo.BulkWriteException{WriteConcernError: concern.WriteConcernError}
	for _, tt := range []struct {
		name string
		err  error
	}{
		{"write concern not met", onlyConcern},
		{"write concern not met beside a duplicate", concern},
		{"not primary at an index", bulk([2]int{0, 11000}, [2]int{1, 10107})},
		{"interrupted at an index", bulk([2]int{1, 11601})},
		{"code zero", bulk([2]int{1, 0})},
		{"no document of the batch", bulk([2]int{2, 11000})},
		{"negative index", bulk([2]int{-1, 11000})},
		{"one index twice", bulk([2]int{0, 11000}, [2]int{0, 2})},
		{"no errors inside", mongo.BulkWriteException{}},
		{"unauthorised", mongo.CommandError{Code: 13}},
		{"bad value for the whole command", mongo.CommandError{Code: 2}},
		{"time-out", context.DeadlineExceeded},
		{"connection lost", mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: errors.New("EOF")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := judge(2, tt.err)
			if err == nil || got != nil {
				t.Errorf("judged %v, %v", words(got), err)
			}
		})
	}
}

// TestDuplicateOfWhat: 11000 is a duplicate only where it is _id that is taken;
// MongoDB says which index it was, FerretDB doesn't.
func TestDuplicateOfWhat(t *testing.T) {
	for _, tt := range []struct {
		name    string
		pattern any
		want    string
	}{
		{"server doesn't say", nil, "duplicate"},
		{"_id", bson.D{{Key: "_id", Value: 1}}, "duplicate"},
		{"another's unique index", bson.D{{Key: "user.id", Value: 1}}, "permanent"},
		{"one that begins with _id", bson.D{{Key: "_id", Value: 1}, {Key: "seq", Value: 1}}, "permanent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer := bulk([2]int{0, 11000})
			if tt.pattern != nil {
				raw, err := bson.Marshal(bson.D{{Key: "index", Value: 0}, {Key: "code", Value: 11000}, {Key: "keyPattern", Value: tt.pattern}})
				if err != nil {
					t.Fatal(err)
				}
				answer.WriteErrors[0].Raw = raw
			}
			got, err := judge(1, answer)
			if diff := cmp.Diff([]string{tt.want}, words(got)); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestPortion(t *testing.T) {
	var s Store
	s.batch.Store(3)
	const mib = 1 << 20
	for _, tt := range []struct {
		name  string
		sizes []int
		want  int
	}{
		{"fewer than a batch", []int{1, 1}, 2},
		{"a batch and more", []int{1, 1, 1, 1}, 3},
		{"exactly the bytes", []int{4 * mib, 4 * mib, 1}, 2},
		{"a large one second", []int{1, 9 * mib}, 1},
		{"a large one alone", []int{9 * mib, 1}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var docs []bson.Raw
			for _, size := range tt.sizes {
				docs = append(docs, make(bson.Raw, size))
			}
			if got := s.portion(docs); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}
