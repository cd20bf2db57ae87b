package sinks

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
)

// lagTime bounds the count of what waits while the workers have not started.
const lagTime = 500 * time.Millisecond

// countWaiting notes for each sink how many events wait on the log while its
// worker, which counts otherwise, has not started. What cannot be counted stays
// as it was.
func (s *Sinks) countWaiting(ctx context.Context) {
	if !s.bus.Connected() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lagTime)
	defer cancel()
	for i := range s.sinks {
		if n, err := s.waiting(ctx, s.sinks[i].worker); err == nil {
			s.sinks[i].waiting.Store(n)
		}
	}
}

// waiting counts by the durable consumer or, before it exists, by what the log
// holds for it.
func (s *Sinks) waiting(ctx context.Context, w *bus.Worker) (uint64, error) {
	durable, err := s.bus.JetStream().Consumer(ctx, bus.StreamEvents, w.Name)
	if err == nil {
		info := durable.CachedInfo()
		return info.NumPending + uint64(info.NumAckPending), nil
	}
	if !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return 0, err
	}
	stream, err := s.bus.JetStream().Stream(ctx, bus.StreamEvents)
	if err != nil {
		return 0, err
	}
	n := uint64(0)
	for _, filter := range w.Filters {
		info, err := stream.Info(ctx, jetstream.WithSubjectFilter(filter))
		if err != nil {
			return 0, err
		}
		for _, messages := range info.State.Subjects {
			n += messages
		}
	}
	return n, nil
}
