package bus

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"promethean/schema"
)

// Sink takes events off the log.
type Sink interface {
	// Write stores a batch. It is called by one goroutine at a time, in stream
	// order, and may block until ctx ends. Writing an event a second time
	// changes nothing: after a crash the same events come again.
	//
	// nil: every event is stored. *BatchError: every event is stored but the
	// ones named, which can never be. Any other error: nothing may be assumed;
	// the same batch is written again after a pause.
	Write(ctx context.Context, batch []schema.Recorded) error
}

// Forgetter is a [Sink] that remembers what it wrote.
type Forgetter interface {
	// Forget is called before the first batch and whenever deliveries began
	// anew: another worker of the name may have written in between. It is called
	// by the goroutine that calls Write, never beside it.
	Forget()
}

// BatchError names the events of a batch, by index, that can never be stored,
// each with the reason. All others of the batch are stored.
type BatchError struct {
	Permanent map[int]error
}

func (e *BatchError) Error() string {
	indexes := make([]int, 0, len(e.Permanent))
	for i := range e.Permanent {
		indexes = append(indexes, i)
	}
	slices.Sort(indexes)
	reasons := make([]string, 0, len(indexes))
	for _, i := range indexes {
		reasons = append(reasons, fmt.Sprintf("%d: %v", i, e.Permanent[i]))
	}
	return fmt.Sprintf("%d events can never be stored: %s", len(indexes), strings.Join(reasons, "; "))
}
