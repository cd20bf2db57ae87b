package chat_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
)

// TestAnyDeliveryOfTwoSourcesGivesTheSameRows: an evening of two sources, cut
// anywhere, on a server that goes wrong, with crashes, and all of it again: the
// rows are those of the rules, and byte for byte those of a quiet evening.
func TestAnyDeliveryOfTwoSourcesGivesTheSameRows(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 8
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			storetest.Bubble(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 5))
				all := twoSources(t, r, 40)
				m := model{tombstones: map[string]int{}}
				for _, h := range all {
					m.hear(h)
				}
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: seed%2 == 1}, collections()...)
				sink := chat.New(stub.Store, zerolog.Nop())
				for _, h := range all {
					write(t, sink, h.recorded)
				}
				quiet := content(t, stub.DB)
				if diff := cmp.Diff(m.brief(), brief(t, quiet)); diff != "" {
					t.Fatalf("one by one: %s", diff)
				}
				clean(t, stub.DB)
				faults := &storetest.Faulty{Stub: stub, Rand: r, Fired: map[mongostub.Action]int{}}
				for round := range 2 {
					faults.Left = 25 * (1 - round)
					for from := 0; from < len(all); {
						sink := chat.New(faults, zerolog.Nop())
						sink.RememberAtMost([]int{50_000, 5, 12}[seed%3])
						from = hand(t, r, sink, all, from)
						if s := sink.Stats(); s.Alarms+s.Refused > 0 {
							t.Errorf("%+v", s)
						}
					}
					if diff := cmp.Diff(quiet, content(t, stub.DB)); diff != "" {
						t.Fatalf("round %d: %s", round, diff)
					}
				}
			})
		})
	}
}

// hand is deliver for an evening of two sources.
func hand(t *testing.T, r *rand.Rand, sink *chat.Chat, all []heard, from int) int {
	t.Helper()
	for from < len(all) {
		n := 1 + r.IntN(min(len(all)-from, 1+r.IntN(40)))
		batch := make([]schema.Recorded, n)
		for i := range batch {
			batch[i] = all[from+i].recorded
		}
		err := sink.Write(t.Context(), batch)
		switch {
		case err != nil && !errors.Is(err, errUnsure):
			t.Fatal(err)
		case err == nil && r.IntN(12) > 0:
			from += n
		case r.IntN(3) == 0: // the same run is set back further
			from = max(0, from-r.IntN(40))
		case r.IntN(2) == 0: // what was not acknowledged, or more, comes again
			return from
		}
	}
	return from
}
