package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/ledger"
	"promethean/sinks/store"
)

var receivedAt = time.Date(2025, 2, 18, 21, 15, 22, 345e6, time.UTC)

// event is one as the log holds it; payload and raw are JSON.
func event(t *testing.T, seq uint64, payload, raw string) schema.Recorded {
	t.Helper()
	body := fmt.Sprintf(`{"id":"e-%d","type":"chat.message","version":"2025-02-01","timestamp":"2025-02-18T21:15:22.123Z",`+
		`"channel":{"id":"c1","name":"duck","platform":"TWITCH"},"stream":{"id":"s1"},"payload":%s,`+
		`"meta":{"own": [1,  2], "gateway":{"source":"streamerbot","tenant":"duck","receivedAt":"2025-02-18T21:15:22.345Z","origin":"live"},"raw":%s}}`,
		seq, payload, raw)
	return parse(t, seq, body)
}

func parse(t *testing.T, seq uint64, body string) schema.Recorded {
	t.Helper()
	e, err := schema.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Recorded{
		Envelope: e, Body: []byte(body), Subject: schema.EventSubject(schema.Twitch, "duck", e.Type),
		Stream: bus.StreamEvents, Seq: seq, StoredAt: receivedAt.Add(time.Second),
	}
}

func sum(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:])
}

