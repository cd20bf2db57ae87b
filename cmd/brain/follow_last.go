package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// lastOnes is the sequence of the last-th newest event that is to be shown. It
// looks at the headers of a stretch at the end, twice as long each time.
func (f *follower) lastOnes(ctx context.Context, state jetstream.StreamState) (uint64, error) {
	end := state.LastSeq
	for stretch := uint64(max(4*f.last, 256)); ; stretch *= 2 {
		begin := max(state.FirstSeq, 1)
		if stretch < end && end-stretch > begin {
			begin = end - stretch
		}
		found, err := f.sequences(ctx, begin, end)
		if err != nil {
			return 0, fmt.Errorf("look for the last %d events: %w", f.last, err)
		}
		if len(found) >= f.last {
			return found[len(found)-f.last], nil
		}
		if begin <= max(state.FirstSeq, 1) {
			return begin, nil
		}
	}
}

// sequences are those of the events to be shown from begin to end.
func (f *follower) sequences(ctx context.Context, begin, end uint64) (found []uint64, err error) {
	if begin > end {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 12*natsTimeout)
	defer cancel()
	config := jetstream.OrderedConsumerConfig{HeadersOnly: true, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: begin}
	err = f.consume(ctx, config, errEnough, func(m jetstream.Msg, at *jetstream.MsgMetadata) error {
		if at.Sequence.Stream <= end && f.filter.matches(m.Subject()) {
			found = append(found, at.Sequence.Stream)
		}
		if at.Sequence.Stream >= end || at.NumPending == 0 {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found, err
}
