package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"promethean/schema"
)

const (
	// finishTime is what a write in progress is given when the worker is told
	// to stop.
	finishTime = 2 * time.Second
	// stillEvery spares a look-up before each of many small batches. What is written
	// meanwhile into another store is there again when it is filled.
	stillEvery = time.Second
)

// process writes one batch until it is settled. Only then is its last message
// acknowledged, and by it all before. A lost acknowledgement only means that
// stored events come again.
func (w *Worker) process(ctx context.Context, log zerolog.Logger, d delivered) error {
	finish, cancel := ctx, context.CancelFunc(func() {})
	if !w.Listens {
		finish, cancel = outlive(ctx, finishTime)
	}
	defer cancel()
	pause := newPause()
	for attempts := 1; ; attempts++ {
		if !w.seat.ours() {
			return errSeat
		}
		letters, err := w.store(finish, d, attempts)
		if err == nil {
			w.count(log, d, letters)
			break
		}
		if errors.Is(err, errBroken) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		w.hold(log, err)
		w.progress.unsteady.Store(false)
		sleep(ctx, pause.NextBackOff())
	}
	// Said before the acknowledgement, so that who waits for that (CatchUp)
	// finds it said.
	w.progress.settled(d)
	request, cancelRequest := w.Bus.request(finish)
	defer cancelRequest()
	if err := d.last.DoubleAck(request); err != nil {
		return fmt.Errorf("%w: acknowledge: %w", errBroken, err)
	}
	return nil
}

// still is errBroken when what the sink stores into is another than at Check.
func (w *Worker) still(ctx context.Context) error {
	if w.Still == nil || time.Since(w.stillAt) < stillEvery {
		return nil
	}
	same, err := w.Still(ctx)
	if err == nil && !same {
		return fmt.Errorf("%w: what is stored into is not what it was", errBroken)
	}
	if err == nil {
		w.stillAt = time.Now()
	}
	return err
}

// store writes a batch, and the dead letters that it leaves.
func (w *Worker) store(ctx context.Context, d delivered, attempts int) ([]schema.DeadLetter, error) {
	if err := w.still(ctx); err != nil {
		return nil, err
	}
	letters, err := w.write(ctx, d, attempts)
	if err != nil {
		return nil, err
	}
	return letters, w.bury(ctx, letters)
}

// write writes a batch and says which dead letters it leaves.
func (w *Worker) write(ctx context.Context, d delivered, attempts int) ([]schema.DeadLetter, error) {
	var letters []schema.DeadLetter
	if !w.Listens {
		letters = d.unreadable(w.Name)
	}
	if len(d.batch) == 0 {
		return letters, nil
	}
	err := w.Sink.Write(ctx, d.batch)
	o := settle(d.batch, w.Name, attempts, err)
	if o.hold {
		return nil, err
	}
	return append(letters, o.dead...), nil
}

// bury publishes dead letters and waits for each acknowledgement.
func (w *Worker) bury(ctx context.Context, letters []schema.DeadLetter) error {
	for _, letter := range letters {
		if err := w.Bus.Bury(ctx, letter); err != nil {
			return err
		}
	}
	return nil
}

// outlive is a context that ends the given time after its parent.
func outlive(parent context.Context, extra time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(extra, cancel) })
	return ctx, func() { stop(); cancel() }
}
