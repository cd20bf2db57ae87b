package sinks_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
	"promethean/sinks"
	"promethean/sinks/internal/storetest"
)

// part is what one of several programs on a database needs.
func part(server *bustest.Server, uri string, only ...string) sinks.Options {
	o := optionsOf(server, uri)
	o.Only = only
	return o
}

// fillAll publishes five lines, a follow and the start of a broadcast.
func fillAll(t *testing.T, server *bustest.Server) {
	t.Helper()
	fill(t, server, 1, 5)
	b := server.Connect(bus.StreamOptions{})
	for _, m := range []schema.Message{follow(t), live(t, "1")} {
		publish(t, b, m.Subject, m.ID, m.Body)
	}
	publish(t, b, schema.EventSubject(schema.AiLicia, "duck", "ai.thoughts"), "thought-1", []byte(thought))
}

// thought is an event of ai_licia, which passes through as it is.
const thought = `{"id":"thought-1","type":"ai.thoughts","version":"2025-02-01","timestamp":"2026-11-24T20:15:22.123Z",` +
	`"channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"payload":{"reasoning":"a short answer is enough","shouldAnswer":true},"meta":{"gateway":{"source":"ailicia"}}}`

// wantAll waits for what fillAll gives.
func wantAll(t *testing.T, uri string) {
	t.Helper()
	waitCount(t, uri, "events", 8)
	waitCount(t, uri, "twitch_chat_messages", 5)
	waitCount(t, uri, "channel_events", 2)
	waitCount(t, uri, "ai_events", 1)
}

// TestProgramsShareADatabase: they begin at once, on a new database and with
// durables that stored elsewhere before, so that collections, indexes, notes and
// the database's documents of housekeeping are made by all of them together.
func TestProgramsShareADatabase(t *testing.T) {
	server, elsewhere := bustest.Start(t), storetest.Start(t)
	fillAll(t, server)
	s, stop := open(t, optionsOf(server, elsewhere))
	catchUp(t, s)
	stop()

	uri := storetest.Start(t)
	lists := [][]string{{"ledger"}, {"chat"}, {"channel"}, {"ai"}, {"titles"}}
	var parts []*sinks.Sinks
	for _, only := range lists {
		p, _ := open(t, part(server, uri, only...))
		parts = append(parts, p)
	}
	wantAll(t, uri)
	for i, p := range parts {
		catchUp(t, p)
		stats := p.Stats()
		if len(stats) != 1 || stats[0].Name != lists[i][0] {
			t.Errorf("only %v runs %+v", lists[i], stats)
		}
		if k := stats[0]; k.Documents.Alarms != 0 || k.Documents.Again != 0 || k.Dead != 0 || k.Missing != 0 {
			t.Errorf("%+v", k)
		}
		checks := map[string]string{}
		for name, check := range p.Checks() {
			checks[name] = ""
			if err := check(t.Context()); err != nil {
				checks[name] = err.Error()
			}
		}
		if diff := cmp.Diff(map[string]string{"store": "", "sink " + lists[i][0]: ""}, checks); diff != "" {
			t.Error(diff)
		}
	}
	if n := count(t, uri, "schema_notes"); n != 9 {
		t.Errorf("%d notes, want one for each of 9 collections", n)
	}
}

// TestSinkThatComesLaterIsFilled: the database is known by then, the new sink is
// not, and its durable stored elsewhere. The one that is there goes on.
func TestSinkThatComesLaterIsFilled(t *testing.T) {
	server, elsewhere := bustest.Start(t), storetest.Start(t)
	fillAll(t, server)
	s, stop := open(t, optionsOf(server, elsewhere))
	catchUp(t, s)
	stop()

	uri := storetest.Start(t)
	ledger, _ := open(t, part(server, uri, "ledger"))
	waitCount(t, uri, "events", 8)
	catchUp(t, ledger)
	for _, name := range []string{"twitch_chat_messages", "channel_events", "schema_notes"} {
		want := int64(0)
		if name == "schema_notes" {
			want = 1
		}
		if n := count(t, uri, name); n != want {
			t.Errorf("%s has %d documents while only the ledger runs, want %d", name, n, want)
		}
	}
	later, stop := open(t, part(server, uri, "channel", "ai", "chat", "chat"))
	wantAll(t, uri)
	catchUp(t, later)
	stop()
	if k := ledger.Stats()[0]; k.Resets != 1 || k.Documents.Again != 0 {
		t.Errorf("the ledger was disturbed: %+v", k)
	}

	// What is known is not filled again.
	later, _ = open(t, part(server, uri, "channel", "chat"))
	fill(t, server, 6, 6)
	waitCount(t, uri, "twitch_chat_messages", 6)
	catchUp(t, later)
	for _, k := range later.Stats() {
		if k.Documents.Again != 0 {
			t.Errorf("%s: %d events came again", k.Name, k.Documents.Again)
		}
	}
}

// remove takes one document away.
func remove(t *testing.T, uri, collection, id string) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	result, err := client.Database("promethean").Collection(collection).DeleteOne(t.Context(), bson.D{{Key: "_id", Value: id}})
	if err != nil || result.DeletedCount != 1 {
		t.Fatalf("remove %s: %+v, %v", id, result, err)
	}
}

// TestDatabaseIsClaimedOnce: of two programs with different logs that begin on a
// new database at once, one may write.
func TestDatabaseIsClaimedOnce(t *testing.T) {
	first, second, uri := bustest.Start(t), bustest.Start(t), storetest.Start(t)
	fill(t, first, 1, 3)
	fill(t, second, 4, 6)
	a, _ := open(t, part(first, uri, "ledger"))
	b, _ := open(t, part(second, uri, "chat"))
	stored := waitEither(t, a, b)
	refused := map[*sinks.Sinks]*sinks.Sinks{a: b, b: a}[stored]
	waitHeld(t, refused, "this database holds events of another log")
}

// waitEither waits until one of the two has stored three events.
func waitEither(t *testing.T, a, b *sinks.Sinks) *sinks.Sinks {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stored := make(chan *sinks.Sinks, 2)
	for _, s := range []*sinks.Sinks{a, b} {
		go func() {
			if s.CatchUp(ctx) == nil {
				stored <- s
			}
		}()
	}
	return <-stored
}

func TestOnlyNamesWhatExists(t *testing.T) {
	if diff := cmp.Diff([]string{"ledger", "chat", "channel", "ai", "titles"}, sinks.Names()); diff != "" {
		t.Error(diff)
	}
	_, err := sinks.Open(sinks.Options{MongoURI: "mongodb://127.0.0.1:1", Only: []string{"chat", "ledgers"}})
	if err == nil || !strings.Contains(err.Error(), `no sink "ledgers"; there are ledger, chat, channel, ai, titles`) {
		t.Errorf("%v", err)
	}
}
