package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"
)

// showLive keeps the live line until ctx ends: each second on a terminal, else
// every five when something has changed.
func (n *node) showLive(ctx context.Context) error {
	every := time.Second
	if !n.screen.terminal {
		every = 5 * time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n.screen.live(n.line())
		case <-ctx.Done():
			return nil
		}
	}
}

func (n *node) line() string {
	g, t := n.gateway.Stats(), n.totals()
	line := fmt.Sprintf("events in %s · stored %s · lag %s · outbox %s", grouped(t.in), grouped(t.stored), grouped(t.lag), grouped(t.outbox))
	if t.dead > 0 {
		line += " · dead letters " + grouped(t.dead)
	}
	switch {
	case g.OutboxFull:
		line += " · the outbox is full"
	case !g.Streamerbot.Connected:
		line += " · waiting for Streamer.bot"
	}
	if a := g.Ailicia; a != nil && a.Stopped != "" {
		line += " · ai_licia refuses (" + string(a.Stopped) + ")"
	}
	if t.held != "" {
		line += " · " + t.held
	}
	return line
}

// totals are counts since the start; held says in a few words why nothing is
// stored.
type totals struct {
	in, stored, dead, lag, outbox uint64
	held                          string
}

func (n *node) totals() totals {
	g := n.gateway.Stats()
	t := totals{in: g.Accepted, dead: g.Refused, outbox: uint64(max(g.OutboxEntries, 0))}
	for _, s := range n.sinks.Stats() {
		// Every event goes to the ledger; the other sinks store some again.
		if s.Name == "ledger" {
			t.stored = s.Stored
		}
		t.dead += s.Dead
		t.lag = max(t.lag, s.Lag)
		t.held = cmp.Or(t.held, s.Held)
	}
	return t
}

// grouped writes 1204 as 1,204.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
