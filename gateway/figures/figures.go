// Package figures gives the gateway's figures their names for /metrics, so that
// the container's program and brain show the same.
package figures

import (
	"promethean/gateway"
)

// Registry takes figures; value is called at each scrape, by any goroutine.
type Registry interface {
	// Counter takes a figure that only grows. A name and labels that exist
	// already are an error.
	Counter(name, help string, labels map[string]string, value func() float64) error
	// Gauge takes one that goes up and down.
	Gauge(name, help string, labels map[string]string, value func() float64) error
}

type figure struct {
	name, help string
	value      func(gateway.Stats) float64
}

// Register adds all figures of a gateway; stats is [gateway.Gateway.Stats].
func Register(r Registry, stats func() gateway.Stats) error {
	for _, f := range counters {
		if err := r.Counter(f.name, f.help, nil, func() float64 { return f.value(stats()) }); err != nil {
			return err
		}
	}
	for _, f := range gauges {
		if err := r.Gauge(f.name, f.help, nil, func() float64 { return f.value(stats()) }); err != nil {
			return err
		}
	}
	if err := registerSources(r, stats); err != nil {
		return err
	}
	return registerOutcomes(r, stats)
}

// registerOutcomes counts ended commands by outcome.
func registerOutcomes(r Registry, stats func() gateway.Stats) error {
	for _, outcome := range gateway.Outcomes() {
		value := func() float64 { return float64(stats().Commands.Ended[outcome]) }
		if err := r.Counter("brain_commands_ended_total", "commands that have ended, by outcome", map[string]string{"outcome": outcome}, value); err != nil {
			return err
		}
	}
	return nil
}

var counters = []figure{
	{"brain_accepted_total", "events accepted: on disk in the outbox", func(s gateway.Stats) float64 { return float64(s.Accepted) }},
	{"brain_refused_total", "frames that became dead letters", func(s gateway.Stats) float64 { return float64(s.Refused) }},
	{"brain_published_total", "events that NATS acknowledged", func(s gateway.Stats) float64 { return float64(s.Published) }},
	{"brain_published_dead_letters_total", "dead letters of refused frames that NATS acknowledged", func(s gateway.Stats) float64 { return float64(s.DeadLetters) }},
	{"brain_publish_duplicates_total", "events that NATS had already", func(s gateway.Stats) float64 { return float64(s.Duplicates) }},
	{"brain_publish_retries_total", "publishes that were made again", func(s gateway.Stats) float64 { return float64(s.Retries) }},
	{"brain_commands_taken_total", "commands taken, each at most once", func(s gateway.Stats) float64 { return float64(s.Commands.Taken) }},
	{"brain_commands_repeated_total", "commands that came again and were dropped", func(s gateway.Stats) float64 { return float64(s.Commands.Repeats) }},
}

var gauges = []figure{
	{"brain_outbox_entries", "events that wait for NATS", func(s gateway.Stats) float64 { return float64(s.OutboxEntries) }},
	{"brain_outbox_bytes", "their size on disk in bytes", func(s gateway.Stats) float64 { return float64(s.OutboxBytes) }},
	{"brain_outbox_full", "1 while the outbox is full and sources are not read", func(s gateway.Stats) float64 { return truth(s.OutboxFull) }},
	{"brain_commands_open", "commands taken that have not ended", func(s gateway.Stats) float64 { return float64(s.Commands.Open) }},
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
