package bus

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

// gather makes batches of deliveries and watches that none is missing.
type gather struct {
	deliveries chan jetstream.Msg
	broken     chan error
	// expect is the next delivery's number by the server's count; 0 before the
	// first.
	expect uint64
	// seq is the stream sequence of the last delivery.
	seq uint64
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
}

// handler feeds deliveries; it blocks while the sink is busy, which stops the
// client from asking for more.
func (g *gather) handler(ctx context.Context) jetstream.MessageHandler {
	return func(m jetstream.Msg) {
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

func (g *gather) add(d *delivered, m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	if g.expect != 0 && meta.Sequence.Consumer != g.expect {
		return fmt.Errorf("%w: delivery %d came, %d was due", errBroken, meta.Sequence.Consumer, g.expect)
	}
	g.expect = meta.Sequence.Consumer + 1
	event := schema.Recorded{
		Body: m.Data(), Subject: m.Subject(), Stream: meta.Stream, Seq: meta.Sequence.Stream, StoredAt: meta.Timestamp,
	}
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
