package titles_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
	"promethean/sinks/titles"
)

// inBatches writes a log in batches of n, and at the end all at once again. It
// says which events can never be stored.
func inBatches(t *testing.T, sink *titles.Titles, all []schema.Recorded, n int) []uint64 {
	t.Helper()
	dead := map[uint64]bool{}
	for _, batch := range append(slices.Collect(slices.Chunk(all, n)), all) {
		err := sink.Write(t.Context(), batch)
		if refused := (*bus.BatchError)(nil); errors.As(err, &refused) {
			for i := range refused.Permanent {
				dead[batch[i].Seq] = true
			}
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(dead))
}

// TestARefusedStepCostsNoNeighbour: what makes a document impossible is a dead
// letter, alone, and the rest of its request is stored, however batches are cut.
func TestARefusedStepCostsNoNeighbour(t *testing.T) {
	for _, c := range []struct {
		name  string
		all   []schema.Recorded
		dead  []uint64
		sizes []int
	}{
		{"the server refuses it", []schema.Recorded{
			event(t, 1, schema.TitleRequested, "r1", ""), event(t, 2, schema.TitleSuggested, "r1", `,"note":"poison"`),
			event(t, 3, schema.TitleRequested, "r2", ""), event(t, 4, schema.TitleApproved, "r1", `,"title":"Soup"`), event(t, 5, schema.TitleSent, "r1", `,"title":"Soup"`),
		}, []uint64{2}, []int{1, 2, 3, 4, 5}},
		{"the first of its request", []schema.Recorded{
			event(t, 1, schema.TitleRequested, "r1", `,"note":"poison"`), event(t, 2, schema.TitleSuggested, "r1", ""), event(t, 3, schema.TitleExpired, "r1", ""),
		}, []uint64{1}, []int{1, 2, 3}},
	} {
		want := folded(t, slices.DeleteFunc(slices.Clone(c.all), func(r schema.Recorded) bool { return slices.Contains(c.dead, r.Seq) }))
		for _, n := range c.sizes {
			t.Run(fmt.Sprintf("%s, in batches of %d", c.name, n), func(t *testing.T) {
				stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: titles.Collection})
				stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 121, Match: func(_ int, doc bson.Raw) bool { return bytes.Contains(doc, []byte("poison")) }})
				sink := titles.New(stub.Store, zerolog.Nop())
				if dead := inBatches(t, sink, c.all, n); !slices.Equal(dead, c.dead) {
					t.Errorf("dead letters %v, want %v", dead, c.dead)
				}
				if !maps.EqualFunc(want, content(t, stub), func(a, b bson.Raw) bool { return bytes.Equal(a, b) }) {
					t.Error("other documents than the log without the dead letters gives")
				}
				if got := sink.Stats().Stored; got != uint64(len(c.all)-len(c.dead)) {
					t.Errorf("%d stored", got)
				}
			})
		}
	}
}

// bottomless is a store in memory that takes documents of any size.
type bottomless map[string]bson.Raw

func (b bottomless) Insert(_ context.Context, _ string, docs []bson.Raw) ([]store.Outcome, error) {
	b[docs[0].Lookup("_id").StringValue()] = docs[0]
	return []store.Outcome{{Verdict: store.Stored}}, nil
}

func (b bottomless) Find(_ context.Context, _, id string, _ ...string) (bson.Raw, bool, error) {
	doc, found := b[id]
	return doc, found, nil
}

func (b bottomless) Update(_ context.Context, _ string, changes []store.Change) (store.Changed, error) {
	b[changes[0].ID] = changes[0].Whole
	return store.Changed{Matched: 1, Outcomes: []store.Outcome{{Verdict: store.Stored}}}, nil
}

// TestOver16MiB: by one rule on every store alike.
func TestOver16MiB(t *testing.T) {
	long := `,"note":"` + strings.Repeat("s", 9<<20) + `"`
	all := []schema.Recorded{
		event(t, 1, schema.TitleRequested, "r1", long), event(t, 2, schema.TitleRejected, "r1", long), event(t, 3, schema.TitleExpired, "r1", ""),
	}
	into := bottomless{}
	if dead := inBatches(t, titles.New(into, zerolog.Nop()), all, 3); !slices.Equal(dead, []uint64{2}) {
		t.Errorf("dead letters %v, want the second", dead)
	}
	if got := into["r1"].Lookup("state").StringValue(); got != "expired" || len(into["r1"]) > store.MaxDocument {
		t.Errorf("%s, %d bytes", got, len(into["r1"]))
	}
}

// TestADocumentChangedByHandStopsNobody: the events of a document that cannot be
// read are dead letters, to be redriven when it is mended; others are stored.
func TestADocumentChangedByHandStopsNobody(t *testing.T) {
	stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: titles.Collection})
	for _, broken := range []bson.D{{{Key: "_id", Value: "r1"}, {Key: "steps", Value: "none"}}, {{Key: "_id", Value: "r3"}, {Key: "seq", Value: int64(1)}}} {
		if _, err := stub.DB.Collection(titles.Collection).InsertOne(t.Context(), broken); err != nil {
			t.Fatal(err)
		}
	}
	sink := titles.New(stub.Store, zerolog.Nop())
	all := []schema.Recorded{event(t, 1, schema.TitleRequested, "r1", ""), event(t, 2, schema.TitleRequested, "r2", ""), event(t, 3, schema.TitleExpired, "r3", "")}
	if dead := inBatches(t, sink, all, 3); !slices.Equal(dead, []uint64{1, 3}) {
		t.Errorf("dead letters %v", dead)
	}
	if diff := cmp.Diff(folded(t, all)["r2"], content(t, stub)["r2"]); diff != "" {
		t.Error(diff)
	}
}
