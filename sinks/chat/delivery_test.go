package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// unsure is a real store of which some calls fail, half of them after they were
// carried out.
type unsure struct {
	chat.Rows
	rand  *rand.Rand
	fails int
}

var errUnsure = storetest.ErrUnsure

func (u *unsure) sure() (before, after error) {
	if u.fails == 0 || u.rand.IntN(4) > 0 {
		return nil, nil
	}
	u.fails--
	if u.rand.IntN(2) == 0 {
		return errUnsure, nil
	}
	return nil, errUnsure
}

func (u *unsure) Insert(ctx context.Context, collection string, docs []bson.Raw) ([]store.Outcome, error) {
	before, after := u.sure()
	if before != nil {
		return nil, before
	}
	outcomes, err := u.Rows.Insert(ctx, collection, docs)
	return outcomes, errors.Join(err, after)
}

func (u *unsure) Update(ctx context.Context, collection string, changes []store.Change) (store.Changed, error) {
	before, after := u.sure()
	if before != nil {
		return store.Changed{}, before
	}
	changed, err := u.Rows.Update(ctx, collection, changes)
	return changed, errors.Join(err, after)
}

func (u *unsure) Replace(ctx context.Context, collection string, docs []bson.D) error {
	before, after := u.sure()
	if before != nil {
		return before
	}
	return errors.Join(u.Rows.Replace(ctx, collection, docs), after)
}

// TestAnyDeliveryOfAHistoryGivesTheSameRows: batches cut anywhere, calls whose
// outcome is unknown, crashes that forget everything, what was settled coming
// again: the rows are those that the rules say, exactly, and no event is an
// alarm or a dead letter.
func TestAnyDeliveryOfAHistoryGivesTheSameRows(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	for seed := range seeds {
		remembered := []int{50_000, 5, 12}[seed%3]
		t.Run(fmt.Sprintf("seed %d, %d lines remembered", seed, remembered), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			all := history(t, r, 80)
			s, db := storetest.Open(t, collections()...)
			rows, faults := rows(all), &unsure{Rows: s, rand: r}
			var stats store.Stats
			for round := range 2 {
				faults.fails = 15 * (1 - round) // all again goes well
				for from := 0; from < len(all); {
					sink := chat.New(faults, zerolog.Nop())
					sink.RememberAtMost(remembered)
					from = deliver(t, r, sink, all, from)
					stats.Alarms += sink.Stats().Alarms
					stats.Refused += sink.Stats().Refused
				}
				compare(t, all, rows, content(t, db))
			}
			if stats != (store.Stats{}) {
				t.Errorf("%+v", stats)
			}
		})
	}
}

// deliver hands batches to one run of the sink, until all is stored or the run
// ends; it says where the next run begins.
func deliver(t *testing.T, r *rand.Rand, sink *chat.Chat, all []happening, from int) int {
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

func compare(t *testing.T, all []happening, want map[string][2]uint64, got map[string][]bson.Raw) {
	t.Helper()
	found := map[string][2]uint64{}
	platforms := map[string]string{"twitch_chat_messages": "TWITCH", "youtube_chat_messages": "YOUTUBE"}
	for collection, docs := range got {
		for _, doc := range docs {
			row, key := [2]uint64{}, platforms[collection]+" "+doc.Lookup("_id").StringValue()
			if _, ok := doc.Lookup("tombstone").BooleanOK(); !ok {
				row[0] = uint64(doc.Lookup("seq").Int64())
				plain := document(t, all[row[0]-1].recorded)
				if !slices.Equal(without(t, plain), without(t, doc)) {
					t.Errorf("%s is %v, want but for deleted %v", key, doc, plain)
				}
			}
			if deleted, ok := doc.Lookup("deleted").DocumentOK(); ok {
				if _, err := fmt.Sscanf(bson.Raw(deleted).Lookup("eventId").StringValue(), "e-%d", &row[1]); err != nil {
					t.Fatal(err)
				}
				by := all[row[1]-1]
				if got := bson.Raw(deleted).Lookup("reason").StringValue(); got != reasons[by.kind] {
					t.Errorf("%s: reason %q for %s", key, got, by.kind)
				}
			}
			found[key] = row
		}
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Fatal(diff)
	}
}

// without is a document's elements but deleted.
func without(t *testing.T, doc bson.Raw) []string {
	t.Helper()
	elements, err := doc.Elements()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range elements {
		if e.Key() != "deleted" {
			out = append(out, string(e))
		}
	}
	return out
}
