package titles_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
	"promethean/sinks/titles"
)

// log is what n requests have of a life at most, one event each after another,
// shuffled into each other as two workers' would be.
func log(t *testing.T, r *rand.Rand, n int) (all []schema.Recorded) {
	kinds := []schema.Type{schema.TitleRequested, schema.TitleSuggested, schema.TitleApproved, schema.TitleSent, schema.TitleRefused, schema.TitleSent, schema.TitleApplied, schema.TitleTainted}
	at := make([]int, n)
	for len(all) < 5*n {
		i := r.IntN(n)
		if at[i] == len(kinds) {
			continue
		}
		more := fmt.Sprintf(`,"title":"take %d","sentId":"n%d","platform":"TWITCH","context":{"n":%d}`, at[i], at[i]/6, at[i])
		all = append(all, event(t, uint64(len(all)+1), kinds[at[i]], fmt.Sprint("r", i), more))
		at[i]++
	}
	return all
}

// folded are the documents as the log says them, without a store.
func folded(t *testing.T, all []schema.Recorded) map[string]bson.Raw {
	t.Helper()
	steps, docs := map[string][]titles.Step{}, map[string]bson.Raw{}
	for _, r := range all {
		step, id, err := titles.Read(r)
		if err != nil {
			t.Fatal(err)
		}
		if id != "" {
			steps[id] = append(steps[id], step)
		}
	}
	for id, some := range steps {
		doc, err := bson.Marshal(titles.Fold(id, some))
		if err != nil {
			t.Fatal(err)
		}
		docs[id] = doc
	}
	return docs
}

func content(t *testing.T, stub storetest.Stub) map[string]bson.Raw {
	t.Helper()
	docs := map[string]bson.Raw{}
	cursor, err := stub.DB.Collection(titles.Collection).Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var all []bson.Raw
	if err := cursor.All(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, doc := range all {
		docs[doc.Lookup("_id").StringValue()] = doc
	}
	return docs
}

// TestAnyFaultsOfTheServerGiveTheSameDocuments: batches cut anywhere, answers
// that are lost, crashes that set the sink back, and at the end the whole log
// again: the documents are those of the log, byte for byte.
func TestAnyFaultsOfTheServerGiveTheSameDocuments(t *testing.T) {
	fired := map[mongostub.Action]int{}
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 3))
				all := log(t, r, 12)
				want := folded(t, all)
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: seed%2 == 1}, store.Collection{Name: titles.Collection})
				faults := &storetest.Faulty{Stub: stub, Rand: r, Fired: fired}
				for round := range 2 {
					faults.Left = 40 * (1 - round) // all again goes well
					sink := titles.New(faults, zerolog.Nop())
					for from := 0; from < len(all); {
						to := min(len(all), from+1+r.IntN(9))
						if err := sink.Write(t.Context(), all[from:to]); err != nil {
							continue
						}
						if from = to; r.IntN(6) == 0 { // what was settled comes again
							from = max(0, from-r.IntN(30))
							sink = titles.New(faults, zerolog.Nop())
						}
					}
					if diff := cmp.Diff(want, content(t, stub)); diff != "" {
						t.Fatalf("round %d: %s", round, diff)
					}
				}
			})
		})
	}
	for do := mongostub.RefuseDocuments; do <= mongostub.Delay; do++ {
		if fired[do] == 0 {
			t.Errorf("fault %d never came: the test tests less than it says", do)
		}
	}
}

// TestLostAnswer: what was carried out and not told is found when it is written
// again, and nothing is in the document twice.
func TestLostAnswer(t *testing.T) {
	for _, c := range []struct {
		name, command string
		before        int
	}{{"of an insert", "insert", 0}, {"of an update", "update", 4}} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				all := evening(t)
				// The driver itself repeats nothing on a server that stands alone.
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: true}, store.Collection{Name: titles.Collection})
				sink := titles.New(stub.Store, zerolog.Nop())
				if err := sink.Write(t.Context(), all[:c.before]); err != nil {
					t.Fatal(err)
				}
				stub.Inject(mongostub.Fault{Do: mongostub.DropAfter, Commands: []string{c.command}, Times: 1})
				if err := sink.Write(t.Context(), all); err == nil {
					t.Fatal("settled without an answer")
				}
				if err := sink.Write(t.Context(), all); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(folded(t, all), content(t, stub)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// TestWriteConcernIsAskedForAgain: steps that are in the document, but not where
// they would survive, are not settled because somebody finds them there.
func TestWriteConcernIsAskedForAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		before int
	}{{"of an insert", 0}, {"of an update", 1}} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				all := evening(t)[:2]
				stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: titles.Collection})
				sink := titles.New(stub.Store, zerolog.Nop())
				if err := sink.Write(t.Context(), all[:c.before]); err != nil {
					t.Fatal(err)
				}
				unmet := stub.Inject(mongostub.Fault{Do: mongostub.FailConcern, Code: 64, Commands: []string{"insert", "update"}, Times: 3})
				for i := range 3 {
					if err := sink.Write(t.Context(), all); err == nil {
						t.Fatalf("settled at try %d, while the write concern is not met", i+1)
					}
				}
				if err := sink.Write(t.Context(), all); err != nil || unmet.Fired() != 3 {
					t.Errorf("fired %d times, then %v", unmet.Fired(), err)
				}
			})
		})
	}
}

// TestOlderEventAgain: an event that comes once more after newer ones changes
// nothing, be it alone or with others.
func TestOlderEventAgain(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		all := evening(t)
		stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: titles.Collection})
		sink := titles.New(stub.Store, zerolog.Nop())
		if err := sink.Write(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		want := content(t, stub)
		for i := range all {
			for n := 1; i+n <= len(all); n++ {
				if err := sink.Write(t.Context(), all[i:i+n]); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, content(t, stub)); diff != "" {
					t.Fatalf("events %d to %d: %s", i, i+n-1, diff)
				}
			}
		}
	})
}

// TestChangedInBetween: a second worker, which should not be there, makes none of
// the first one's steps go away.
func TestChangedInBetween(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		all := evening(t)
		stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: titles.Collection})
		frozen := &meanwhile{Documents: stub.Store}
		first, second := titles.New(frozen, zerolog.Nop()), titles.New(stub.Store, zerolog.Nop())
		for _, cut := range []int{0, 4} { // before an insert, before an update
			frozen.do = func() error { return second.Write(t.Context(), all[:cut+4]) }
			if err := first.Write(t.Context(), all[:cut+2]); err == nil {
				t.Fatal("settled over what another wrote")
			}
			if err := first.Write(t.Context(), all[:cut+2]); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(folded(t, all[:cut+4]), content(t, stub)); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// meanwhile does something once, between what is read and what is written.
type meanwhile struct {
	store.Documents
	do func() error
}

func (m *meanwhile) Find(ctx context.Context, collection, id string, fields ...string) (bson.Raw, bool, error) {
	doc, found, err := m.Documents.Find(ctx, collection, id, fields...)
	if do := m.do; do != nil {
		m.do = nil
		err = errors.Join(err, do())
	}
	return doc, found, err
}
