package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"promethean/bus"
	"promethean/gateway/source/ailicia"
	"promethean/gateway/source/streamerbot"
	"promethean/schema"
)

// Checks are what readiness asks of a gateway: could an event be accepted and
// published now, and a command be taken? A Streamer.bot that is not there, or an ai_licia that
// refuses the key, is no fault of the gateway's and does not make it unready,
// for the other source goes on; Stats says so.
func (g *Gateway) Checks() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"outbox":   g.checkOutbox,
		"streams":  g.checkStreams,
		"bus":      g.checkBus,
		"commands": func(context.Context) error { return g.control.journal.check() },
	}
}

func (g *Gateway) checkOutbox(context.Context) error {
	if err := g.box.Failure(); err != nil {
		return err
	}
	if s := g.box.Stats(); !s.FullSince.IsZero() {
		return fmt.Errorf("full since %s (%d of %d bytes wait for NATS): sources are not read", s.FullSince.UTC().Format(time.RFC3339), s.Bytes, s.MaxBytes)
	}
	return nil
}

// checkBus writes the canary. Where nothing is published that could find it out,
// it is this that misses the streams.
func (g *Gateway) checkBus(ctx context.Context) error {
	err := g.bus.Canary(ctx)
	if bus.NoStream(err) {
		g.streams.missing()
	}
	return err
}

func (g *Gateway) checkStreams(context.Context) error {
	if problem := g.streams.problem.Load(); problem != nil {
		return errors.New(*problem)
	}
	if since, why := g.publisher.Held(); why != "" {
		return fmt.Errorf("publishing is held since %s: %s", since.UTC().Format(time.RFC3339), why)
	}
	return nil
}

// AnswerStatus is [bus.Bus.AnswerStatus]; it may be called while Run runs.
func (g *Gateway) AnswerStatus(ctx context.Context, who schema.ProgramStatus, look func(context.Context) (map[string]string, map[string]float64)) error {
	return g.bus.AnswerStatus(ctx, who, look)
}

// Stats are the figures for metrics and the live line.
type Stats struct {
	Accepted, Refused              uint64
	Published, Duplicates, Retries uint64
	DeadLetters                    uint64
	OutboxEntries, OutboxBytes     int64
	OutboxFull                     bool
	Commands                       CommandStats
	Streamerbot                    streamerbot.Status
	// Ailicia is nil where it is off.
	Ailicia *ailicia.Status
}

// Stats may be called at any time by any goroutine.
func (g *Gateway) Stats() Stats {
	box := g.box.Stats()
	var second *ailicia.Status
	if g.ailicia != nil {
		s := g.ailicia.Status()
		second = &s
	}
	return Stats{
		Accepted: g.acceptor.Accepted(), Refused: g.acceptor.Refused(),
		Published: g.publisher.Published(), Duplicates: g.publisher.Duplicates(), Retries: g.publisher.Retries(),
		DeadLetters:   g.publisher.DeadLetters(),
		OutboxEntries: int64(box.Entries), OutboxBytes: box.Bytes, OutboxFull: !box.FullSince.IsZero(),
		Commands: g.control.stats(), Streamerbot: g.bot.Status(), Ailicia: second,
	}
}
