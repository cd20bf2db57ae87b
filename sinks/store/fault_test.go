package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

func documents(t *testing.T, n int) []bson.Raw {
	t.Helper()
	docs := make([]bson.Raw, n)
	for i := range docs {
		docs[i] = raw(t, bson.D{{Key: "_id", Value: fmt.Sprint("d", i)}, {Key: "seq", Value: int64(i)}})
	}
	return docs
}

func verdicts(outcomes []store.Outcome) (all []store.Verdict) {
	for _, o := range outcomes {
		all = append(all, o.Verdict)
	}
	return all
}

// TestWhatAFaultMeans: for each thing that can go wrong, what the store says of
// three documents, and how many are there. nil verdicts are an error for the
// whole call: nothing may be assumed. What comes after is always the same: the
// call made again finds each stored, by it or before, and each is there once.
func TestWhatAFaultMeans(t *testing.T) {
	const stored, duplicate, permanent = store.Stored, store.Duplicate, store.Permanent
	all := []store.Verdict{stored, stored, stored}
	second := func(i int, _ bson.Raw) bool { return i == 1 }
	label := []string{"RetryableWriteError"}
	for _, tt := range []struct {
		name       string
		fault      mongostub.Fault
		standalone bool
		want       []store.Verdict
		there      int
	}{
		{"none", mongostub.Fault{Do: mongostub.Delay}, false, all, 3},
		{"document refused for good", mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 121, Match: second}, false, []store.Verdict{stored, permanent, stored}, 2},
		{"document refused for now", mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 11600, Match: second}, false, nil, 2},
		{"document called a duplicate", mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 11000, Match: second}, false, []store.Verdict{stored, duplicate, stored}, 2},
		{"write concern not met", mongostub.Fault{Do: mongostub.FailConcern, Code: 64, Name: "WriteConcernTimeout"}, false, nil, 3},
		{"write concern not met, standalone", mongostub.Fault{Do: mongostub.FailConcern, Code: 64}, true, nil, 3},
		{"connection lost before", mongostub.Fault{Do: mongostub.DropBefore}, false, all, 3},
		{"connection lost before, standalone", mongostub.Fault{Do: mongostub.DropBefore}, true, nil, 0},
		{"connection lost after", mongostub.Fault{Do: mongostub.DropAfter}, false, all, 3},
		{"connection lost after, standalone", mongostub.Fault{Do: mongostub.DropAfter}, true, nil, 3},
		{"no primary", mongostub.Fault{Do: mongostub.FailCommand, Code: 10107, Name: "NotWritablePrimary", Labels: label}, false, all, 3},
		{"no primary, not labelled", mongostub.Fault{Do: mongostub.FailCommand, Code: 10107, Name: "NotWritablePrimary"}, false, nil, 0},
		{"stepped down", mongostub.Fault{Do: mongostub.FailConcern, Code: 189, Name: "PrimarySteppedDown", Labels: label}, false, all, 3},
		{"command refused, as one document can be", mongostub.Fault{Do: mongostub.FailCommand, Code: 2, Name: "BadValue"}, false, nil, 0},
		{"not allowed", mongostub.Fault{Do: mongostub.FailCommand, Code: 13, Name: "Unauthorized"}, false, nil, 0},
		{"slow", mongostub.Fault{Do: mongostub.Delay, For: 10 * time.Second}, false, all, 3},
		{"no answer, not written", mongostub.Fault{Do: mongostub.HangBefore}, false, nil, 0},
		{"no answer, written", mongostub.Fault{Do: mongostub.HangAfter}, true, nil, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: tt.standalone})
				tt.fault.Commands, tt.fault.Times = []string{"insert"}, 1
				fault := stub.Inject(tt.fault)
				outcomes, err := stub.Store.Insert(t.Context(), "c", documents(t, 3))
				if got := verdicts(outcomes); !slices.Equal(got, tt.want) || (err == nil) != (tt.want != nil) {
					t.Errorf("says %v, %v; want %v", got, err, tt.want)
				}
				if n := stub.Len(storetest.Database, "c"); n != tt.there || fault.Fired() != 1 {
					t.Errorf("%d stored, want %d; fired %d times", n, tt.there, fault.Fired())
				}
				outcomes, err = stub.Store.Insert(t.Context(), "c", documents(t, 3))
				for _, v := range verdicts(outcomes) {
					if v != stored && v != duplicate {
						t.Errorf("the same again gives %v", outcomes)
					}
				}
				if n := stub.Len(storetest.Database, "c"); n != 3 || err != nil {
					t.Errorf("%d stored in the end, %v", n, err)
				}
			})
		})
	}
}

