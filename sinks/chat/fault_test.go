package chat_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/rs/zerolog"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

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
				rows, faults := rows(all), &storetest.Faulty{Stub: stub, Rand: r, Fired: fired}
				var stats store.Stats
				for round := range 2 {
					faults.Left = 25 * (1 - round) // all again goes well
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
