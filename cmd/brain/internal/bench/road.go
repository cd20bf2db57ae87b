package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// The targets of scenario a.
const (
	roadUnsynced = 0.7
	roadSynced   = 3
	roadCPU      = 3.5
)

const (
	// trialMessages is how many messages choose the better window, and are
	// enough for the loop that waits for each answer.
	trialMessages = 10_000
	// fullBatch is the most that the gateway publishes at once.
	fullBatch = 256
)

// windows are the usual bounds of a loop that publishes without waiting.
var windows = []int{256, 1000}

// road is scenario a: the way from a WebSocket onto the log, against a bare
// loop that publishes the very messages the gateway made of the frames.
func (b *bench) road(ctx context.Context) ([]table, error) {
	t := table{Title: "a: WebSocket → gateway → outbox → JetStream", Head: sideHead, Notes: []string{
		"Each run has a server and a data directory of its own and is read back: a line that is missing, twice or out of order fails the bench. " +
			"The bare loops publish the messages that the gateway made (subject, headers and bytes), ready before their clock starts; their CPU is the loop's alone, the gateway's is the whole process from start to stop.",
	}}
	messages, err := b.messages(ctx)
	if err != nil {
		return nil, err
	}
	for _, sync := range []bool{false, true} {
		rows, err := b.roadOnce(ctx, messages, sync)
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, rows...)
	}
	return []table{t}, nil
}

// messages makes the file of messages, once: a gateway's run, read back.
func (b *bench) messages(ctx context.Context) (path string, err error) {
	path = filepath.Join(b.dir, "messages")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	b.say("sealing %d lines, for the bare loops", b.Events)
	n, err := b.startNATS(ctx, false)
	if err != nil {
		return "", err
	}
	if _, err := b.runGateway(ctx, n, false); err != nil {
		return "", err
	}
	if err := n.capture(ctx, path, 1, b.Events); err != nil {
		return "", err
	}
	_, err = n.stop()
	return path, err
}

// sides are the rows of one half of the table: ours, the bare loops, and the
// server under each.
type sides struct{ ours, under, bare, underBare, one, batches []sample }

func (b *bench) roadOnce(ctx context.Context, messages string, sync bool) ([]row, error) {
	name := onOff(sync)
	window, err := b.betterWindow(ctx, messages, sync)
	if err != nil {
		return nil, err
	}
	var s sides
	for i := range b.Runs {
		if err := b.roadPair(ctx, messages, sync, window, &s); err != nil {
			return nil, fmt.Errorf("a, %s, run %d: %w", name, i+1, err)
		}
		b.say("a, %s, run %d: gateway %s/s and %.2f CPU s per 100k, bare %s/s", name, i+1, number(s.ours[i].Rate, 0), s.ours[i].CPU, number(s.bare[i].Rate, 0))
	}
	ratio := ratios(s.ours, s.bare)
	want := atLeast("of the bare loop", roadUnsynced, ratio.Median)
	if sync {
		want = atLeast("of the bare loop", roadSynced, ratio.Median)
	}
	few := min(trialMessages, b.Events)
	return []row{
		side("gateway, "+name, b.Events, s.ours, ratio, want, atMost("CPU s", roadCPU, over(s.ours, cpu).Median)),
		side("its NATS server", b.Events, s.under, spread{}),
		side(fmt.Sprintf("bare loop, asynchronous, %d in flight, %s", window, name), b.Events, s.bare, spread{}),
		side("its NATS server", b.Events, s.underBare, spread{}),
		side("bare loop, one after the other, "+name, few, s.one, ratios(s.one, s.bare)),
		side(fmt.Sprintf("bare loop, atomic batches of %d, %s", fullBatch, name), b.Events, s.batches, ratios(s.batches, s.bare)),
	}, nil
}

// roadPair is one run of every side, in turn.
func (b *bench) roadPair(ctx context.Context, messages string, sync bool, window int, s *sides) error {
	ours, under, err := b.roadOurs(ctx, sync)
	if err != nil {
		return err
	}
	s.ours, s.under = append(s.ours, ours), append(s.under, under)
	bare, under, err := b.roadBare(ctx, messages, sync, publishing{window: window})
	if err != nil {
		return fmt.Errorf("bare: %w", err)
	}
	s.bare, s.underBare = append(s.bare, bare), append(s.underBare, under)
	if bare, _, err = b.roadBare(ctx, messages, sync, publishing{most: trialMessages}); err != nil {
		return fmt.Errorf("bare, one after the other: %w", err)
	}
	s.one = append(s.one, bare)
	if bare, _, err = b.roadBare(ctx, messages, sync, publishing{batch: fullBatch}); err != nil {
		return fmt.Errorf("bare, batches: %w", err)
	}
	s.batches = append(s.batches, bare)
	return nil
}

// roadOurs is one run through the gateway, and what the server took for it.
func (b *bench) roadOurs(ctx context.Context, sync bool) (ours, server sample, err error) {
	n, err := b.startNATS(ctx, sync)
	if err != nil {
		return ours, server, err
	}
	if ours, err = b.runGateway(ctx, n, sync); err != nil {
		return ours, server, err
	}
	server = n.under(ours, b.Events)
	if err := n.check(ctx, 1, b.Events, nil); err != nil {
		return ours, server, err
	}
	_, err = n.stop()
	return ours, server, err
}

// under is what the server took for a run, asked before the log is read back,
// which costs it as much again.
func (n *natsServer) under(run sample, events int) sample {
	s := newSample(events, 1, n.soFar())
	s.Rate = run.Rate
	return s
}

// publishing is what a bare loop is asked for: see publishRole.
type publishing struct{ window, batch, most int }

// betterWindow lets a short trial choose.
func (b *bench) betterWindow(ctx context.Context, messages string, sync bool) (int, error) {
	best, bestRate := 0, 0.0
	for _, w := range windows {
		s, _, err := b.roadBare(ctx, messages, sync, publishing{window: w, most: trialMessages})
		if err != nil {
			return 0, fmt.Errorf("a, trial of %d in flight: %w", w, err)
		}
		if s.Rate > bestRate {
			best, bestRate = w, s.Rate
		}
	}
	return best, nil
}

// roadBare is one run of a bare loop, whose log is read back too, and what the
// server took for it.
func (b *bench) roadBare(ctx context.Context, messages string, sync bool, p publishing) (bare, server sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n, err := b.startNATS(ctx, sync)
	if err != nil {
		return bare, server, err
	}
	c, _, err := b.child(ctx, "child-publish", "--nats", n.url, "--messages", messages,
		fmt.Sprintf("--window=%d", p.window), fmt.Sprintf("--batch=%d", p.batch), fmt.Sprintf("--most=%d", p.most))
	if err != nil {
		return bare, server, err
	}
	var l loop
	if err := c.result(ctx, &l); err != nil {
		return bare, server, err
	}
	used, err := c.stop()
	if err != nil {
		return bare, server, err
	}
	lines := b.Events
	if p.most > 0 {
		lines = min(lines, p.most)
	}
	used.CPU = l.CPU
	bare = newSample(lines, l.Took, used)
	server = n.under(bare, lines)
	if err := n.check(ctx, 1, lines, nil); err != nil {
		return bare, server, err
	}
	_, err = n.stop()
	return bare, server, err
}
