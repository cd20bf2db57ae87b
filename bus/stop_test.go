package bus_test

import (
	"context"
	"fmt"
	"testing"

	"promethean/schema"
)

// held is a sink whose Write of at least so many events says what context it has
// and goes on when told.
type held struct {
	least  int
	writes chan context.Context
	goOn   chan struct{}
}

func newHeld(least int) *held {
	return &held{least: least, writes: make(chan context.Context, 16), goOn: make(chan struct{})}
}

func (h *held) Write(ctx context.Context, batch []schema.Recorded) error {
	if len(batch) < h.least {
		return nil
	}
	h.writes <- ctx
	<-h.goOn
	return ctx.Err()
}

// What is being written at a stop is finished, and nothing is begun, however much
// has been delivered already.
func TestStopFinishesOneWrite(t *testing.T) {
	b := filled(t, 3000)
	for n := range 20 { // one alone might end well by chance
		h := newHeld(300) // more is there by then than one batch takes
		w := worker(b, h)
		w.Name = fmt.Sprintf("ledger%d", n)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		write := <-h.writes
		cancel()
		if write.Err() != nil {
			t.Error("a write that had begun was cut off at once")
		}
		close(h.goOn)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if more := len(h.writes); more > 0 {
			t.Errorf("worker %d began %d more writes after it was told to stop", n, more)
		}
	}
}

func TestStopWaitsForNoListener(t *testing.T) {
	b := filled(t, 1)
	h := newHeld(1)
	w := worker(b, h)
	w.Listens = true
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	write := <-h.writes
	cancel()
	if write.Err() == nil {
		t.Error("what it does goes on after the stop")
	}
	close(h.goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