func TestDocument(t *testing.T) {
	full := event(t, 1<<60, `{"n":5,"big":9007199254740993,"d":0.1,"huge":12345678901234567890}`, `{"data":{"x":1}}`)
	dotted := event(t, 2, `{"a.b":1,"s":"<&>"}`, `null`)
	foreign := parse(t, 3, `{"id":"f","type":"some.thing","timestamp":"1969-07-20T20:17:40.5Z","channel":{"id":"c","name":"","platform":"X"},"payload":[1, 2]}`)
	date := func(s string) bson.DateTime {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return bson.NewDateTimeFromTime(at)
	}
	meta := bson.D{{Key: "own", Value: bson.A{int32(1), int32(2)}}, {Key: "gateway", Value: bson.D{
		{Key: "source", Value: "streamerbot"}, {Key: "tenant", Value: "duck"},
		{Key: "receivedAt", Value: "2025-02-18T21:15:22.345Z"}, {Key: "origin", Value: "live"},
	}}}
	channel := bson.D{{Key: "id", Value: "c1"}, {Key: "name", Value: "duck"}, {Key: "platform", Value: "TWITCH"}}
	for _, tt := range []struct {
		name  string
		event schema.Recorded
		want  bson.D
	}{
		{"everything, numbers exact", full, bson.D{
			{Key: "_id", Value: "e-1152921504606846976"}, {Key: "type", Value: "chat.message"}, {Key: "version", Value: "2025-02-01"},
			{Key: "timestamp", Value: date("2025-02-18T21:15:22.123Z")},
			{Key: "channel", Value: channel}, {Key: "stream", Value: bson.D{{Key: "id", Value: "s1"}}},
			{Key: "payload", Value: bson.D{
				{Key: "n", Value: int32(5)}, {Key: "big", Value: int64(9007199254740993)}, {Key: "d", Value: 0.1},
				{Key: "huge", Value: "12345678901234567890"},
			}},
			{Key: "meta", Value: meta}, {Key: "inexact", Value: bson.A{"payload.huge"}},
			{Key: "seq", Value: int64(1 << 60)}, {Key: "subject", Value: "promethean.p.twitch.t.duck.events.chat.message"},
			{Key: "receivedAt", Value: date("2025-02-18T21:15:22.345Z")},
			{Key: "body", Value: bson.Binary{Data: full.Body}}, {Key: "sha256", Value: sum(full.Body)},
		}},
		{"payload that is no document everywhere", dotted, bson.D{
			{Key: "_id", Value: "e-2"}, {Key: "type", Value: "chat.message"}, {Key: "version", Value: "2025-02-01"},
			{Key: "timestamp", Value: date("2025-02-18T21:15:22.123Z")},
			{Key: "channel", Value: channel}, {Key: "stream", Value: bson.D{{Key: "id", Value: "s1"}}},
			{Key: "payloadJson", Value: `{"a.b":1,"s":"<&>"}`}, {Key: "meta", Value: meta},
			{Key: "seq", Value: int64(2)}, {Key: "subject", Value: "promethean.p.twitch.t.duck.events.chat.message"},
			{Key: "receivedAt", Value: date("2025-02-18T21:15:22.345Z")},
			{Key: "body", Value: bson.Binary{Data: dotted.Body}}, {Key: "sha256", Value: sum(dotted.Body)},
		}},
		{"another program's, with the least there is", foreign, bson.D{
			{Key: "_id", Value: "f"}, {Key: "type", Value: "some.thing"}, {Key: "version", Value: ""},
			{Key: "timestamp", Value: date("1969-07-20T20:17:40.5Z")},
			{Key: "channel", Value: bson.D{{Key: "id", Value: "c"}, {Key: "name", Value: ""}, {Key: "platform", Value: "X"}}},
			{Key: "payloadJson", Value: `[1, 2]`},
			{Key: "seq", Value: int64(3)}, {Key: "subject", Value: "promethean.p.twitch.t.duck.events.some.thing"},
			{Key: "receivedAt", Value: date("2025-02-18T21:15:23.345Z")},
			{Key: "body", Value: bson.Binary{Data: foreign.Body}}, {Key: "sha256", Value: sum(foreign.Body)},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := ledger.Document(tt.event)
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(); err != nil {
				t.Fatal(err)
			}
			var got bson.D
			if err := bson.Unmarshal(doc, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLargestFrameFits: a frame of the largest size whose BSON form is as much
// larger than its text as can be is an event that can be stored.
func TestLargestFrameFits(t *testing.T) {
	for _, element := range []string{"0", `""`, "{}", "[]", "0.5", "null", "9007199254740993"} {
		n := (schema.MaxFrame - len(`{"a":[]}`)) / (len(element) + 1)
		payload := `{"a":[` + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + `]}`
		doc, err := ledger.Document(event(t, 1, payload, `null`))
		if err != nil || len(doc) > store.MaxDocument {
			t.Errorf("%d times %s: %d bytes, %v", n, element, len(doc), err)
		}
	}
}

func open(t *testing.T) (*ledger.Ledger, *mongo.Database) {
	t.Helper()
	s, db := storetest.Open(t, store.Collection{Name: ledger.Collection, Indexes: []store.Index{{"seq"}}})
	return ledger.New(s, zerolog.Nop()), db
}

// content is everything stored, in the order of the log.
func content(t *testing.T, db *mongo.Database) []bson.Raw {
	t.Helper()
	cursor, err := db.Collection(ledger.Collection).Aggregate(t.Context(), []bson.D{{{Key: "$sort", Value: bson.D{{Key: "seq", Value: 1}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.Raw
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}

// TestTwiceIsTheSame: what is stored is exactly what Document says, and a
// second delivery of the whole batch changes no byte.
func TestTwiceIsTheSame(t *testing.T) {
	sink, db := open(t)
	var batch []schema.Recorded
	var want []bson.Raw
	for seq := uint64(1); seq <= 120; seq++ {
		r := event(t, seq, fmt.Sprintf(`{"message":"line %d","ratio":0.30000000000000004,"id":9007199254740993}`, seq), `{"data":{}}`)
		doc, err := ledger.Document(r)
		if err != nil {
			t.Fatal(err)
		}
		batch, want = append(batch, r), append(want, doc)
	}
	for round := range 2 {
		if err := sink.Write(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, content(t, db)); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
	}
	if diff := cmp.Diff(store.Stats{Stored: 120, Again: 120}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
}

// TestIntegrityAlarm: one sequence of the log with other bytes than before is
// an alarm and a dead letter, and what is stored stays.
func TestIntegrityAlarm(t *testing.T) {
	sink, db := open(t)
	first := event(t, 5, `{"message":"true"}`, `{}`)
	if err := sink.Write(t.Context(), []schema.Recorded{first}); err != nil {
		t.Fatal(err)
	}
	err := sink.Write(t.Context(), []schema.Recorded{event(t, 4, `{}`, `{}`), event(t, 5, `{"message":"changed"}`, `{}`)})
	var batch *bus.BatchError
	if !errors.As(err, &batch) || len(batch.Permanent) != 1 || batch.Permanent[1] == nil {
		t.Fatalf("write gave %v", err)
	}
	if s := sink.Stats(); s.Alarms != 1 || s.Stored != 2 {
		t.Errorf("%+v", s)
	}
	docs := content(t, db)
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	if _, body := docs[1].Lookup("body").Binary(); string(body) != string(first.Body) {
		t.Errorf("the stored event was changed: %s", body)
	}
}

// TestSameFactUnderAnotherSequence is a repeat that the bus did not filter.
func TestSameFactUnderAnotherSequence(t *testing.T) {
	sink, db := open(t)
	first, again := event(t, 5, `{}`, `{}`), event(t, 5, `{}`, `{"n":2}`)
	again.Seq = 6
	if err := sink.Write(t.Context(), []schema.Recorded{first, again}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(store.Stats{Stored: 1, Duplicates: 1}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
	if docs := content(t, db); len(docs) != 1 || docs[0].Lookup("seq").Int64() != 5 {
		t.Errorf("%v", docs)
	}
}

// TestPoisonBesideGoodEvents: an event that can never be stored is named, and
// its 999 neighbours are stored.
func TestPoisonBesideGoodEvents(t *testing.T) {
	sink, db := open(t)
	batch := make([]schema.Recorded, 1000)
	for i := range batch {
		batch[i] = event(t, uint64(i+1), `{"message":"fine"}`, `{}`)
	}
	// Its bytes and its payload together are over what a document may have.
	batch[500] = event(t, 501, `{"message":"`+strings.Repeat("x", 9<<20)+`"}`, `{}`)
	err := sink.Write(t.Context(), batch)
	var failed *bus.BatchError
	if !errors.As(err, &failed) || len(failed.Permanent) != 1 || failed.Permanent[500] == nil {
		t.Fatalf("write gave %v", err)
	}
	n, err := db.Collection(ledger.Collection).CountDocuments(t.Context(), bson.D{})
	if err != nil || n != 999 {
		t.Errorf("%d documents, want 999, %v", n, err)
	}
}
