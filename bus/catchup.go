package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// CatchUp returns when everything that is on the log for this worker now is
// settled, or with an error when ctx ends before.
func (w *Worker) CatchUp(ctx context.Context) error {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	last, err := w.last(ctx)
	for left := uint64(0); ; {
		var info *jetstream.ConsumerInfo
		if err != nil {
			last, err = w.last(ctx)
		} else if info, err = w.info(ctx); err == nil {
			if left = unsettled(info); left == 0 && info.AckFloor.Stream >= last {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("bus: %s has %d events left for the next start: %w", w.Name, left, ctx.Err())
		}
	}
}

// last is the sequence of the last event on the log for this worker. The
// consumer's own count comes behind an acknowledged publish by a moment.
func (w *Worker) last(ctx context.Context) (seq uint64, err error) {
	ctx, cancel := w.Bus.request(ctx)
	defer cancel()
	stream, err := w.Bus.js.Stream(ctx, StreamEvents)
	if err != nil {
		return 0, err
	}
	for _, filter := range w.Filters {
		m, err := stream.GetLastMsgForSubject(ctx, filter)
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
		case err != nil:
			return 0, err
		default:
			seq = max(seq, m.Sequence)
		}
	}
	return seq, nil
}

func (w *Worker) info(ctx context.Context) (*jetstream.ConsumerInfo, error) {
	request, cancel := w.Bus.request(ctx)
	defer cancel()
	consumer, err := w.Bus.js.Consumer(request, StreamEvents, w.Name)
	if err != nil {
		return nil, err
	}
	return consumer.CachedInfo(), nil
}

// unsettled is how many events are not settled by the consumer's count.
func unsettled(info *jetstream.ConsumerInfo) uint64 {
	return info.NumPending + uint64(info.NumAckPending)
}
