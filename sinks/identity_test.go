package sinks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
	"promethean/sinks"
	"promethean/sinks/internal/storetest"
)

func optionsOf(server *bustest.Server, uri string) sinks.Options {
	return sinks.Options{Bus: bus.Options{URL: server.URL(), Log: zerolog.Nop()}, MongoURI: uri, Database: "promethean", Log: zerolog.Nop()}
}

// fill publishes lines first to last, by number.
func fill(t *testing.T, server *bustest.Server, first, last int) {
	t.Helper()
	b := server.Connect(bus.StreamOptions{})
	for n := first; n <= last; n++ {
		m := line(t, n)
		publish(t, b, m.Subject, m.ID, m.Body)
	}
}

// waitHeld waits until every sink is held by something that contains text.
func waitHeld(t *testing.T, s *sinks.Sinks, text string) []sinks.SinkStats {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(60 * time.Second)
	for {
		stats, held := s.Stats(), 0
		for _, k := range stats {
			if strings.Contains(k.HeldBy, text) && !k.HeldSince.IsZero() {
				held++
			}
		}
		if held == len(stats) {
			return stats
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("not held by %q: %+v", text, stats)
		}
	}
}

// TestNewStoreIsFilledFromTheStart: a user moves from one store to another;
// then back to the first, which must not be written anew.
func TestNewStoreIsFilledFromTheStart(t *testing.T) {
	server := bustest.Start(t)
	fill(t, server, 1, 30)
	old, fresh := storetest.Start(t), storetest.Start(t)
	s, stop := open(t, optionsOf(server, old))
	catchUp(t, s)
	stop()
	fill(t, server, 31, 40)

	s, stop = open(t, optionsOf(server, fresh))
	waitCount(t, fresh, "twitch_chat_messages", 40)
	waitCount(t, fresh, "events", 40)
	catchUp(t, s)
	stop()
	if got := count(t, old, "events"); got != 30 {
		t.Errorf("the old store has %d events, want its 30", got)
	}

	// What is not new is not filled again.
	s, _ = open(t, optionsOf(server, fresh))
	fill(t, server, 41, 41)
	waitCount(t, fresh, "events", 41)
	for _, k := range s.Stats() {
		if k.Documents.Again != 0 {
			t.Errorf("%s: %d events came again", k.Name, k.Documents.Again)
		}
	}
}

// TestOtherLogIsRefused: its seq begins at 1 again, so two events would have
// the same one.
func TestOtherLogIsRefused(t *testing.T) {
	uri := storetest.Start(t)
	first, second := bustest.Start(t), bustest.Start(t)
	fill(t, first, 1, 20)
	s, stop := open(t, optionsOf(first, uri))
	catchUp(t, s)
	stop()

	fill(t, second, 21, 25)
	s, stop = open(t, optionsOf(second, uri))
	for _, k := range waitHeld(t, s, "this database holds events of another log (created ") {
		if k.Held != "the database belongs to another log" || !strings.Contains(k.HeldBy, "set BRAIN_MONGO_DB to a new name, or bring back the old NATS data") {
			t.Errorf("%s: %q, %q", k.Name, k.Held, k.HeldBy)
		}
	}
	if err := s.Checks()["sink ledger"](t.Context()); err == nil {
		t.Error("ready with another log")
	}
	stop()
	if got := count(t, uri, "events"); got != 20 {
		t.Errorf("%d events, want the first log's 20", got)
	}

	// A new name is a new database, and the old data are good as before.
	o := optionsOf(second, uri)
	o.Database = "another"
	s, stop = open(t, o)
	catchUp(t, s)
	stop()
	open(t, optionsOf(first, uri))
	fill(t, first, 26, 26)
	waitCount(t, uri, "events", 21)
}

// TestHeldBeforeTheFirstEvent: while nothing could be prepared the figures say
// since when and why, and how much waits.
func TestHeldBeforeTheFirstEvent(t *testing.T) {
	server := bustest.Start(t)
	fill(t, server, 1, 7)
	b := server.Connect(bus.StreamOptions{})
	for _, m := range []schema.Message{follow(t), live(t, "1")} {
		publish(t, b, m.Subject, m.ID, m.Body)
	}
	o := optionsOf(server, "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
	s, _ := open(t, o)
	waitHeld(t, s, "store: ")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(60 * time.Second)
	for stats := s.Stats(); ; stats = s.Stats() {
		// The start of a broadcast is for all three.
		if stats[0].Lag == 9 && stats[1].Lag == 8 && stats[2].Lag == 2 {
			if stats[0].Held != "the store cannot be reached" {
				t.Errorf("held: %q", stats[0].Held)
			}
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("9 events wait, the figures say %+v", stats)
		}
	}
}

// TestWithoutNATSThatIsWhatIsWaitedFor: the store is there.
func TestWithoutNATSThatIsWhatIsWaitedFor(t *testing.T) {
	server := bustest.Start(t)
	server.Stop()
	s, _ := open(t, optionsOf(server, storetest.Start(t)))
	for _, k := range waitHeld(t, s, "waiting for NATS") {
		if k.Held != "waiting for NATS" {
			t.Errorf("%s: %q", k.Name, k.Held)
		}
	}
	server.Restart()
	waitHeld(t, s, "waiting for the stream PROM_EVENTS")
	fill(t, server, 1, 3)
	catchUp(t, s)
}

func waitCount(t *testing.T, uri, collection string, want int64) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(60 * time.Second)
	for {
		got := count(t, uri, collection)
		if got == want {
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("%s has %d documents, want %d", collection, got, want)
		}
	}
}

// TestNewSinkOnAnOldStore: a store that an older program filled, which had no
// sink channel: the new durable begins at the start of the log by itself, and
// the others stay where they are.
func TestNewSinkOnAnOldStore(t *testing.T) {
	server, uri := bustest.Start(t), storetest.Start(t)
	fill(t, server, 1, 10)
	b := server.Connect(bus.StreamOptions{})
	follow := follow(t)
	publish(t, b, follow.Subject, follow.ID, follow.Body)
	s, stop := open(t, optionsOf(server, uri))
	catchUp(t, s)
	stop()
	if err := b.JetStream().DeleteConsumer(t.Context(), bus.StreamEvents, "channel"); err != nil {
		t.Fatal(err)
	}
	drop(t, uri, "channel_events")

	s, _ = open(t, optionsOf(server, uri))
	waitCount(t, uri, "channel_events", 1)
	catchUp(t, s)
	for _, k := range s.Stats() {
		if k.Name != "channel" && k.Documents.Again != 0 {
			t.Errorf("%s: %d events came again", k.Name, k.Documents.Again)
		}
	}
}
