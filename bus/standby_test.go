package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

// forgetSeats makes the server forget over and over who is active, as a clock
// that jumps ahead does.
func forgetSeats(t *testing.T, b *bus.Bus) func(context.Context) error {
	t.Helper()
	return func(ctx context.Context) error {
		tick := time.NewTicker(300 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return nil
			}
			if kv, err := b.JetStream().KeyValue(ctx, "PROM_SEATS"); err == nil {
				_ = kv.Delete(ctx, "ledger")
			}
		}
	}
}

func standsBy(w *bus.Worker) func() bool { return func() bool { return w.Role().Standby } }

func isActive(w *bus.Worker) func() bool {
	return func() bool { r := w.Role(); return !r.Standby && r.Active != "" }
}

// shared is one store for several workers; it notes who writes.
type shared struct {
	*recorder
	mu  sync.Mutex
	who []string
}

type writer struct {
	to   *shared
	name string
}

func (w writer) Write(ctx context.Context, batch []schema.Recorded) error {
	w.to.mu.Lock()
	for range batch {
		w.to.who = append(w.to.who, w.name)
	}
	w.to.mu.Unlock()
	return w.to.recorder.Write(ctx, batch)
}

// Ten clean hand-overs among three workers while 5,000 events come: all of them,
// once, in order. A hand-over that waited for the seat to expire would take 10 s
// each time; a busy machine may be slow at some.
func TestHandOversKeepOrderAndOnce(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	store := &shared{recorder: newRecorder()}
	start := func(i int) (*bus.Worker, func()) {
		w := worker(server.Connect(bus.StreamOptions{}), writer{store, fmt.Sprint(i)})
		return w, background(t, w.Run)
	}
	active, stop := start(0)
	until(t, "the first to be active", isActive(active))
	var waiting []*bus.Worker
	var stops []func()
	for i := range 2 {
		w, end := start(i + 1)
		until(t, "a stand-by", standsBy(w))
		waiting, stops = append(waiting, w), append(stops, end)
	}
	box := openBox(t, t.TempDir())
	background(t, bus.NewPublisher(b, box, zerolog.Nop()).Run)
	accept := bus.NewAcceptor(box, zerolog.Nop())
	var took []time.Duration
	for round := range 10 {
		emit(t, accept, round*500, round*500+250)
		began := time.Now()
		stop()
		var next int
		until(t, "one stand-by to take over", func() bool {
			for i, w := range waiting {
				if isActive(w)() {
					next = i
					return true
				}
			}
			return false
		})
		took = append(took, time.Since(began))
		if isActive(waiting[1-next])() {
			t.Fatal("two took over")
		}
		stop = stops[next]
		emit(t, accept, round*500+250, round*500+500)
		waiting[next], stops[next] = start(round + 3)
		until(t, "the new one to stand by", standsBy(waiting[next]))
	}
	store.waitFor(t, 5000)
	if diff := cmp.Diff(payloads(5000), store.payloads()); diff != "" {
		t.Error(diff)
	}
	slices.Sort(took)
	if usual := took[len(took)/2]; usual > 5*time.Second {
		t.Errorf("a clean hand-over takes %s: as long as if it had been killed", usual)
	}
	t.Logf("the hand-overs took %s", took)
}

// When a worker has stopped cleanly, its seat is free already.
func TestCleanStopGivesTheSeatUp(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	w := worker(b, newRecorder())
	stop := background(t, w.Run)
	until(t, "the worker to be active", isActive(w))
	kv, err := b.JetStream().KeyValue(t.Context(), "PROM_SEATS")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kv.Get(t.Context(), "ledger"); err != nil {
		t.Fatalf("the seat of an active worker: %v", err)
	}
	stop()
	if _, err := kv.Get(t.Context(), "ledger"); !errors.Is(err, jetstream.ErrKeyNotFound) {
		t.Errorf("the seat of one that stopped: %v, want %v", err, jetstream.ErrKeyNotFound)
	}
}

