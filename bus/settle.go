package bus

import (
	"errors"
	"maps"
	"slices"

	"promethean/schema"
)

// outcome is what a batch's write means for its messages.
type outcome struct {
	// hold: nothing is settled; the same batch is written again.
	hold bool
	// dead are the letters that must be confirmed by the server before the
	// batch's last message is acknowledged, in stream order.
	dead []schema.DeadLetter
}

// settle decides. It is pure. The acknowledgement of a message acknowledges
// all before it, so it may be sent only when every message up to it is stored
// or its dead letter confirmed; that is why a batch is settled as a whole, in
// order, and one error that is not a [BatchError] holds all of it.
func settle(batch []schema.Recorded, sink string, attempts int, err error) outcome {
	if err == nil {
		return outcome{}
	}
	var permanent *BatchError
	if !errors.As(err, &permanent) {
		return outcome{hold: true}
	}
	var dead []schema.DeadLetter
	for _, i := range slices.Sorted(maps.Keys(permanent.Permanent)) {
		if i < 0 || i >= len(batch) {
			return outcome{hold: true}
		}
		dead = append(dead, schema.DeadLetter{
			Event: batch[i], Sink: sink, Reason: permanent.Permanent[i].Error(), Attempts: attempts,
		})
	}
	return outcome{dead: dead}
}
