package main

import (
	"context"
	"fmt"
	"time"
)

// growthMost is the target of scenario d: an event's cost in a full store
// against its cost in a nearly empty one.
const growthMost = 1.2

// growth is how much a store holds in the two halves of scenario d, and how
// many events then measure what one costs.
type growth struct{ few, many, events int }

// growthOf gives 10⁴ and 10⁶ in the full run. The embedded store would take a
// quarter of an hour for 10⁶, so there it is 10⁵.
func (b *bench) growthOf(k storeKind) growth {
	g := growth{few: max(b.Events/20, 1), many: b.Events * 5, events: max(b.Events/10, 1)}
	if k == embedded {
		g.many, g.events = min(g.many, 100_000), max(b.Events/100, 1)
	}
	return g
}

var growthHead = []string{"stored already", "events/s", "of that with few", "CPU s per 100k", "of that with few", "target", "reached"}

// grown is scenario d: what an event costs gateway and sinks, and how long it
// takes, with few and with many events on the log and in the store.
func (b *bench) grown(ctx context.Context) ([]table, error) {
	var tables []table
	for _, k := range b.stores() {
		g := b.growthOf(k)
		t := table{Title: "d: cost per event with few and with many stored (" + k.name + ")", Head: growthHead, Notes: []string{fmt.Sprintf(
			"WebSocket → gateway → JetStream → sinks (ledger and chat) → store, fsync always, %s further events in each run; the clock runs from the first frame until everything is acknowledged. "+
				"CPU is that of gateway and sinks. What is there already came through the sinks too. Cost with many against cost with few, run by run.", number(float64(g.events), 0))}}
		rows, err := b.grownOn(ctx, k, g)
		if err != nil {
			return nil, err
		}
		t.Rows = rows
		tables = append(tables, t)
	}
	return tables, nil
}

func (b *bench) grownOn(ctx context.Context, k storeKind, g growth) ([]row, error) {
	b.say("d, %s: storing %s events", k.name, number(float64(g.many), 0))
	full, err := b.grow(ctx, k, g.many)
	if err != nil {
		return nil, fmt.Errorf("d, %s: %w", k.name, err)
	}
	var few, many []sample
	for i := range b.Runs {
		// A new one each time: it stays as small as it is said to be.
		small, err := b.grow(ctx, k, g.few)
		if err != nil {
			return nil, fmt.Errorf("d, %s, run %d: %w", k.name, i+1, err)
		}
		s, err := b.further(ctx, small, g.events)
		if err != nil {
			return nil, fmt.Errorf("d, %s, few, run %d: %w", k.name, i+1, err)
		}
		few = append(few, s)
		if err := small.stop(ctx); err != nil {
			return nil, err
		}
		if s, err = b.further(ctx, full, g.events); err != nil {
			return nil, fmt.Errorf("d, %s, many, run %d: %w", k.name, i+1, err)
		}
		many = append(many, s)
		b.say("d, %s, run %d: %.2f and %.2f CPU s per 100k, %s/s and %s/s", k.name, i+1, few[i].CPU, many[i].CPU, number(few[i].Rate, 0), number(many[i].Rate, 0))
	}
	if err := full.stop(ctx); err != nil {
		return nil, err
	}
	return []row{grownRow(g, g.few, few, nil), grownRow(g, g.many, many, few)}, nil
}

// grownRow is a row of samples; against is the other half, nil for the few.
func grownRow(g growth, stored int, samples, against []sample) row {
	r := row{What: number(float64(stored), 0), Events: g.events, Runs: len(samples), Bounded: true, Figures: map[string]spread{
		"events_per_second": over(samples, rate), "cpu_seconds_per_100k": over(samples, cpu),
	}}
	var wall, spent spread
	if against != nil {
		var walls, costs []float64
		for i := range samples {
			walls = append(walls, against[i].Rate/samples[i].Rate)
			costs = append(costs, samples[i].CPU/against[i].CPU)
		}
		itself := func(v float64) float64 { return v }
		wall, spent = over(walls, itself), over(costs, itself)
		r.Figures["time_ratio"], r.Figures["cpu_ratio"] = wall, spent
		r.Targets = []target{atMost("time", growthMost, wall.Median), atMost("CPU", growthMost, spent.Median)}
	}
	r.Cells = []string{r.Figures["events_per_second"].text(0), wall.text(2), r.Figures["cpu_seconds_per_100k"].text(2), spent.text(2)}
	return r
}

// world is a log and a store that hold the same lines, 1 to lines.
type world struct {
	nats  *natsServer
	store *storeServer
	lines int
}

// grow makes one; the sinks store what is filled into the log.
func (b *bench) grow(ctx context.Context, k storeKind, lines int) (*world, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n, err := b.startNATS(ctx, true)
	if err != nil {
		return nil, err
	}
	s, err := b.startStore(ctx, k)
	if err != nil {
		return nil, err
	}
	c, _, err := b.child(ctx, "child-fill", "--nats", n.url, fmt.Sprintf("--events=%d", lines), fmt.Sprintf("--size=%d", b.Size))
	if err != nil {
		return nil, err
	}
	var l loop
	if err := c.result(ctx, &l); err != nil {
		return nil, err
	}
	if _, err := c.stop(); err != nil {
		return nil, err
	}
	p, err := b.startSinks(ctx, n.url, s.uri, sinkNames(kinds)...)
	if err != nil {
		return nil, err
	}
	last, err := n.lastSeq(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := n.awaitSettled(ctx, last, sinkNames(kinds), p, s.process); err != nil {
		return nil, err
	}
	_, err = p.stop()
	return &world{n, s, lines}, err
}

// further sends more lines all the way, and gives how that went.
func (b *bench) further(ctx context.Context, w *world, events int) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p, err := b.startSinks(ctx, w.nats.url, w.store.uri, sinkNames(kinds)...)
	if err != nil {
		return sample{}, err
	}
	if err := w.consuming(ctx, p); err != nil {
		return sample{}, err
	}
	before := p.soFar()
	sent, g, err := b.sendAll(ctx, w.nats, true, senderArgs{first: w.lines + 1, events: events})
	if err != nil {
		return sample{}, err
	}
	w.lines += events
	last, err := w.nats.lastSeq(ctx)
	if err != nil {
		return sample{}, err
	}
	if _, err := w.nats.awaitSettled(ctx, last, sinkNames(kinds), g, p, w.store.process); err != nil {
		return sample{}, err
	}
	took := time.Since(sent.First)
	used, err := g.stop()
	if err != nil {
		return sample{}, err
	}
	stored, err := p.stop()
	used.CPU += stored.CPU - before.CPU
	return newSample(events, took, used), err
}

// consuming waits until both sinks have asked for events: until then their
// start would be measured, and that happens once and not for each event.
func (w *world) consuming(ctx context.Context, p *process) error {
	return until(ctx, func() (bool, error) {
		for _, name := range sinkNames(kinds) {
			waits, err := w.nats.waiting(ctx, name)
			if err != nil || !waits {
				return false, err
			}
		}
		return true, nil
	}, p, w.store.process)
}

// stop checks log and store, and ends both.
func (w *world) stop(ctx context.Context) error {
	if err := w.nats.check(ctx, 1, w.lines, nil); err != nil {
		return err
	}
	if err := w.store.check(ctx, w.lines, collectionNames(kinds)...); err != nil {
		return err
	}
	if _, err := w.store.stop(); err != nil {
		return err
	}
	_, err := w.nats.stop()
	return err
}
