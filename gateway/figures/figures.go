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
	source     bool
	value      func(gateway.Stats) float64
}

// Register adds all figures of a gateway; stats is [gateway.Gateway.Stats].
func Register(r Registry, stats func() gateway.Stats) error {
	for _, f := range counters {
		if err := r.Counter(f.name, f.help, f.labels(), func() float64 { return f.value(stats()) }); err != nil {
			return err
		}
	}
	for _, f := range gauges {
		if err := r.Gauge(f.name, f.help, f.labels(), func() float64 { return f.value(stats()) }); err != nil {
			return err
		}
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

func (f figure) labels() map[string]string {
	if f.source {
		return map[string]string{"source": "streamerbot"}
	}
	return nil
}

var counters = []figure{
	{"brain_accepted_total", "events accepted: on disk in the outbox", false, func(s gateway.Stats) float64 { return float64(s.Accepted) }},
	{"brain_refused_total", "frames that became dead letters", false, func(s gateway.Stats) float64 { return float64(s.Refused) }},
	{"brain_published_total", "events that NATS acknowledged", false, func(s gateway.Stats) float64 { return float64(s.Published) }},
	{"brain_published_dead_letters_total", "dead letters of refused frames that NATS acknowledged", false, func(s gateway.Stats) float64 { return float64(s.DeadLetters) }},
	{"brain_publish_duplicates_total", "events that NATS had already", false, func(s gateway.Stats) float64 { return float64(s.Duplicates) }},
	{"brain_publish_retries_total", "publishes that were made again", false, func(s gateway.Stats) float64 { return float64(s.Retries) }},
	{"brain_commands_taken_total", "commands taken, each at most once", false, func(s gateway.Stats) float64 { return float64(s.Commands.Taken) }},
	{"brain_commands_repeated_total", "commands that came again and were dropped", false, func(s gateway.Stats) float64 { return float64(s.Commands.Repeats) }},
	{"brain_source_frames_total", "frames that came", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Frames) }},
	{"brain_source_emitted_total", "events made of them", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Emitted) }},
	{"brain_source_refused_total", "frames that could not be understood", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Refused) }},
	{"brain_source_ignored_total", "events of ignored users", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Ignored) }},
	{"brain_source_strays_total", "answers nobody waited for", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Strays) }},
	{"brain_source_connections_total", "connections made", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Connections) }},
	{"brain_source_failures_total", "connections lost or not made", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Failures) }},
}

var gauges = []figure{
	{"brain_outbox_entries", "events that wait for NATS", false, func(s gateway.Stats) float64 { return float64(s.OutboxEntries) }},
	{"brain_outbox_bytes", "their size on disk in bytes", false, func(s gateway.Stats) float64 { return float64(s.OutboxBytes) }},
	{"brain_outbox_full", "1 while the outbox is full and sources are not read", false, func(s gateway.Stats) float64 { return truth(s.OutboxFull) }},
	{"brain_commands_open", "commands taken that have not ended", false, func(s gateway.Stats) float64 { return float64(s.Commands.Open) }},
	{"brain_source_connected", "1 while the source is connected", true, func(s gateway.Stats) float64 { return truth(s.Streamerbot.Connected) }},
	{"brain_source_subscribed", "event types that the source agreed to send", true, func(s gateway.Stats) float64 { return float64(s.Streamerbot.Subscribed) }},
	{"brain_source_blocked", "1 while the full outbox keeps the source from being read", true, func(s gateway.Stats) float64 { return truth(!s.Streamerbot.BlockedSince.IsZero()) }},
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
