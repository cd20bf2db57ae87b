package sinks_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
	"promethean/sinks"
	"promethean/sinks/internal/storetest"
)

func line(t *testing.T, n int) schema.Message {
	t.Helper()
	raw := fmt.Appendf(nil, `{"timeStamp":"2026-11-24T20:15:22.1234567+01:00","event":{"source":"Twitch","type":"ChatMessage"},"data":{"messageId":"m-%d","text":"line %d","user":{"badges":[{"name":"vip","version":"1"}]}}}`, n, n)
	m, err := schema.Seal(schema.Draft{
		ID: schema.NativeID(schema.Twitch, "duck", schema.ChatMessage, fmt.Sprintf("m-%d", n)), Type: schema.ChatMessage, Provider: schema.Twitch,
		OwnVersion: true, Timestamp: time.UnixMilli(1_764_011_722_123), Channel: schema.Channel{ID: "2", Name: "pond", Platform: "TWITCH"},
		Payload: fmt.Appendf(nil, `{"id":"m-%d","userId":"1","username":"duck","displayName":"Duck","message":"line %d","platform":"TWITCH","isVip":true,"badges":[],"emotes":[],"sentDateTime":"2026-11-24T19:15:22.123Z"}`, n, n),
		Raw:     raw, Trace: schema.Trace{Source: "streamerbot", Tenant: "duck", Origin: schema.Live, ReceivedAt: time.UnixMilli(1_764_011_722_200)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sealed is an event on Twitch as the gateway seals it.
func sealed(t *testing.T, kind schema.Type, id, payload string) schema.Message {
	t.Helper()
	m, err := schema.Seal(schema.Draft{
		ID: schema.NativeID(schema.Twitch, "duck", kind, id), Type: kind, Provider: schema.Twitch,
		OwnVersion: true, Timestamp: time.UnixMilli(1_764_011_722_123), Channel: schema.Channel{ID: "2", Name: "pond", Platform: "TWITCH"},
		Payload: []byte(payload),
		Raw:     []byte(`{"timeStamp":"2026-11-24T20:15:22.1234567+01:00","event":{"source":"Twitch","type":"X"},"data":{"id":"1"}}`),
		Trace:   schema.Trace{Source: "streamerbot", Tenant: "duck", Origin: schema.Live, ReceivedAt: time.UnixMilli(1_764_011_722_200)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func follow(t *testing.T) schema.Message {
	t.Helper()
	return sealed(t, schema.ChannelEvent, "f-1", `{"eventType":"FOLLOW","userId":"1","username":"duck","platform":"TWITCH","isTest":false,"sentDateTime":"2026-11-24T19:15:22.123Z"}`)
}

func live(t *testing.T, id string) schema.Message {
	t.Helper()
	return sealed(t, schema.ChannelGoLive, id, `{"platform":"TWITCH","sentDateTime":"2026-11-24T19:15:22.123Z"}`)
}

func drop(t *testing.T, uri, collection string) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	if err := client.Database("promethean").Collection(collection).Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func publish(t *testing.T, b *bus.Bus, subject, id string, body []byte) {
	t.Helper()
	m := nats.NewMsg(subject)
	m.Data = body
	if id != "" {
		m.Header.Set(schema.HeaderMessageID, id)
	}
	if _, err := b.JetStream().PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, o sinks.Options) (s *sinks.Sinks, stop func()) {
	t.Helper()
	s, err := sinks.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return s, stop
}

func catchUp(t *testing.T, s *sinks.Sinks) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	if err := s.CatchUp(ctx); err != nil {
		t.Fatalf("%v: %+v", err, s.Stats())
	}
}

func count(t *testing.T, uri, collection string) int64 {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	n, err := client.Database("promethean").Collection(collection).CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLogBecomesDocuments(t *testing.T) {
	uri := storetest.Start(t)
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	for n := range 400 {
		m := line(t, n)
		publish(t, b, m.Subject, m.ID, m.Body)
	}
	// The same event once more, past the duplicate window: no message id.
	again := line(t, 7)
	publish(t, b, again.Subject, "", again.Body)
	// What no sink can store: no envelope, and chat of nowhere.
	publish(t, b, again.Subject, "", []byte(`{"id":`))
	publish(t, b, again.Subject, "", []byte(`{"id":"x","type":"chat.message","timestamp":"2026-11-24T20:15:22.123Z","channel":{"id":"","name":"","platform":""},"payload":{"id":"x","message":"hi","platform":"NOWHERE"}}`))

	prepared := 0
	o := sinks.Options{
		Bus: bus.Options{URL: server.URL(), Log: zerolog.Nop()}, MongoURI: uri, Database: "promethean", Log: zerolog.Nop(),
		Prepared: func(context.Context) error { prepared++; return nil },
	}
	s, stop := open(t, o)
	catchUp(t, s)
	for _, c := range []struct {
		collection string
		want       int64
	}{{"events", 401}, {"twitch_chat_messages", 400}, {"youtube_chat_messages", 0}} {
		if got := count(t, uri, c.collection); got != c.want {
			t.Errorf("%s has %d documents, want %d", c.collection, got, c.want)
		}
	}
	if n := count(t, uri, "schema_notes"); n < 3 {
		t.Errorf("schema_notes has %d documents", n)
	}
	stats := map[string]sinks.SinkStats{}
	for _, k := range s.Stats() {
		stats[k.Name] = k
	}
	if l := stats["ledger"]; l.Dead != 1 || l.Documents.Duplicates != 1 || l.Documents.Stored != 401 || l.Missing != 0 || l.Seq != 403 {
		t.Errorf("ledger: %+v", l)
	}
	if c := stats["chat"]; c.Dead != 2 || c.Documents.Duplicates != 1 || c.Documents.Stored != 400 {
		t.Errorf("chat: %+v", c)
	}
	for name, check := range s.Checks() {
		if err := check(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if prepared != 1 {
		t.Errorf("prepared %d times", prepared)
	}
	stop()

	// A second run stores nothing new and is not confused by what is there.
	s, _ = open(t, o)
	m := line(t, 1000)
	publish(t, b, m.Subject, m.ID, m.Body)
	catchUp(t, s)
	if got := count(t, uri, "twitch_chat_messages"); got != 401 {
		t.Errorf("%d lines after the second run, want 401", got)
	}
}

func TestWithoutStoreNothingIsReady(t *testing.T) {
	server := bustest.Start(t)
	server.Connect(bus.StreamOptions{})
	s, stop := open(t, sinks.Options{
		Bus: bus.Options{URL: server.URL(), Log: zerolog.Nop()}, MongoURI: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200", Database: "promethean", Log: zerolog.Nop(),
	})
	for name, check := range s.Checks() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		if err := check(ctx); err == nil {
			t.Errorf("%s is ready without a store", name)
		}
		cancel()
	}
	began := time.Now()
	stop()
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

// TestModerationOverTheBus: the worker of chat takes the starts of broadcasts
// too, so that a ban marks the lines of its own one and no others.
func TestModerationOverTheBus(t *testing.T) {
	uri := storetest.Start(t)
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	for _, m := range []schema.Message{
		live(t, "1"), line(t, 1), live(t, "2"), line(t, 2), follow(t),
		sealed(t, schema.ChatUserBanned, "ban", `{"userId":"1","platform":"TWITCH","isTest":false,"sentDateTime":"2026-11-24T19:15:22.123Z"}`),
		line(t, 3),
		sealed(t, schema.ChatMessageDeleted, "gone", `{"id":"m-4","platform":"TWITCH","isTest":false,"sentDateTime":"2026-11-24T19:15:22.123Z"}`),
	} {
		publish(t, b, m.Subject, m.ID, m.Body)
	}
	s, _ := open(t, optionsOf(server, uri))
	catchUp(t, s)
	m := line(t, 4)
	publish(t, b, m.Subject, m.ID, m.Body)
	catchUp(t, s)
	reasons := map[string]string{}
	for _, doc := range documents(t, uri, "twitch_chat_messages") {
		reason, _ := doc.Lookup("deleted", "reason").StringValueOK()
		reasons[doc.Lookup("_id").StringValue()] = reason
	}
	if diff := cmp.Diff(map[string]string{"m-1": "", "m-2": "banned", "m-3": "", "m-4": "deleted"}, reasons); diff != "" {
		t.Error(diff)
	}
	for _, k := range s.Stats() {
		if k.Dead != 0 || k.Documents.Alarms != 0 {
			t.Errorf("%+v", k)
		}
		if d := k.Documents; k.Name == "chat" && (d.Stored != 4 || d.Marked != 1 || d.Tombstones != 1) {
			t.Errorf("%+v", k)
		}
	}
	if n := count(t, uri, "channel_events"); n != 3 {
		t.Errorf("%d events of the channel, want 3", n)
	}
}

func documents(t *testing.T, uri, collection string) []bson.Raw {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	cursor, err := client.Database("promethean").Collection(collection).Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var docs []bson.Raw
	if err := cursor.All(t.Context(), &docs); err != nil {
		t.Fatal(err)
	}
	return docs
}
