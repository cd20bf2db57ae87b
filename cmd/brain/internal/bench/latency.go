package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// latencyP99 is the target of scenario c, in milliseconds at latencyRate.
const (
	latencyP99  = 50
	latencyRate = 1000
	// latencyTime is how long each rate is kept up, in a run, and latencyQueue on a
	// store that does not keep up with the higher ones.
	latencyTime  = 15 * time.Second
	latencyQueue = 5 * time.Second
	// reachedRate is the part of a rate that counts as having reached it.
	reachedRate = 0.98
)

var rates = []int{100, 1000, 3000}

// delay is one run's time from frame to document, in milliseconds.
type delay struct {
	p50, p99, most float64
	// rate is events a second, until the last was stored.
	rate float64
	// late is how late the sender was at most.
	late float64
}

var latencyHead = []string{"frames a second", "stored a second", "p50 ms", "p99 ms", "most ms", "sender late by at most ms", "target", "reached"}

// latency is scenario c: from the time at which a frame was due to leave
// Streamer.bot until the store has acknowledged its document, with everything
// between as the product runs it.
func (b *bench) latency(ctx context.Context) ([]table, error) {
	var tables []table
	for _, k := range b.stores() {
		t := table{Title: "c: frame → document (" + k.name + "), fsync always", Head: latencyHead, Notes: []string{
			"A frame's time begins when it was due, so a sender that wakes late is part of it. Its end is the store's acknowledgement of the document in `events`, as a tap on the connection sees it; the sink of chat stores beside. " +
				"A rate that was not reached is a queue, and the times are of waiting in it."}}
		for _, rate := range rates {
			r, err := b.latencyAt(ctx, k, rate)
			if err != nil {
				return nil, err
			}
			t.Rows = append(t.Rows, r)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (b *bench) latencyAt(ctx context.Context, k storeKind, rate int) (row, error) {
	long := latencyTime
	if k != stub {
		long = latencyQueue
	}
	events := min(int(long.Seconds()*float64(rate)), b.Events)
	var runs []delay
	for i := range b.Runs {
		d, err := b.delays(ctx, k, rate, events)
		if err != nil {
			return row{}, fmt.Errorf("c, %s, %d a second, run %d: %w", k.name, rate, i+1, err)
		}
		b.say("c, %s, %d a second, run %d: p50 %.1f ms, p99 %.1f ms", k.name, rate, i+1, d.p50, d.p99)
		runs = append(runs, d)
	}
	f := map[string]spread{
		"rate": over(runs, func(d delay) float64 { return d.rate }), "p50_ms": over(runs, func(d delay) float64 { return d.p50 }),
		"p99_ms": over(runs, func(d delay) float64 { return d.p99 }), "most_ms": over(runs, func(d delay) float64 { return d.most }),
		"late_ms": over(runs, func(d delay) float64 { return d.late }),
	}
	stored := f["rate"].text(0)
	if f["rate"].Median < reachedRate*float64(rate) {
		stored += ": **rate not reached**"
	}
	r := row{What: number(float64(rate), 0), Events: events, Runs: b.Runs, Bounded: true, Figures: f,
		Cells: []string{stored, f["p50_ms"].text(1), f["p99_ms"].text(1), f["most_ms"].text(0), f["late_ms"].text(0)}}
	if rate == latencyRate && k == stub {
		r.Targets = []target{under("p99 ms", latencyP99, f["p99_ms"].Median)}
	}
	return r, nil
}

// stretch is all that runs between frame and document but the gateway.
type stretch struct {
	nats       *natsServer
	store      *storeServer
	tap, sinks *process
}

// stretchTo starts it and waits until the sinks consume: their start is no part
// of a frame's time.
func (b *bench) stretchTo(ctx context.Context, k storeKind) (r stretch, err error) {
	if r.nats, err = b.startNATS(ctx, true); err != nil {
		return r, err
	}
	if r.store, err = b.startStore(ctx, k); err != nil {
		return r, err
	}
	at, err := url.Parse(r.store.uri)
	if err != nil {
		return r, fmt.Errorf("address of the store: %w", err)
	}
	var tapped string
	if r.tap, tapped, err = b.child(ctx, "child-tap", "--to", at.Host); err != nil {
		return r, err
	}
	// Directly: a driver that is told of a replica set would go around the tap.
	if r.sinks, err = b.startSinks(ctx, r.nats.url, "mongodb://"+tapped+"/?directConnection=true", sinkNames(kinds)...); err != nil {
		return r, err
	}
	return r, (&world{nats: r.nats, store: r.store}).consuming(ctx, r.sinks)
}

// delays is one run.
func (b *bench) delays(ctx context.Context, k storeKind, rate, events int) (d delay, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := b.stretchTo(ctx, k)
	if err != nil {
		return d, err
	}
	sent, g, err := b.sendAll(ctx, r.nats, true, senderArgs{first: 1, events: events, rate: rate})
	if err != nil {
		return d, err
	}
	last, err := r.nats.lastSeq(ctx)
	if err != nil {
		return d, err
	}
	if _, err := r.nats.awaitSettled(ctx, last, sinkNames(kinds), r.sinks, r.store.process); err != nil {
		return d, err
	}
	for _, one := range []*process{g, r.sinks} {
		if _, err := one.stop(); err != nil {
			return d, err
		}
	}
	if d, err = measured(ctx, r.tap, sent, rate, events); err != nil {
		return d, err
	}
	return d, (&world{nats: r.nats, store: r.store, lines: events}).stop(ctx)
}

// measured ends the tap and makes the times of what it noted.
func measured(ctx context.Context, t *process, s sent, rate, events int) (d delay, err error) {
	t.end()
	var stored map[string]map[int]time.Time
	if err := t.result(ctx, &stored); err != nil {
		return d, err
	}
	lines := stored[kinds[0].collection]
	if len(lines) != events {
		return d, fmt.Errorf("the tap saw %d documents of %d events", len(lines), events)
	}
	all, end := make([]float64, 0, events), s.First
	for n, at := range lines {
		all = append(all, at.Sub(due(s.First, n-1, rate)).Seconds()*1000)
		if at.After(end) {
			end = at
		}
	}
	slices.Sort(all)
	d = delay{p50: all[len(all)/2], p99: all[len(all)*99/100], most: all[len(all)-1], late: s.Late.Seconds() * 1000}
	d.rate = float64(events) / max(end.Sub(s.First).Seconds(), float64(events)/float64(rate))
	return d, nil
}

// due is when frame n, from 0, is to leave.
func due(first time.Time, n, rate int) time.Time {
	return first.Add(time.Duration(n) * time.Second / time.Duration(rate))
}
