package bus_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

// record publishes an event of a type whose payload is {"n":n}.
func record(t *testing.T, b *bus.Bus, kind schema.Type, n int) {
	t.Helper()
	m := nats.NewMsg(schema.EventSubject(schema.Twitch, "duck", kind))
	m.Data = fmt.Appendf(nil, `{"id":"e-%d","type":%q,"timestamp":"2026-11-24T20:15:22.123Z","channel":{"id":"c","name":"c","platform":"TWITCH"},"payload":%s}`, n, kind, payload(n))
	if _, err := b.JetStream().PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// TestAWorkerTakesWhatItsFiltersMatch: in the order of the log, whichever
// filter matches. One that a newer program adds to a durable counts from the
// durable's position on: nothing that is settled comes again for it.
func TestAWorkerTakesWhatItsFiltersMatch(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	kinds := []schema.Type{"chat.message", "channel.go_live", "channel.event", "chat.cleared"}
	for n := range 8 {
		record(t, b, kinds[n%4], n)
	}
	before := newRecorder()
	w := &bus.Worker{Name: "chat", Filters: []string{schema.EventFilter("chat")}, Sink: before, Bus: b, Log: zerolog.Nop()}
	stop := background(t, w.Run)
	before.waitFor(t, 4)
	until(t, "the acknowledgement", func() bool { return w.Seq() == 8 })
	stop()
	if diff := cmp.Diff([]string{payload(0), payload(3), payload(4), payload(7)}, before.payloads()); diff != "" {
		t.Error(diff)
	}
	for n := 8; n < 16; n++ {
		record(t, b, kinds[n%4], n)
	}
	after := newRecorder()
	background(t, (&bus.Worker{
		Name: "chat", Sink: after, Bus: b, Log: zerolog.Nop(),
		Filters: []string{schema.EventFilter("chat"), schema.TypeFilter(schema.ChannelGoLive)},
	}).Run)
	after.waitFor(t, 6)
	want := []string{payload(8), payload(9), payload(11), payload(12), payload(13), payload(15)}
	if diff := cmp.Diff(want, after.payloads()); diff != "" {
		t.Error(diff)
	}
}
