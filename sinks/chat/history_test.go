package chat_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// happening is one event of a generated history, with what the test's own
// reading of the rules needs of it.
type happening struct {
	kind     schema.Type
	platform string
	channel  string
	stream   string
	id, user string // of the line, or of what or whom is removed
	test     bool
	at       time.Time
	seq      uint64
	recorded schema.Recorded
}

// history is an evening or several: lines, some twice, some under their
// deletion's feet, bans, clears, starts and ends, tests among them.
func history(t *testing.T, r *rand.Rand, n int) []happening {
	t.Helper()
	var all []happening
	var ids []string
	at := time.Date(2026, 8, 20, 17, 0, 0, 0, time.UTC)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for seq := uint64(1); seq <= uint64(n); seq++ {
		at = at.Add(time.Duration(r.IntN(3*3600)) * time.Second)
		h := happening{platform: pick("TWITCH", "TWITCH", "YOUTUBE"), channel: pick("pond", "pond", "lake"), user: pick("1", "2", "3"), at: at, seq: seq, test: r.IntN(8) == 0}
		if h.platform == "YOUTUBE" {
			h.stream = pick("", "s1", "s2")
		}
		switch k := r.IntN(100); {
		case k < 60:
			h.kind, h.id = schema.ChatMessage, fmt.Sprintf("%s-m%d", h.platform, seq)
			if len(ids) > 0 && r.IntN(5) == 0 {
				h.id = ids[r.IntN(len(ids))]
			}
		case k < 75:
			h.kind, h.id = schema.ChatMessageDeleted, fmt.Sprintf("%s-m%d", h.platform, seq+uint64(r.IntN(6)))
			if len(ids) > 0 && r.IntN(3) > 0 {
				h.id = ids[r.IntN(len(ids))]
			}
		case k < 80:
			h.kind = schema.ChatUserTimedOut
		case k < 84:
			h.kind = schema.ChatUserBanned
		case k < 86:
			h.kind = schema.ChatCleared
		case k < 88:
			h.kind = schema.ChatUserUnbanned
		case k < 95:
			h.kind = schema.ChannelGoLive
		default:
			h.kind = schema.ChannelGoOffline
		}
		ids = append(ids, cmp.Or(h.id, fmt.Sprintf("%s-m%d", h.platform, seq)))
		h.recorded = h.event(t)
		all = append(all, h)
	}
	return all
}

// event is the happening as the log holds it.
func (h happening) event(t *testing.T) schema.Recorded {
	t.Helper()
	stream := ""
	if h.stream != "" {
		stream = fmt.Sprintf(`"stream":{"id":%q},`, h.stream)
	}
	sent := schema.NewTime(h.at).String()
	payload := fmt.Sprintf(`{"id":%q,"userId":%q,"username":"u%s","displayName":"U%s","message":"line %d","platform":%q,"badges":[],"emotes":[],"isTest":%v,"sentDateTime":%q}`,
		h.id, h.user, h.user, h.user, h.seq, h.platform, h.test, sent)
	return parse(t, h.seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":%q,`+
		`"channel":{"id":"c-%s","name":%q,"platform":%q},%s"payload":%s,"meta":{"gateway":{"source":"streamerbot","tenant":"duck","origin":"live"}}}`,
		h.seq, h.kind, sent, h.channel, h.channel, h.platform, stream, payload))
}

// covers is the rules once more, read one line against one removal.
func covers(all []happening, removal, line happening) bool {
	if removal.platform != line.platform || removal.test && !line.test {
		return false
	}
	if removal.kind == schema.ChatMessageDeleted {
		return removal.id == line.id && (!removal.test || removal.seq > line.seq)
	}
	if removal.channel != line.channel || removal.seq < line.seq || removal.kind != schema.ChatCleared && removal.user != line.user {
		return false
	}
	if removal.stream != "" && line.stream != "" {
		return removal.stream == line.stream
	}
	start, end := uint64(0), uint64(0)
	said := map[string]bool{}
	for _, h := range all[:removal.seq-1] {
		key := fmt.Sprint(h.kind, h.stream)
		if h.test || h.platform != removal.platform || h.channel != removal.channel || h.stream != "" && said[key] {
			continue
		}
		switch h.kind {
		case schema.ChannelGoLive:
			start, said[key] = h.seq, true
		case schema.ChannelGoOffline:
			end, said[key] = h.seq, true
		}
	}
	recent := !line.at.Before(removal.at.Add(-24 * time.Hour))
	return line.seq > start && (recent || start > 0 && end < start)
}

var reasons = map[schema.Type]string{
	schema.ChatMessageDeleted: "deleted", schema.ChatCleared: "cleared", schema.ChatUserTimedOut: "timed_out", schema.ChatUserBanned: "banned",
}

// rows are what must be stored: by _id, the line's event (0: a tombstone) and
// the removal's event (0: it stands).
func rows(all []happening) map[string][2]uint64 {
	want, lines := map[string][2]uint64{}, map[string]happening{}
	for _, h := range all {
		key := h.platform + " " + h.id
		if _, again := lines[key]; h.kind == schema.ChatMessage && !again {
			lines[key], want[key] = h, [2]uint64{h.seq, 0}
		}
	}
	for _, h := range all {
		if reasons[h.kind] == "" {
			continue
		}
		key := h.platform + " " + h.id
		if _, there := want[key]; !there && h.kind == schema.ChatMessageDeleted && !h.test {
			want[key] = [2]uint64{0, h.seq}
		}
		for id, line := range lines {
			if row := want[id]; row[1] == 0 && covers(all, h, line) {
				want[id] = [2]uint64{row[0], h.seq}
			}
		}
	}
	return want
}

// unsure is a real store of which some calls fail, half of them after they were
// carried out.
type unsure struct {
	chat.Rows
	rand  *rand.Rand
	fails int
}

var errUnsure = errors.New("the answer was lost")

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
	for seed := range uint64(5) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			all := history(t, r, 110)
			s, db := storetest.Open(t, collections()...)
			rows, faults := rows(all), &unsure{Rows: s, rand: r}
			var stats store.Stats
			for round := range 3 {
				faults.fails = 10 * (2 - round) // the last round goes well
				for from := 0; from < len(all); {
					sink := chat.New(faults, zerolog.Nop())
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
	if diff := gocmp.Diff(want, found); diff != "" {
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
