package chat_test

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
	"promethean/sinks/chat"
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

// line is a line of chat with the given payload and data, both JSON.
func line(t *testing.T, seq uint64, payload, data string) schema.Recorded {
	t.Helper()
	return parse(t, seq, fmt.Sprintf(`{"id":"e-%d","type":"chat.message","version":"2025-02-01","timestamp":"2025-02-18T21:15:22.123Z",`+
		`"channel":{"id":"c1","name":"duck","platform":"TWITCH"},"payload":%s,`+
		`"meta":{"gateway":{"source":"streamerbot","tenant":"duck","receivedAt":"2025-02-18T21:15:22.345Z","origin":"live"},`+
		`"raw":{"timeStamp":"x","event":{"source":"Twitch","type":"ChatMessage"},"data":%s}}}`, seq, payload, data))
}

func said(platform, id, message string) string {
	return fmt.Sprintf(`{"id":%q,"userId":"7","username":"u","displayName":"U","message":%q,"platform":%q,"badges":[],"emotes":[],"isTest":false}`,
		id, message, platform)
}

func open(t *testing.T) (*chat.Chat, *mongo.Database) {
	t.Helper()
	s, db := storetest.Open(t, collections()...)
	return chat.New(s, zerolog.Nop()), db
}

func collections() []store.Collection {
	var all []store.Collection
	for _, name := range chat.Collections() {
		all = append(all, store.Collection{Name: name})
	}
	return all
}

// content is all that is stored, by collection, in the order of the log.
func content(t *testing.T, db *mongo.Database) map[string][]bson.Raw {
	t.Helper()
	all := map[string][]bson.Raw{}
	for _, name := range chat.Collections() {
		cursor, err := db.Collection(name).Aggregate(t.Context(), []bson.D{{{Key: "$sort", Value: bson.D{{Key: "seq", Value: 1}}}}})
		if err != nil {
			t.Fatal(err)
		}
		var docs []bson.Raw
		if err := cursor.All(t.Context(), &docs); err != nil {
			t.Fatal(err)
		}
		if len(docs) > 0 {
			all[name] = docs
		}
	}
	return all
}

func document(t *testing.T, r schema.Recorded) bson.Raw {
	t.Helper()
	doc, err := chat.Document(r)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestMixedBatchTwice: a batch of several platforms with what is no chat and
// what can never be stored between; each thing comes to its place, and the same
// batch again changes nothing.
func TestMixedBatchTwice(t *testing.T) {
	sink, db := open(t)
	caption := strings.Replace(said("TWITCH", "m-caption", "spoken"), `"isTest"`, `"isCaption":true,"isTest"`, 1)
	other := line(t, 5, said("TWITCH", "m-5", "first"), `{}`)
	other.Envelope.Type = "chat.first_message"
	batch := []schema.Recorded{
		line(t, 1, said("TWITCH", "m-1", "one"), `{}`),
		line(t, 2, said("YOUTUBE", "m-2", "two"), `{}`),
		line(t, 3, said("MYSPACE", "m-3", "three"), `{}`),
		line(t, 4, caption, `{}`),
		other,
		line(t, 6, said("TWITCH", "m-6", "six"), `{}`),
		line(t, 7, `{"message":7,"platform":"TWITCH"}`, `{}`),
		line(t, 8, said("YOUTUBE", "m-1", "another platform's m-1"), `{}`),
		line(t, 9, said("KICK", "", "nine"), `{}`),
		line(t, 10, said("TROVO", "m-10", "ten"), `{}`),
	}
	want := map[string][]bson.Raw{
		"twitch_chat_messages":  {document(t, batch[0]), document(t, batch[5])},
		"youtube_chat_messages": {document(t, batch[1]), document(t, batch[7])},
		"kick_chat_messages":    {document(t, batch[8])},
		"trovo_chat_messages":   {document(t, batch[9])},
	}
	for round := range 2 {
		var failed *bus.BatchError
		if err := sink.Write(t.Context(), batch); !errors.As(err, &failed) {
			t.Fatalf("round %d: %v", round, err)
		}
		if got := slices.Sorted(maps.Keys(failed.Permanent)); !slices.Equal(got, []int{2, 6}) {
			t.Errorf("round %d: dead are %v: %v", round, got, failed)
		}
		if diff := cmp.Diff(want, content(t, db)); diff != "" {
			t.Errorf("round %d: %s", round, diff)
		}
	}
	if diff := cmp.Diff(store.Stats{Stored: 6, Again: 6, Refused: 4}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
	if n := sink.Skipped(); n != 4 {
		t.Errorf("%d skipped, want 4", n)
	}
}

// TestTheSameMessageAgain: a platform's message that comes as another event
// changes nothing; another event under a sequence that is taken is an alarm.
func TestTheSameMessageAgain(t *testing.T) {
	sink, db := open(t)
	first := line(t, 1, said("TWITCH", "m", "as it was"), `{}`)
	later := line(t, 2, said("TWITCH", "m", "as it never was"), `{}`)
	for _, r := range []schema.Recorded{first, later} {
		if err := sink.Write(t.Context(), []schema.Recorded{r}); err != nil {
			t.Fatal(err)
		}
	}
	later.Seq = 1
	var failed *bus.BatchError
	if err := sink.Write(t.Context(), []schema.Recorded{later}); !errors.As(err, &failed) || failed.Permanent[0] == nil {
		t.Errorf("another event under the same sequence gave %v", err)
	}
	if diff := cmp.Diff(store.Stats{Stored: 1, Duplicates: 1, Alarms: 1, Refused: 1}, sink.Stats()); diff != "" {
		t.Error(diff)
	}
	want := map[string][]bson.Raw{"twitch_chat_messages": {document(t, first)}}
	if diff := cmp.Diff(want, content(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestDeletionStays: a moderator's mark on a line outlives a replay.
func TestDeletionStays(t *testing.T) {
	sink, db := open(t)
	batch := []schema.Recorded{line(t, 1, said("TWITCH", "m", "bad"), `{}`)}
	if err := sink.Write(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	mark := bson.D{{Key: "$set", Value: bson.D{{Key: "deleted", Value: bson.D{{Key: "by", Value: "mod"}}}}}}
	if _, err := db.Collection("twitch_chat_messages").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "m"}}, mark); err != nil {
		t.Fatal(err)
	}
	if err := sink.Write(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	docs := content(t, db)["twitch_chat_messages"]
	if len(docs) != 1 || extended(t, docs[0], "deleted.by") != `"mod"` {
		t.Errorf("%v", docs)
	}
}