// One that is killed says nothing: its connection is cut and it does not come
// back. Its seat expires.
func TestKilledOneIsReplaced(t *testing.T) {
	t.Parallel()
	server := bustest.Start(t)
	lost, b := server.Connect(bus.StreamOptions{}), server.Connect(bus.StreamOptions{})
	first, second := worker(lost, newRecorder()), newRecorder()
	background(t, first.Run)
	until(t, "the first to be active", isActive(first))
	w := worker(b, second)
	background(t, w.Run)
	until(t, "the second to stand by", standsBy(w))
	if r := w.Role(); r.Active == "" || r.Since.IsZero() {
		t.Errorf("who is active is not told: %+v", r)
	}
	lost.Close()
	began := time.Now()
	until(t, "the second to take over", isActive(w))
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %s", took)
	} else {
		t.Logf("taken over after %s", took)
	}
	fill(t, b, 0, 20)
	second.waitFor(t, 20)
}

// One whose store hangs for longer than the seat is kept confirms it all the
// same; one that could not confirm stops before it writes again.
func TestNotSurelyActiveWritesNothing(t *testing.T) {
	t.Parallel()
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	sink := newRecorder()
	sink.fail = func(int, []schema.Recorded) error { return errors.New("the store is down") }
	w := worker(b, sink)
	background(t, w.Run)
	fill(t, b, 0, 5)
	until(t, "writes", func() bool { _, why := w.Held(); return why != "" })
	server.Stop()
	until(t, "no write for longer than the longest pause between two", func() bool {
		before := sink.count()
		select {
		case <-sink.grew:
			return false
		case <-time.After(3 * time.Second):
			return sink.count() == before
		}
	})
	server.Restart()
	sink.mu.Lock()
	sink.fail = nil
	sink.mu.Unlock()
	sink.waitFor(t, 5)
	if diff := cmp.Diff(payloads(5), sink.payloads()); diff != "" {
		t.Error(diff)
	}
}

// The bucket is in memory: a server's restart forgets who was active, and again
// exactly one is.
func TestServerRestartLeavesOneActive(t *testing.T) {
	server := bustest.Start(t)
	store := &shared{recorder: newRecorder()}
	var workers []*bus.Worker
	for i := range 3 {
		w := worker(server.Connect(bus.StreamOptions{}), writer{store, fmt.Sprint(i)})
		workers = append(workers, w)
		background(t, w.Run)
	}
	b := server.Connect(bus.StreamOptions{})
	one := func() bool {
		n, waiting := 0, 0
		for _, w := range workers {
			if isActive(w)() {
				n++
			}
			if w.Role().Standby {
				waiting++
			}
		}
		return n == 1 && waiting == 2
	}
	until(t, "one active", one)
	fill(t, b, 0, 50)
	store.waitFor(t, 50)
	server.Stop()
	server.Restart()
	wait, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := b.Wait(wait); err != nil {
		t.Fatal(err)
	}
	fill(t, b, 50, 100)
	store.waitFor(t, 100)
	until(t, "one active after the restart", one)
	if diff := cmp.Diff(payloads(100), distinct(store.payloads())); diff != "" {
		t.Error(diff)
	}
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.writes
}

// A worker that NATS gave no deliveries for a while is well again when it does,
// also while no event comes.
func TestIdleWorkerIsReleased(t *testing.T) {
	server := bustest.Start(t)
	w := worker(server.Connect(bus.StreamOptions{}), newRecorder())
	background(t, w.Run)
	until(t, "the worker to be active", isActive(w))
	server.Stop()
	until(t, "it to be held", func() bool { _, why := w.Held(); return why != "" })
	server.Restart()
	until(t, "it to go on", func() bool { _, why := w.Held(); return why == "" })
}

// One that is idle is well again, too, when deliveries that broke off again and
// again hold.
func TestIdleWorkerIsReleasedWhenDeliveriesHold(t *testing.T) {
	t.Parallel()
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	w := worker(b, newRecorder())
	background(t, w.Run)
	broken := uint64(0)
	until(t, "it to be held", func() bool {
		// Once in each stretch, which begins with a reset.
		if n := w.Resets(); n > broken {
			broken = n
			if err := b.JetStream().DeleteConsumer(t.Context(), bus.StreamEvents, "ledger"); err != nil {
				t.Fatal(err)
			}
		}
		_, why := w.Held()
		return why != ""
	})
	until(t, "it to go on", func() bool { _, why := w.Held(); return why == "" })
}
