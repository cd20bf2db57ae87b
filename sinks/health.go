package sinks

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/store"
)

// Checks are what readiness asks of the sinks, one by one, and of the store:
// could an event be stored now? A stand-by could: it reaches bus and store, and
// takes over when it must.
func (s *Sinks) Checks() map[string]func(context.Context) error {
	checks := map[string]func(context.Context) error{"store": s.store.Canary}
	for _, k := range s.sinks {
		checks["sink "+k.worker.Name] = func(context.Context) error { return s.check(k.worker) }
	}
	return checks
}

func (s *Sinks) check(w *bus.Worker) error {
	if o := s.pending.Load(); o != nil {
		return o.err
	}
	if since, why := w.Held(); why != "" {
		return fmt.Errorf("held since %s: %s", since.UTC().Format(time.RFC3339), why)
	}
	return nil
}

// AnswerStatus is [bus.Bus.AnswerStatus]; it may be called while Run runs.
func (s *Sinks) AnswerStatus(ctx context.Context, who schema.ProgramStatus, look func(context.Context) (map[string]string, map[string]float64)) error {
	return s.bus.AnswerStatus(ctx, who, look)
}

// SinkStats are one sink's figures since the start.
type SinkStats struct {
	Name string
	// Stored events, Dead letters, Retries of writes, Resets of the consumer,
	// Missing sequences of the log.
	Stored, Dead, Retries, Resets, Missing uint64
	// Seq is the stream sequence up to which everything is settled; Lag how
	// many events wait.
	Seq, Lag uint64
	// HeldSince and HeldBy say since when and why nothing is stored, also before
	// the first event; zero and empty while all is well.
	HeldSince time.Time
	HeldBy    string
	// Held is the same in a few words for a person.
	Held string
	// Standby: another worker of the name is active, which is as good as storing;
	// Active is host and process of the active one and ActiveSince when it became
	// that, both zero while nobody is known to be.
	Standby     bool
	Active      string
	ActiveSince time.Time
	// Documents are what became of the documents.
	Documents store.Stats
}

// Stats may be called at any time by any goroutine.
func (s *Sinks) Stats() []SinkStats {
	stats := make([]SinkStats, 0, len(s.sinks))
	for _, k := range s.sinks {
		w := k.worker
		since, why := w.Held()
		role := w.Role()
		one := SinkStats{
			Name: w.Name, Stored: w.Stored(), Dead: w.Dead(), Retries: w.Retries(), Resets: w.Resets(),
			Missing: w.Missing(), Seq: w.Seq(), Lag: w.Lag(), HeldSince: since, HeldBy: why,
			Standby: role.Standby, Active: role.Active, ActiveSince: role.Since, Documents: k.stats(),
		}
		o := s.pending.Load()
		if o != nil {
			one.HeldSince, one.HeldBy, one.Lag = o.since, o.err.Error(), k.waiting.Load()
		}
		if one.HeldBy != "" {
			one.Held = s.inShort(o, one.HeldBy)
		}
		stats = append(stats, one)
	}
	return stats
}

// noStream is in what a worker says while the gateway has not made the log.
const noStream = "stream not found"

// inShort says in a few words why nothing is stored. o is nil once the workers
// run; what they say then begins with the package that is in trouble.
func (s *Sinks) inShort(o *obstacle, why string) string {
	switch {
	case strings.HasPrefix(why, errOtherLog.Error()):
		return "the database belongs to another log"
	case o != nil && errors.Is(o.err, errStarting):
		return o.err.Error()
	case !s.bus.Connected(), strings.HasPrefix(why, errNATS.Error()), strings.HasPrefix(why, "bus: ") && strings.Contains(why, noStream):
		return "waiting for NATS"
	case o == nil && strings.HasPrefix(why, "bus: "):
		return "NATS refuses"
	}
	return "the store cannot be reached"
}
