package sinks

import (
	"sync/atomic"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/channel"
	"promethean/sinks/chat"
	"promethean/sinks/ledger"
	"promethean/sinks/store"
)

// sink is one line of the table.
type sink struct {
	worker *bus.Worker
	stats  func() store.Stats
	// waiting is how many events wait for it, as long as the worker has not
	// started.
	waiting atomic.Uint64
}

// table is the list of sinks, each with a durable consumer of its name.
func table(b *bus.Bus, s *store.Store, log zerolog.Logger) []*sink {
	events, lines, happenings := ledger.New(s, log), chat.New(s, log), channel.New(s, log)
	return []*sink{
		{worker: &bus.Worker{Name: "ledger", Filters: []string{schema.AllEvents}, Sink: events, Bus: b, Log: log}, stats: events.Stats},
		{worker: &bus.Worker{Name: "chat", Filters: chat.Filters(), Sink: lines, Bus: b, Log: log}, stats: lines.Stats},
		{worker: &bus.Worker{Name: "channel", Filters: []string{schema.EventFilter("channel")}, Sink: happenings, Bus: b, Log: log}, stats: happenings.Stats},
	}
}
