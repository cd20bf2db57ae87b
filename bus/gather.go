package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/semaphore"

	"promethean/schema"
)

// gather makes batches of deliveries and watches that none is missing.
type gather struct {
	deliveries chan jetstream.Msg
	broken     chan error
	// room bounds the bytes in deliveries.
	room *semaphore.Weighted
	// expect is the next delivery's number by the server's count, which begins
	// at 1 after a reset. A first delivery with another number means that
	// somebody else was given those before: acknowledging it would acknowledge
	// theirs, unwritten.
	expect uint64
	// seq is the stream sequence of the last delivery.
	seq uint64
	// steady comes when deliveries have held for steadyTime, and again after each.
	steady <-chan time.Time
}

// newGather begins at stream sequence next, just after a reset.
func newGather(next uint64) *gather {
	return &gather{
		deliveries: make(chan jetstream.Msg, writeMessages), broken: make(chan error, 1),
		room: semaphore.NewWeighted(pullBytes), expect: 1, seq: next - 1,
		steady: time.After(steadyTime),
	}
}

// delivered is one batch, in stream order.
type delivered struct {
	batch []schema.Recorded
	// bad are messages that are no envelopes, with the reason for each.
	bad     []schema.Recorded
	reasons []error
	last    jetstream.Msg
	lastSeq uint64
	// pending is what the log still holds for this consumer.
	pending uint64
	// missing counts stream sequences that should have come before or in this
	// batch: only a worker that takes every event can tell.
	missing uint64
	bytes   int
	// steady: this is no batch; deliveries have held for steadyTime.
	steady bool
}

// handler feeds deliveries; it blocks while the sink is busy, which stops the
// client from asking for more.
func (g *gather) handler(ctx context.Context) jetstream.MessageHandler {
	return func(m jetstream.Msg) {
		if g.room.Acquire(ctx, weight(m)) != nil {
			return
		}
		select {
		case g.deliveries <- m:
		case <-ctx.Done():
		}
	}
}

// failed ends the stretch: after any error of the pull, deliveries may be
// missing, and starting again at the ack floor is cheap.
func (g *gather) failed(_ jetstream.ConsumeContext, err error) {
	select {
	case g.broken <- fmt.Errorf("%w: %w", errBroken, err):
	default:
	}
}

// next waits for one delivery and takes what else is there, up to the bounds.
func (g *gather) next(ctx context.Context) (delivered, error) {
	var d delivered
	select {
	case m := <-g.deliveries:
		if err := g.add(&d, m); err != nil {
			return d, err
		}
	case err := <-g.broken:
		return d, err
	case <-g.steady:
		g.steady = time.After(steadyTime)
		return delivered{steady: true}, nil
	case <-ctx.Done():
		return d, ctx.Err()
	}
	for len(d.batch)+len(d.bad) < writeMessages && d.bytes < writeBytes {
		select {
		case m := <-g.deliveries:
			if err := g.add(&d, m); err != nil {
				return d, err
			}
		default:
			return d, nil
		}
	}
	return d, nil
}

// weight is what a message counts against the room.
func weight(m jetstream.Msg) int64 { return min(int64(len(m.Data()))+512, pullBytes) }

func (g *gather) add(d *delivered, m jetstream.Msg) error {
	g.room.Release(weight(m))
	meta, err := m.Metadata()
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	if meta.Sequence.Consumer != g.expect {
		return fmt.Errorf("%w: delivery %d came, %d was due", errBroken, meta.Sequence.Consumer, g.expect)
	}
	// The server delivers again what was not acknowledged within AckWait, under
	// the next numbers. It has been written meanwhile, or comes after a reset.
	if meta.Sequence.Stream <= g.seq {
		return fmt.Errorf("%w: sequence %d came again", errBroken, meta.Sequence.Stream)
	}
	g.expect = meta.Sequence.Consumer + 1
	event := recorded(m, meta)
	d.missing += meta.Sequence.Stream - min(g.seq+1, meta.Sequence.Stream)
	g.seq = meta.Sequence.Stream
	d.last, d.lastSeq, d.pending = m, meta.Sequence.Stream, meta.NumPending
	d.bytes += len(event.Body)
	if event.Envelope, err = schema.Parse(event.Body); err != nil {
		d.bad, d.reasons = append(d.bad, event), append(d.reasons, err)
		return nil
	}
	d.batch = append(d.batch, event)
	return nil
}

// unreadable are the dead letters of messages that are no envelopes: somebody
// else published under our subjects.
func (d delivered) unreadable(sink string) []schema.DeadLetter {
	letters := make([]schema.DeadLetter, 0, len(d.bad))
	for i, event := range d.bad {
		letters = append(letters, schema.DeadLetter{Event: event, Sink: sink, Reason: d.reasons[i].Error(), Attempts: 1})
	}
	return letters
}