// TestWriteConcernBesideDuplicates: a document that is there already may be there
// because an earlier write was not yet safe, so that a duplicate settles nothing
// while the write concern is not met.
func TestWriteConcernBesideDuplicates(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		stub := storetest.OpenStub(t, mongostub.Options{})
		stub.Inject(mongostub.Fault{Do: mongostub.FailConcern, Code: 64, Commands: []string{"insert"}, Times: 3})
		for n := range 3 {
			if outcomes, err := stub.Store.Insert(t.Context(), "c", documents(t, n+1)); err == nil {
				t.Errorf("try %d: %v", n, outcomes)
			}
		}
		if outcomes, err := stub.Store.Insert(t.Context(), "c", documents(t, 3)); err != nil || outcomes[2].Verdict != store.Duplicate {
			t.Errorf("%v, %v", outcomes, err)
		}
	})
}

// TestAFaultInOneOfManyCommands: of a call that needs several commands, one that
// fails makes the whole call unsure, also where others were answered well.
func TestAFaultInOneOfManyCommands(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		stub := storetest.OpenStub(t, mongostub.Options{})
		late := func(_ int, doc bson.Raw) bool { return doc.Lookup("seq").Int64() == 700 }
		stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 91, Commands: []string{"insert"}, Times: 1, Match: late})
		if outcomes, err := stub.Store.Insert(t.Context(), "c", documents(t, 1100)); err == nil || outcomes != nil {
			t.Errorf("says %d outcomes, %v", len(outcomes), err)
		}
		outcomes, err := stub.Store.Insert(t.Context(), "c", documents(t, 1100))
		if err != nil || outcomes[0].Verdict != store.Duplicate || outcomes[700].Verdict != store.Stored || stub.Len(storetest.Database, "c") != 1100 {
			t.Errorf("%v, %d stored", err, stub.Len(storetest.Database, "c"))
		}
	})
}

// TestWhatAFaultMeansForChanges: the same for updates by _id; what was done
// stays done, once.
func TestWhatAFaultMeansForChanges(t *testing.T) {
	for _, tt := range []struct {
		name       string
		fault      mongostub.Fault
		standalone bool
		matched    int64
		unsure     bool
	}{
		{"connection lost after: told what the first try did", mongostub.Fault{Do: mongostub.DropAfter}, false, 2, false},
		{"connection lost after, standalone", mongostub.Fault{Do: mongostub.DropAfter}, true, 0, true},
		{"write concern not met", mongostub.Fault{Do: mongostub.FailConcern, Code: 64}, false, 0, true},
		{"refused for now", mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 11600, Match: func(i int, _ bson.Raw) bool { return i == 1 }}, false, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: tt.standalone})
				numbered(t, stub.Store, 3)
				tt.fault.Commands, tt.fault.Times = []string{"update"}, 1
				stub.Inject(tt.fault)
				changes := []store.Change{mark("d0", "x"), mark("d2", "x")}
				changed, err := stub.Store.Update(t.Context(), "c", changes)
				if changed.Matched != tt.matched || (err != nil) != tt.unsure {
					t.Errorf("%+v, %v", changed, err)
				}
				if _, err := stub.Store.Update(t.Context(), "c", changes); err != nil {
					t.Error(err)
				}
				for id, want := range map[string]bool{"d0": true, "d1": false, "d2": true} {
					if v := marked(t, stub.Store, id); (v.Type == bson.TypeString) != want {
						t.Errorf("%s: %v", id, v)
					}
				}
			})
		})
	}
}

// TestOneRefusedChangeBesideOthers is judged alone, as an insert is.
func TestOneRefusedChangeBesideOthers(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		stub := storetest.OpenStub(t, mongostub.Options{})
		numbered(t, stub.Store, 3)
		stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 121, Commands: []string{"update"}, Match: func(i int, _ bson.Raw) bool { return i == 1 }})
		changed, err := stub.Store.Update(t.Context(), "c", []store.Change{mark("d0", "x"), mark("d1", "x"), mark("d2", "x")})
		if want := []store.Verdict{store.Stored, store.Permanent, store.Stored}; err != nil || changed.Matched != 2 || !slices.Equal(verdicts(changed.Outcomes), want) {
			t.Errorf("%+v, %v", changed, err)
		}
	})
}

// TestNoAnswerIsBounded: a server that says nothing costs a call the store's own
// time-out, not for ever, and a look into it is no answer either.
func TestNoAnswerIsBounded(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		stub := storetest.OpenStub(t, mongostub.Options{})
		stub.Inject(mongostub.Fault{Do: mongostub.HangAfter, Commands: []string{"insert", "update", "find"}})
		for name, call := range map[string]func(context.Context) error{
			"insert": func(ctx context.Context) error { _, err := stub.Store.Insert(ctx, "c", documents(t, 1)); return err },
			"update": func(ctx context.Context) error {
				_, err := stub.Store.Update(ctx, "c", []store.Change{mark("d0", 1)})
				return err
			},
			"find":   func(ctx context.Context) error { _, _, err := stub.Store.Find(ctx, "c", "d0"); return err },
			"canary": stub.Store.Canary,
		} {
			began := time.Now()
			if err := call(t.Context()); err == nil || time.Since(began) > 20*time.Second {
				t.Errorf("%s took %s: %v", name, time.Since(began), err)
			}
		}
	})
}
