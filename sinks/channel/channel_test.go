package channel_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/channel"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

func parse(t *testing.T, seq uint64, body string) schema.Recorded {
	t.Helper()
	e, err := schema.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Recorded{
		Envelope: e, Body: []byte(body), Subject: schema.EventSubject(schema.Twitch, "duck", e.Type),
		Stream: bus.StreamEvents, Seq: seq, StoredAt: time.Date(2025, 2, 18, 21, 15, 23, 0, time.UTC),
	}
}

// event is one as the log holds it; payload and data are JSON.
func event(t *testing.T, seq uint64, kind schema.Type, payload, data string) schema.Recorded {
	t.Helper()
	return parse(t, seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":"2025-02-18T21:15:22.123Z",`+
		`"channel":{"id":"c1","name":"pond","platform":"TWITCH"},"payload":%s,`+
		`"meta":{"gateway":{"source":"streamerbot","tenant":"duck","receivedAt":"2025-02-18T21:15:22.345Z","origin":"live"},`+
		`"raw":{"timeStamp":"x","event":{"source":"Twitch","type":"X"},"data":%s}}}`, seq, kind, payload, data))
}

func open(t *testing.T) (*channel.Channel, *mongo.Database) {
	t.Helper()
	s, db := storetest.Open(t, store.Collection{Name: channel.Collection, Indexes: []store.Index{{"giftId"}}})
	return channel.New(s, zerolog.Nop()), db
}

// content is all that is stored, in the order of the log.
func content(t *testing.T, db *mongo.Database) []bson.Raw {
	t.Helper()
	cursor, err := db.Collection(channel.Collection).Aggregate(t.Context(), []bson.D{{{Key: "$sort", Value: bson.D{{Key: "seq", Value: 1}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.Raw
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

// TestMixedBatchTwice: events of all kinds, one that can never be stored
// between them; the same batch again, and its end again, change nothing.
func TestMixedBatchTwice(t *testing.T) {
	sink, db := open(t)
	batch := []schema.Recorded{
		event(t, 1, schema.ChannelGoLive, `{"platform":"TWITCH","sentDateTime":"2025-02-18T21:15:22.123Z"}`, `{"id":"1"}`),
		event(t, 2, schema.ChannelEvent, `{"eventType":"FOLLOW","userId":"1","username":"ada","platform":"TWITCH","isTest":false}`, `{}`),
		event(t, 3, schema.ChannelEvent, fmt.Sprintf(`{"eventType":"FOLLOW","message":%q}`, strings.Repeat("x", store.MaxDocument)), `{}`),
		event(t, 4, schema.ChannelUpdated, `{"title":"t","platform":"TWITCH","isTest":false}`, `{}`),
		event(t, 5, "channel.poll_begun", `{"question":"why?"}`, `{}`),
	}
	var want []bson.Raw
	for _, i := range []int{0, 1, 3, 4} {
		doc, err := channel.Document(batch[i])
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, doc)
	}
	for round, part := range [][]schema.Recorded{batch, batch, batch[2:]} {
		var failed *bus.BatchError
		if err := sink.Write(t.Context(), part); !errors.As(err, &failed) {
			t.Fatalf("round %d: %v", round, err)
		}
		if got := slices.Sorted(maps.Keys(failed.Permanent)); !slices.Equal(got, []int{2 - (len(batch) - len(part))}) {
			t.Errorf("round %d: dead are %v: %v", round, got, failed)
		}
		if diff := cmp.Diff(want, content(t, db)); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
	}
	if diff := cmp.Diff(store.Stats{Stored: 4, Again: 6, Refused: 3}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestWhatIsStoredIsNotChanged: the same id under another sequence is the same
// fact again; another type under the same sequence is an alarm.
func TestWhatIsStoredIsNotChanged(t *testing.T) {
	sink, db := open(t)
	first := event(t, 1, schema.ChannelEvent, `{"eventType":"FOLLOW"}`, `{}`)
	again := first
	again.Seq = 2
	other := event(t, 1, schema.ChannelGoLive, `{}`, `{}`)
	for _, r := range []schema.Recorded{first, again} {
		if err := sink.Write(t.Context(), []schema.Recorded{r}); err != nil {
			t.Fatal(err)
		}
	}
	var failed *bus.BatchError
	if err := sink.Write(t.Context(), []schema.Recorded{other}); !errors.As(err, &failed) || failed.Permanent[0] == nil {
		t.Errorf("another event under the same sequence gave %v", err)
	}
	if diff := cmp.Diff(store.Stats{Stored: 1, Duplicates: 1, Alarms: 1, Refused: 1}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
	if docs := content(t, db); len(docs) != 1 || docs[0].Lookup("type").StringValue() != "channel.event" {
		t.Errorf("%v", docs)
	}
}

// TestGiftsAreFoundByTheirBomb: by giftId, all 20 digits of it, and none that
// has another id or, as old frames, no id.
func TestGiftsAreFoundByTheirBomb(t *testing.T) {
	sink, db := open(t)
	gift := func(seq uint64, kind, id string) schema.Recorded {
		return event(t, seq, schema.ChannelEvent, fmt.Sprintf(`{"eventType":%q,"userId":"1"%s}`, kind, id), `{}`)
	}
	batch := []schema.Recorded{
		gift(1, "GIFT_SUBSCRIPTION", `,"giftId":"14177630324188419066"`),
		gift(2, "GIFT_SUBSCRIPTION", `,"giftId":"14177630324188419067"`),
		gift(3, "GIFT_BOMB", `,"giftId":"14177630324188419066"`),
		gift(4, "GIFT_SUBSCRIPTION", ``),
		gift(5, "GIFT_SUBSCRIPTION", `,"giftId":"14177630324188419066"`),
	}
	if err := sink.Write(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	cursor, err := db.Collection(channel.Collection).Find(t.Context(), bson.D{{Key: "giftId", Value: "14177630324188419066"}})
	if err != nil {
		t.Fatal(err)
	}
	var docs []struct{ Seq int64 }
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	var seqs []int64
	for _, d := range docs {
		seqs = append(seqs, d.Seq)
	}
	slices.Sort(seqs)
	if diff := cmp.Diff([]int64{1, 3, 5}, seqs); diff != "" {
		t.Error(diff)
	}
}
