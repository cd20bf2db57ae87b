package sinks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"promethean/sinks/store"
)

// Checks are what readiness asks of the sinks: could an event be stored now?
func (s *Sinks) Checks() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"store": s.store.Canary,
		"sinks": s.checkWorkers,
	}
}

func (s *Sinks) checkWorkers(context.Context) error {
	if why := s.pending.Load(); why != nil {
		return errors.New(*why)
	}
	var problems []error
	for _, k := range s.sinks {
		w := k.worker
		if since, why := w.Held(); why != "" {
			problems = append(problems, fmt.Errorf("%s is held since %s: %s", w.Name, since.UTC().Format(time.RFC3339), why))
		}
	}
	return errors.Join(problems...)
}

// SinkStats are one sink's figures since the start.
type SinkStats struct {
	Name string
	// Stored events, Dead letters, Retries of writes, Resets of the consumer,
	// Missing sequences of the log.
	Stored, Dead, Retries, Resets, Missing uint64
	// Seq is the stream sequence up to which everything is settled; Lag how
	// many events wait.
	Seq, Lag  uint64
	HeldSince time.Time
	HeldBy    string
	// Documents are what became of the documents.
	Documents store.Stats
}

// Stats may be called at any time by any goroutine.
func (s *Sinks) Stats() []SinkStats {
	stats := make([]SinkStats, 0, len(s.sinks))
	for _, k := range s.sinks {
		w := k.worker
		since, why := w.Held()
		stats = append(stats, SinkStats{
			Name: w.Name, Stored: w.Stored(), Dead: w.Dead(), Retries: w.Retries(), Resets: w.Resets(),
			Missing: w.Missing(), Seq: w.Seq(), Lag: w.Lag(), HeldSince: since, HeldBy: why, Documents: k.stats(),
		})
	}
	return stats
}
