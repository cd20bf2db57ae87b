package sinks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/ai"
	"promethean/sinks/channel"
	"promethean/sinks/chat"
	"promethean/sinks/ledger"
	"promethean/sinks/store"
	"promethean/sinks/titles"
)

// sink is one line of the table.
type sink struct {
	worker *bus.Worker
	// collections are those that it writes to, and nobody else.
	collections []string
	stats       func() store.Stats
	// waiting is how many events wait for it, as long as the worker has not
	// started.
	waiting atomic.Uint64
}

// table is the list of sinks, each with a durable consumer of its name.
func table(b *bus.Bus, s *store.Store, log zerolog.Logger) []*sink {
	events, lines, happenings := ledger.New(s, log), chat.New(s, log), channel.New(s, log)
	thoughts, lives := ai.New(s, log), titles.New(s, log)
	return []*sink{
		{worker: &bus.Worker{Name: "ledger", Filters: []string{schema.AllEvents}, Sink: events, Bus: b, Log: log},
			collections: []string{ledger.Collection}, stats: events.Stats},
		{worker: &bus.Worker{Name: "chat", Filters: chat.Filters(), Sink: lines, Bus: b, Log: log},
			collections: slices.Sorted(maps.Values(chat.Collections())), stats: lines.Stats},
		{worker: &bus.Worker{Name: "channel", Filters: []string{schema.EventFilter("channel")}, Sink: happenings, Bus: b, Log: log},
			collections: []string{channel.Collection}, stats: happenings.Stats},
		{worker: &bus.Worker{Name: "ai", Filters: ai.Filters(), Sink: thoughts, Bus: b, Log: log},
			collections: []string{ai.Collection}, stats: thoughts.Stats},
		{worker: &bus.Worker{Name: "titles", Filters: []string{schema.EventFilter("title")}, Sink: lives, Bus: b, Log: log},
			collections: []string{titles.Collection}, stats: lives.Stats},
	}
}

// Names are the names of all sinks.
func Names() (names []string) {
	for _, k := range table(nil, nil, zerolog.Nop()) {
		names = append(names, k.worker.Name)
	}
	return names
}

// checkNames refuses a name that no sink has.
func checkNames(only []string) error {
	for _, name := range only {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("sinks: there is no sink %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return nil
}

// chosen are the sinks that are named in only; all where it is empty.
func chosen(all []*sink, only []string) []*sink {
	if len(only) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(k *sink) bool { return !slices.Contains(only, k.worker.Name) })
}
