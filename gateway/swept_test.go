package gateway_test

import (
	"testing"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
)

// A NATS whose volume was deleted has no streams. The gateway makes them and
// goes on with what it had accepted meanwhile, in order, nothing twice.
func TestNATSThatComesBackEmpty(t *testing.T) {
	r := newRig(t)
	g, stop := r.run()
	r.number(100)
	until(t, "100 lines to be published", func() bool { return g.Stats().Published >= 101 })
	r.nats.Stop()
	r.number(300)
	until(t, "300 more to be accepted", func() bool { return g.Stats().Accepted >= 401 })
	r.nats.Sweep()
	r.nats.Restart()
	until(t, "the outbox to be empty", func() bool { return g.Stats().OutboxEntries == 0 && g.Stats().Published >= 401 })
	for name, check := range g.Checks() {
		until(t, name+" to be ready", func() bool { return check(t.Context()) == nil })
	}
	stop()
	all := r.events()
	if n := types(all); n[schema.ChatMessage] != 300 {
		t.Errorf("the new log has %v, want the 300 lines that the old one had not", n)
	}
	seen := map[string]bool{}
	for _, e := range all {
		if seen[e.ID] {
			t.Errorf("%s is there twice", e.ID)
		}
		seen[e.ID] = true
	}
}

// While nothing happens nobody publishes: the gateway finds out all the same,
// and a command is taken from the new stream.
func TestQuietGatewayFindsNATSEmpty(t *testing.T) {
	r := newRig(t)
	g, stop := r.run()
	until(t, "its connection to be published", func() bool { return g.Stats().Published >= 1 })
	r.nats.Stop()
	r.nats.Sweep()
	r.nats.Restart()
	b, err := bus.Connect(bus.Options{URL: r.nats.URL(), Name: "watch", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	until(t, "the streams to be there again", func() bool {
		_, err := b.JetStream().Consumer(t.Context(), bus.StreamControl, "gateway-duck")
		return err == nil
	})
	until(t, "the log to be there again", func() bool {
		_, err := b.JetStream().Stream(t.Context(), bus.StreamEvents)
		return err == nil
	})
	stop()
}
