package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
)

const (
	// writeMessages and writeBytes bound one batch that a sink is given.
	writeMessages = 512
	writeBytes    = 16 << 20
	// pullBytes bounds what the client holds ahead of the sink.
	pullBytes = 32 << 20
	// pullExpiry is how long the server keeps a request for deliveries. That of
	// a frozen worker has expired when its seat has: else what whoever takes over
	// is due would go to it.
	pullExpiry = seatOurs
	ackWait    = 30 * time.Second
	maxPending = 1024
	// brokenOften is how often in a row deliveries may break off without
	// anything settled before health and log say so.
	brokenOften = 3
	// steadyTime is how long deliveries hold before what broke off earlier counts
	// no more. An idle worker has no other way to show that it is well.
	steadyTime = 5 * time.Second
)

// Worker takes events off PROM_EVENTS for one sink, by a durable consumer of
// the same name, and hands them over in stream order.
type Worker struct {
	// Name of the sink and of the durable consumer: [A-Za-z0-9_-]+.
	Name string
	// Filters are the subject filters, e.g. [schema.AllEvents]; at least one, and
	// no two that match the same subject. They may change from one start to the
	// next: what a new one matches comes from the durable's position on.
	Filters []string
	Sink    Sink
	Bus     *Bus
	Log     zerolog.Logger
	// Check, when set, says before each stretch of deliveries whether what is on
	// the log may be stored: the log may be another one since the last. An error
	// holds the worker, which asks again after a pause.
	Check func(context.Context) error
	// Still, when set, says whether what the sink stores into is what it was at
	// Check: before a batch, and while none comes, a second or more apart. If not,
	// the stretch ends, and Check is asked. On an error a batch is held, as by a
	// failed write.
	Still func(context.Context) (bool, error)
	// Listens says that the sink stores nothing: what is no envelope is passed over,
	// where other workers leave a dead letter of it, and a stop waits for no Write.
	Listens bool
	// AckWait is after how long the server delivers again what was not
	// acknowledged; 0 is 30 s.
	AckWait time.Duration

	progress progress
	seat     *seat
	// stillAt is when Still was last asked.
	stillAt time.Time
	// occupied is seat, for other goroutines.
	occupied atomic.Pointer[seat]
}

// errBroken: deliveries are not contiguous any more (a reconnect, a server's
// restart, a second worker); the consumer must start again at its ack floor.
var errBroken = errors.New("deliveries broke off")

// Run consumes until ctx ends, which is no error, or stands by while another
// worker of the name is active. What is being written when
// ctx ends is given two seconds to finish and is then settled. A worker that
// [Worker.Listens] writes nothing and ends at once.
func (w *Worker) Run(ctx context.Context) error {
	log := w.Log.With().Str("component", "worker").Str("sink", w.Name).Logger()
	watched := make(chan struct{})
	go func() { defer close(watched); w.watchLag(ctx) }()
	defer func() { <-watched }()
	w.seat = newSeat(w.Bus, w.Name)
	w.occupied.Store(w.seat)
	defer w.giveUp(log)
	pause, idle := newPause(), 0
	for ctx.Err() == nil {
		before, began := w.progress.seq.Load(), time.Now()
		err := w.attend(ctx, log)
		idle++
		if w.progress.seq.Load() > before || time.Since(began) > steadyTime && errors.Is(err, errBroken) {
			idle = 0
			pause.Reset()
		}
		if ctx.Err() == nil && (!errors.Is(err, errBroken) || idle >= brokenOften) {
			w.hold(log, err)
			w.progress.unopened.Store(!errors.Is(err, errBroken))
			w.progress.unsteady.Store(errors.Is(err, errBroken))
		}
		sleep(ctx, pause.NextBackOff())
	}
	return nil
}

// consume runs one stretch of contiguous deliveries.
func (w *Worker) consume(ctx context.Context, log zerolog.Logger) error {
	consumer, next, err := w.open(ctx)
	if err != nil {
		return err
	}
	if f, ok := w.Sink.(Forgetter); ok {
		f.Forget()
	}
	g := newGather(next)
	stretch, stop := context.WithCancel(ctx)
	pull, err := consumer.Consume(g.handler(stretch), jetstream.PullMaxBytes(pullBytes),
		jetstream.PullExpiry(pullExpiry), jetstream.ConsumeErrHandler(g.failed))
	if err != nil {
		stop()
		return fmt.Errorf("bus: consume: %w", err)
	}
	if w.progress.unopened.Swap(false) {
		w.release(log)
	}
	defer func() {
		stop()
		pull.Stop()
		<-pull.Closed()
	}()
	for {
		batch, err := g.next(ctx)
		if err != nil {
			return err
		}
		// Deliveries may have come first. A batch begun now would have a time to
		// finish of its own, and the one after it.
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if batch.steady {
			if w.progress.unsteady.Swap(false) {
				w.release(log)
			}
			if err := w.still(ctx); errors.Is(err, errBroken) {
				return err
			}
			continue
		}
		if err := w.process(ctx, log, batch); err != nil {
			return err
		}
	}
}

// open makes the durable consumer where it is not there, and sets it back to
// its ack floor: what was delivered but not acknowledged before a crash comes
// first again, in order, where the server alone would send it later. next is
// the stream sequence from which deliveries start.
func (w *Worker) open(ctx context.Context) (consumer jetstream.Consumer, next uint64, err error) {
	wait, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	if err := w.Bus.Wait(wait); err != nil {
		return nil, 0, err
	}
	ctx, cancel := w.Bus.request(ctx)
	defer cancel()
	if w.Check != nil {
		if err := w.Check(ctx); err != nil {
			return nil, 0, err
		}
	}
	consumer, err = w.Bus.js.CreateOrUpdateConsumer(ctx, StreamEvents, jetstream.ConsumerConfig{
		Durable: w.Name, FilterSubjects: w.Filters, DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy: jetstream.AckAllPolicy, AckWait: cmp.Or(w.AckWait, ackWait), MaxAckPending: maxPending, MaxDeliver: -1,
	})
	if err != nil {
		return nil, 0, fmt.Errorf("bus: open consumer %s: %w", w.Name, err)
	}
	reset, err := w.Bus.js.ResetConsumer(ctx, StreamEvents, w.Name)
	if err != nil {
		return nil, 0, fmt.Errorf("bus: set consumer %s back to its ack floor (needs NATS 2.14 or newer): %w", w.Name, err)
	}
	w.progress.resets.Add(1)
	w.progress.pending.Store(reset.NumPending)
	return consumer, max(reset.ResetSeq, 1), nil
}

func newPause() *backoff.ExponentialBackOff {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 50*time.Millisecond, 2*time.Second
	return pause
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
