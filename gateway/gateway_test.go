package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/bus/outbox"
	"promethean/gateway"
	"promethean/gateway/simulator"
	"promethean/gateway/source/streamerbot"
	"promethean/schema"
)

type rig struct {
	t    *testing.T
	nats *bustest.Server
	sim  *simulator.Server
	o    gateway.Options
}

func newRig(t *testing.T) *rig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, nats: bustest.Start(t), sim: simulator.New(simulator.Options{Hello: true, Lossless: true})}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); _ = r.sim.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-done })
	r.o = gateway.Options{
		Bus: bus.Options{URL: r.nats.URL(), Name: "test", Log: zerolog.Nop()}, Streams: bus.StreamOptions{MaxBytes: 1 << 30},
		DataDir: t.TempDir(), OutboxMaxBytes: 64 << 20, Log: zerolog.Nop(),
		Streamerbot: streamerbot.Config{URL: simulator.URL(l), Tenant: "duck", Log: zerolog.Nop()},
	}
	return r
}

// run starts a gateway; stop ends it as Ctrl-C does.
func (r *rig) run() (g *gateway.Gateway, stop func()) {
	r.t.Helper()
	g, err := gateway.Open(r.o)
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.t.Context()))
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			r.t.Errorf("gateway ended with %v", err)
		}
	})
	r.t.Cleanup(stop)
	wait, cancelWait := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancelWait()
	if err := r.sim.WaitSubscribed(wait, 1); err != nil {
		r.t.Fatalf("%v: %+v", err, g.Stats())
	}
	return g, stop
}

// events reads the whole log.
func (r *rig) events() (all []schema.Envelope) {
	r.t.Helper()
	js := r.nats.Connect(bus.StreamOptions{MaxBytes: 1 << 30}).JetStream()
	stream, err := js.Stream(r.t.Context(), bus.StreamEvents)
	if err != nil {
		r.t.Fatal(err)
	}
	reader, err := js.OrderedConsumer(r.t.Context(), bus.StreamEvents, jetstream.OrderedConsumerConfig{})
	if err != nil {
		r.t.Fatal(err)
	}
	for range stream.CachedInfo().State.Msgs {
		m, err := reader.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			r.t.Fatal(err)
		}
		e, err := schema.Parse(m.Data())
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func types(all []schema.Envelope) map[schema.Type]int {
	n := map[schema.Type]int{}
	for _, e := range all {
		n[e.Type]++
	}
	return n
}

func (r *rig) number(n int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	if err := errors.Join(r.sim.Number(ctx, n), r.sim.Flush(ctx)); err != nil {
		r.t.Fatal(err)
	}
}

func until(t *testing.T, what string, fact func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestStopPublishesWhatWasAcceptedAndRestartTellsTheGap(t *testing.T) {
	r := newRig(t)
	g, stop := r.run()
	r.number(500)
	until(t, "500 lines to be accepted", func() bool { return g.Stats().Accepted >= 501 })
	stop()
	first := types(r.events())
	if first[schema.ChatMessage] != 500 || first[schema.SourceConnected] != 1 || first[schema.SourceDisconnected] != 1 || first[schema.SourceGap] != 0 {
		t.Errorf("after the first run: %v", first)
	}
	g, stop = r.run()
	until(t, "connected and gap to be accepted", func() bool { return g.Stats().Accepted >= 2 })
	for name, check := range g.Checks() {
		until(t, name+" to be ready", func() bool { return check(t.Context()) == nil })
	}
	stop()
	all := r.events()
	if n := types(all); n[schema.SourceGap] != 1 || n[schema.SourceConnected] != 2 || n[schema.ChatMessage] != 500 {
		t.Errorf("after the second run: %v", n)
	}
	for _, e := range all {
		if e.Type != schema.SourceGap {
			continue
		}
		var gap schema.GapPayload
		if err := json.Unmarshal(e.Payload, &gap); err != nil {
			t.Fatal(err)
		}
		if gap.Cause != schema.GapRestarted || gap.From.After(gap.To.Time) || gap.From.IsZero() {
			t.Errorf("gap is %+v", gap)
		}
	}
}

func TestAcceptsWhileNATSIsAway(t *testing.T) {
	r := newRig(t)
	r.nats.Stop()
	g, stop := r.run()
	r.number(300)
	until(t, "300 lines to be accepted", func() bool { return g.Stats().Accepted >= 301 })
	if err := g.Checks()["streams"](t.Context()); err == nil {
		t.Error("ready to publish without NATS")
	}
	stop()
	r.nats.Restart()
	g, stop = r.run()
	until(t, "the outbox to be empty", func() bool { return g.Stats().OutboxEntries == 0 && g.Stats().Published >= 301 })
	stop()
	if n := types(r.events()); n[schema.ChatMessage] != 300 {
		t.Errorf("%v", n)
	}
}

func TestSecondGatewayOnOneDirectoryIsRefused(t *testing.T) {
	r := newRig(t)
	_, stop := r.run()
	if _, err := gateway.Open(r.o); !errors.Is(err, outbox.ErrLocked) {
		t.Errorf("a second gateway was opened: %v", err)
	}
	stop()
	_, stop = r.run()
	stop()
}

// A disk that fails ends the gateway loudly, also while NATS is away: an
// outbox that accepts nothing must not look like one that does.
func TestFailedOutboxStopsTheGateway(t *testing.T) {
	r := newRig(t)
	r.nats.Stop()
	g, err := gateway.Open(r.o)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- g.Run(t.Context()) }()
	// Long, because a busy machine takes its time over 16 MB of frames.
	wait, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := r.sim.WaitSubscribed(wait, 1); err != nil {
		t.Fatal(err)
	}
	// Stands for a disk that is full: the next segment cannot be made.
	if err := os.RemoveAll(filepath.Join(r.o.DataDir, "gateway", "outbox")); err != nil {
		t.Fatal(err)
	}
	frame := []byte(`{"timeStamp":"2026-11-24T20:15:22+01:00","event":{"source":"General","type":"Custom"},"data":"` + strings.Repeat("x", 1<<20) + `"}`)
	for {
		select {
		case err := <-done:
			if err == nil || strings.Count(err.Error(), "outbox: ") != 1 {
				t.Errorf("gateway ended with %v, want the outbox's failure once", err)
			}
			return
		case <-wait.Done():
			t.Fatal("the gateway goes on")
		default:
			if err := r.sim.Inject(wait, frame); err != nil {
				t.Fatal(err)
			}
		}
	}
}
