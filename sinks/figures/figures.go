// Package figures gives the sinks' figures their names for /metrics, so that
// the container's program and brain show the same.
package figures

import (
	"promethean/sinks"
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
	value      func(sinks.SinkStats) float64
}

// Register adds the figures of every sink, labelled with its name; stats is
// [sinks.Sinks.Stats].
func Register(r Registry, stats func() []sinks.SinkStats) error {
	for i, s := range stats() {
		labels := map[string]string{"sink": s.Name}
		for _, f := range counters {
			if err := r.Counter(f.name, f.help, labels, func() float64 { return f.value(stats()[i]) }); err != nil {
				return err
			}
		}
		for _, f := range gauges {
			if err := r.Gauge(f.name, f.help, labels, func() float64 { return f.value(stats()[i]) }); err != nil {
				return err
			}
		}
	}
	return nil
}

var counters = []figure{
	{"brain_sink_stored_total", "events that the sink has taken", func(s sinks.SinkStats) float64 { return float64(s.Stored) }},
	{"brain_sink_dead_letters_total", "events that can never be stored", func(s sinks.SinkStats) float64 { return float64(s.Dead) }},
	{"brain_sink_retries_total", "writes that were made again", func(s sinks.SinkStats) float64 { return float64(s.Retries) }},
	{"brain_sink_resets_total", "how often deliveries began at the ack floor", func(s sinks.SinkStats) float64 { return float64(s.Resets) }},
	{"brain_sink_missing_total", "sequences that the log lacks: events were lost inside NATS", func(s sinks.SinkStats) float64 { return float64(s.Missing) }},
	{"brain_sink_documents_total", "documents inserted", func(s sinks.SinkStats) float64 { return float64(s.Documents.Stored) }},
	{"brain_sink_again_total", "events that were stored already and came again", func(s sinks.SinkStats) float64 { return float64(s.Documents.Again) }},
	{"brain_sink_duplicates_total", "events of a fact that another event had stored", func(s sinks.SinkStats) float64 { return float64(s.Documents.Duplicates) }},
	{"brain_sink_marked_total", "lines of chat marked as removed by moderators", func(s sinks.SinkStats) float64 { return float64(s.Documents.Marked) }},
	{"brain_sink_tombstones_total", "deletions that came before their line", func(s sinks.SinkStats) float64 { return float64(s.Documents.Tombstones) }},
	{"brain_sink_paired_total", "lines of chat that two sources reported, which are one row", func(s sinks.SinkStats) float64 { return float64(s.Documents.Paired) }},
	{"brain_sink_unapplied_total", "moderation that names neither line nor person, or is of a platform without a collection", func(s sinks.SinkStats) float64 { return float64(s.Documents.Unapplied) }},
	{"brain_sink_alarms_total", "sequences under which something else is stored: log or store were changed", func(s sinks.SinkStats) float64 { return float64(s.Documents.Alarms) }},
}

var gauges = []figure{
	{"brain_sink_sequence", "stream sequence up to which everything is settled", func(s sinks.SinkStats) float64 { return float64(s.Seq) }},
	{"brain_sink_lag", "events that wait on the log", func(s sinks.SinkStats) float64 { return float64(s.Lag) }},
	{"brain_sink_standby", "1 while another worker of the name is active", func(s sinks.SinkStats) float64 {
		if s.Standby {
			return 1
		}
		return 0
	}},
	{"brain_sink_held", "1 while nothing can be stored", func(s sinks.SinkStats) float64 {
		if s.HeldSince.IsZero() {
			return 0
		}
		return 1
	}},
}
