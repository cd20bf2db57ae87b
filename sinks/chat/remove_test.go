package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// TestNeighbours: a line, its deletion, a line, and between them what can never
// be stored or applied: each comes to its own end, and only that.
func TestNeighbours(t *testing.T) {
	sink, db := open(t)
	batch := []schema.Recorded{
		line(t, 1, said("TWITCH", "a", "hi"), `{}`),
		deletion(t, 2, "a"),
		line(t, 3, said("TWITCH", "b", "hi"), `{}`),
		moderated(t, 4, schema.ChatMessageDeleted, `{"id":7}`),
		moderated(t, 5, schema.ChatUserBanned, `"nobody"`),
		moderated(t, 6, schema.ChatMessageDeleted, `{"id":"","platform":"TWITCH"}`),
		moderated(t, 7, schema.ChatMessageDeleted, fmt.Sprintf(`{"id":%q,"platform":"TWITCH"}`, strings.Repeat("x", 300))),
		moderated(t, 8, schema.ChatUserTimedOut, `{"platform":"TWITCH"}`),
		moderated(t, 9, schema.ChatCleared, `{"platform":"NOWHERE"}`),
		line(t, 10, said("NOWHERE", "c", "hi"), `{}`),
		deletion(t, 11, "never came"),
		line(t, 12, said("TWITCH", "d", "hi"), `{}`),
	}
	for range 2 {
		var failed *bus.BatchError
		if err := sink.Write(t.Context(), batch); !errors.As(err, &failed) || len(failed.Permanent) != 3 ||
			failed.Permanent[3] == nil || failed.Permanent[4] == nil || failed.Permanent[9] == nil {
			t.Fatalf("write gave %v", err)
		}
		if diff := cmp.Diff(map[string]string{"a": "deleted", "b": "", "d": "", "never came": "deleted"}, marks(t, db)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(store.Stats{Stored: 3, Again: 3, Refused: 6, Marked: 1, Tombstones: 1, Unapplied: 8}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestManyLinesOfOnePerson: more than an update may match on the embedded
// store, which would hang, and more than are looked up at once.
func TestManyLinesOfOnePerson(t *testing.T) {
	sink, db := open(t)
	const n = 110
	var batch []schema.Recorded
	for i := range n {
		batch = append(batch, line(t, uint64(i+1), said("TWITCH", fmt.Sprint("m", i), "hi"), `{}`))
	}
	write(t, sink, batch...)
	other := strings.Replace(said("TWITCH", "other", "hi"), `"userId":"7"`, `"userId":"8"`, 1)
	write(t, sink, line(t, n+1, other, `{}`), ban(t, n+2, "7"))
	got := marks(t, db)
	for id, reason := range got {
		if (reason == "banned") != (id != "other") {
			t.Errorf("%s: %q", id, reason)
		}
	}
	if s := sink.Stats(); s.Marked != n || len(got) != n+1 {
		t.Errorf("%d rows, %+v", len(got), s)
	}
}

// picky is a real store that refuses to change some lines for ever, and some
// calls for now.
type picky struct {
	chat.Rows
	refuse func(id string) bool
	down   int
}

func (p *picky) Update(ctx context.Context, collection string, changes []store.Change) (store.Changed, error) {
	if p.down > 0 {
		p.down--
		return store.Changed{}, errUnsure
	}
	outcomes := make([]store.Outcome, len(changes))
	var matched int64
	for i, c := range changes {
		if p.refuse(c.ID) {
			outcomes[i] = store.Outcome{Verdict: store.Permanent, Err: errors.New("too large")}
			continue
		}
		changed, err := p.Rows.Update(ctx, collection, []store.Change{c})
		if err != nil {
			return changed, err
		}
		outcomes[i], matched = changed.Outcomes[0], matched+changed.Matched
	}
	return store.Changed{Matched: matched, Outcomes: outcomes}, nil
}

// TestALineThatCannotBeMarked keeps none of the person's others from it: the ban
// is a dead letter that says why. A store that is away only holds the batch.
func TestALineThatCannotBeMarked(t *testing.T) {
	s, db := storetest.Open(t, collections()...)
	sink := chat.New(&picky{Rows: s, refuse: func(id string) bool { return id == "b" }, down: 1}, zerolog.Nop())
	batch := []schema.Recorded{
		line(t, 1, said("TWITCH", "a", "hi"), `{}`), line(t, 2, said("TWITCH", "b", "hi"), `{}`), line(t, 3, said("TWITCH", "c", "hi"), `{}`),
		ban(t, 4, "7"), deletion(t, 5, "b"), line(t, 6, said("TWITCH", "d", "hi"), `{}`),
	}
	var failed *bus.BatchError
	if err := sink.Write(t.Context(), batch); !errors.Is(err, errUnsure) || errors.As(err, &failed) {
		t.Fatalf("write gave %v, want the store's own error", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := sink.Write(ctx, batch); !errors.As(err, &failed) || len(failed.Permanent) != 2 || failed.Permanent[3] == nil || failed.Permanent[4] == nil {
		t.Fatalf("write gave %v", err)
	}
	if diff := cmp.Diff(map[string]string{"a": "banned", "b": "", "c": "banned", "d": ""}, marks(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestPagesOfLinesThatCannotBeMarked do not hide those behind them.
func TestPagesOfLinesThatCannotBeMarked(t *testing.T) {
	s, db := storetest.Open(t, collections()...)
	sink := chat.New(&picky{Rows: s, refuse: func(id string) bool { return strings.HasPrefix(id, "odd") }}, zerolog.Nop())
	const odd, others = 205, 5
	var batch []schema.Recorded
	for i := range odd + others {
		id := fmt.Sprint("odd", i)
		if i >= odd {
			id = fmt.Sprint("m", i)
		}
		batch = append(batch, line(t, uint64(i+1), said("TWITCH", id, "hi"), `{}`))
	}
	var failed *bus.BatchError
	if err := sink.Write(t.Context(), append(batch, ban(t, odd+others+1, "7"))); !errors.As(err, &failed) || len(failed.Permanent) != 1 {
		t.Fatalf("write gave %v", err)
	}
	for id, reason := range marks(t, db) {
		if (reason == "banned") != strings.HasPrefix(id, "m") {
			t.Errorf("%s: %q", id, reason)
		}
	}
}
