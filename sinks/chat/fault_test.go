package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// faulty is a store on a server that goes wrong at random, as long as some of
// its faults are left.
type faulty struct {
	chat.Rows
	stub  storetest.Stub
	rand  *rand.Rand
	fails int
	fired map[mongostub.Action]int
}

// call makes one call while the server may go wrong once.
func (f *faulty) call(do func() error) error {
	if f.fails == 0 || f.rand.IntN(4) > 0 {
		return do()
	}
	f.fails--
	fault := mongostub.Fault{
		Do: mongostub.Action(1 + f.rand.IntN(int(mongostub.Delay))), Commands: []string{"insert", "update", "find", "getMore"}, Times: 1,
		Code: []int32{64, 91, 10107, 11600}[f.rand.IntN(4)], For: time.Minute,
	}
	if f.rand.IntN(2) == 0 {
		fault.Labels = []string{"RetryableWriteError"}
	}
	if fault.Do == mongostub.RefuseDocuments {
		at := f.rand.IntN(3)
		fault.Match = func(i int, _ bson.Raw) bool { return i == at }
	}
	injected := f.stub.Inject(fault)
	err := do()
	injected.Lift()
	f.fired[fault.Do] += injected.Fired()
	if err != nil {
		return errors.Join(errUnsure, err)
	}
	return nil
}

func (f *faulty) Insert(ctx context.Context, collection string, docs []bson.Raw) (outcomes []store.Outcome, err error) {
	err = f.call(func() error { outcomes, err = f.Rows.Insert(ctx, collection, docs); return err })
	return outcomes, err
}

func (f *faulty) Update(ctx context.Context, collection string, changes []store.Change) (changed store.Changed, err error) {
	err = f.call(func() error { changed, err = f.Rows.Update(ctx, collection, changes); return err })
	return changed, err
}

func (f *faulty) Find(ctx context.Context, collection, id string, fields ...string) (doc bson.Raw, found bool, err error) {
	err = f.call(func() error { doc, found, err = f.Rows.Find(ctx, collection, id, fields...); return err })
	return doc, found, err
}

func (f *faulty) Each(ctx context.Context, collection string, q store.Query, see func(bson.Raw)) error {
	return f.call(func() error { return f.Rows.Each(ctx, collection, q, see) })
}

func (f *faulty) Replace(ctx context.Context, collection string, docs []bson.D) error {
	return f.call(func() error { return f.Rows.Replace(ctx, collection, docs) })
}

// TestAnyFaultsOfTheServerGiveTheSameRows: as any delivery does; here it is the
// server that goes wrong, in every way that the stub knows, on a replica set and
// on a standalone.
func TestAnyFaultsOfTheServerGiveTheSameRows(t *testing.T) {
	fired := map[mongostub.Action]int{}
	seeds := uint64(12)
	if testing.Short() {
		seeds = 4
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 2))
				all := history(t, r, 80)
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: seed%2 == 1}, collections()...)
				rows, faults := rows(all), &faulty{Rows: stub.Store, stub: stub, rand: r, fired: fired}
				var stats store.Stats
				for round := range 2 {
					faults.fails = 25 * (1 - round) // all again goes well
					for from := 0; from < len(all); {
						sink := chat.New(faults, zerolog.Nop())
						sink.RememberAtMost([]int{50_000, 5, 12}[seed%3])
						from = deliver(t, r, sink, all, from)
						stats.Alarms += sink.Stats().Alarms
						stats.Refused += sink.Stats().Refused
					}
					compare(t, all, rows, content(t, stub.DB))
				}
				if stats != (store.Stats{}) {
					t.Errorf("%+v", stats)
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

// TestWriteConcernOfAMarkIsNotMet: nothing is settled, the mark is asked for
// again, and stays the one that it was.
func TestWriteConcernOfAMarkIsNotMet(t *testing.T) {
	storetest.Bubble(t, func(t *testing.T) {
		stub := storetest.OpenStub(t, mongostub.Options{}, collections()...)
		sink := chat.New(stub.Store, zerolog.Nop())
		r := rand.New(rand.NewPCG(1, 1))
		all := history(t, r, 60)
		fault := stub.Inject(mongostub.Fault{Do: mongostub.FailConcern, Code: 64, Commands: []string{"update"}, Times: 2})
		for from := 0; from < len(all); {
			to := min(from+5, len(all))
			if deliverOne(t, sink, all[from:to]) {
				from = to
			}
		}
		if fault.Fired() != 2 {
			t.Errorf("fired %d times", fault.Fired())
		}
		compare(t, all, rows(all), content(t, stub.DB))
		if s := sink.Stats(); s.Alarms+s.Refused > 0 {
			t.Errorf("%+v", s)
		}
	})
}

// deliverOne says whether the sink took a batch.
func deliverOne(t *testing.T, sink *chat.Chat, some []happening) bool {
	t.Helper()
	batch := make([]schema.Recorded, len(some))
	for i, h := range some {
		batch[i] = h.recorded
	}
	return sink.Write(t.Context(), batch) == nil
}
