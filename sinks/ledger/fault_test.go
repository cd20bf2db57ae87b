package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/ledger"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// hopeless is an event that the server refuses for good.
func hopeless(seq int64) bool { return seq%37 == 0 }

// anyFault is one that passes, or a write concern's.
func anyFault(r *rand.Rand) mongostub.Fault {
	f := mongostub.Fault{
		Do: mongostub.Action(1 + r.IntN(int(mongostub.Delay))), Commands: []string{"insert", "find"}, Times: 1 + r.IntN(2),
		Code: []int32{64, 91, 189, 10107, 11600}[r.IntN(5)], For: time.Minute,
	}
	if r.IntN(2) == 0 {
		f.Labels = []string{"RetryableWriteError"}
	}
	if n := int64(1 + r.IntN(300)); f.Do == mongostub.RefuseDocuments {
		f.Match = func(_ int, doc bson.Raw) bool { seq, _ := doc.Lookup("seq").AsInt64OK(); return seq >= n }
	}
	return f
}

// consume does what a worker does: a batch is written until it is settled, and a
// crash begins anew at what was settled last, or earlier.
func consume(t *testing.T, r *rand.Rand, stub storetest.Stub, all []schema.Recorded) (dead map[int64]bool) {
	t.Helper()
	dead = map[int64]bool{}
	sink := ledger.New(stub.Store, zerolog.Nop())
	for from := 0; from < len(all); {
		batch := all[from:min(len(all), from+1+r.IntN(40))]
		if r.IntN(2) == 0 {
			stub.Inject(anyFault(r))
		}
		err := sink.Write(t.Context(), batch)
		var failed *bus.BatchError
		switch {
		case errors.As(err, &failed):
			for i := range failed.Permanent {
				dead[int64(batch[i].Seq)] = true
			}
		case err != nil:
			continue
		}
		if a := sink.Stats().Alarms; a > 0 {
			t.Fatalf("%d alarms", a)
		}
		if from += len(batch); r.IntN(6) == 0 {
			from = max(0, from-r.IntN(60))
			sink = ledger.New(stub.Store, zerolog.Nop())
		}
	}
	return dead
}

// TestAnyFaultsOfTheServer: whatever goes wrong in between, each event is there
// once with its own bytes, and the dead letters are exactly the events that the
// server refuses for good.
func TestAnyFaultsOfTheServer(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 3))
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: seed%2 == 1}, store.Collection{Name: ledger.Collection})
				stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 121, Collection: ledger.Collection, Commands: []string{"insert"},
					Match: func(_ int, doc bson.Raw) bool { return hopeless(doc.Lookup("seq").Int64()) }})
				var all []schema.Recorded
				var want []bson.Raw
				refused := map[int64]bool{}
				for seq := int64(1); seq <= 300; seq++ {
					e := event(t, uint64(seq), fmt.Sprintf(`{"message":"line %d"}`, seq), `{}`)
					doc, err := ledger.Document(e)
					if err != nil {
						t.Fatal(err)
					}
					if all = append(all, e); hopeless(seq) {
						refused[seq] = true
						continue
					}
					want = append(want, doc)
				}
				if diff := cmp.Diff(refused, consume(t, r, stub, all)); diff != "" {
					t.Errorf("dead letters: %s", diff)
				}
				if got := content(t, stub.DB); !slices.EqualFunc(want, got, slices.Equal[bson.Raw]) {
					t.Errorf("%d documents, want %d, or others than those", len(got), len(want))
				}
			})
		})
	}
}
