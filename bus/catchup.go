package bus

import (
	"context"
	"fmt"
	"time"
)

// CatchUp returns when everything that is on the log for this worker is
// settled, or with an error when ctx ends before.
func (w *Worker) CatchUp(ctx context.Context) error {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		left, err := w.left(ctx)
		if err == nil && left == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("bus: %s has %d events left for the next start: %w", w.Name, left, ctx.Err())
		}
	}
}

func (w *Worker) left(ctx context.Context) (uint64, error) {
	request, cancel := w.Bus.request(ctx)
	defer cancel()
	consumer, err := w.Bus.js.Consumer(request, StreamEvents, w.Name)
	if err != nil {
		return 0, err
	}
	info := consumer.CachedInfo()
	return info.NumPending + uint64(info.NumAckPending), nil
}
