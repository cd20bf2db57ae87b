package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

// History reads what the log holds now under filters, in its order, and calls
// each for every event; from is the time from which on, zero for all. What is no
// envelope is passed over: it is a dead letter of the workers that store it. It
// moves no worker's position. upTo is the log's last sequence when it began.
func (b *Bus) History(ctx context.Context, filters []string, from time.Time, each func(schema.Recorded)) (upTo uint64, err error) {
	request, cancel := b.request(ctx)
	defer cancel()
	stream, err := b.js.Stream(request, StreamEvents)
	if err != nil {
		return 0, fmt.Errorf("bus: read the log: %w", err)
	}
	upTo = stream.CachedInfo().State.LastSeq
	config := jetstream.OrderedConsumerConfig{FilterSubjects: filters, DeliverPolicy: jetstream.DeliverAllPolicy, InactiveThreshold: historyKept}
	if !from.IsZero() {
		config.DeliverPolicy, config.OptStartTime = jetstream.DeliverByStartTimePolicy, &from
	}
	consumer, err := stream.OrderedConsumer(request, config)
	if err != nil {
		return 0, fmt.Errorf("bus: read the log: %w", err)
	}
	defer func() {
		done, cancel := b.request(context.WithoutCancel(ctx))
		defer cancel()
		// What fails here costs the server a consumer for historyKept.
		_ = stream.DeleteConsumer(done, consumer.CachedInfo().Name)
	}()
	if consumer.CachedInfo().NumPending == 0 {
		return upTo, nil
	}
	return upTo, b.readAll(ctx, consumer, each)
}

// historyKept is how long the server keeps the consumer of a reader that has
// gone.
const historyKept = 10 * time.Second

func (b *Bus) readAll(ctx context.Context, consumer jetstream.Consumer, each func(schema.Recorded)) error {
	messages, err := consumer.Messages()
	if err != nil {
		return fmt.Errorf("bus: read the log: %w", err)
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("bus: read the log: %w", errors.Join(err, context.Cause(ctx)))
		}
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("bus: read the log: %w", err)
		}
		r := recorded(m, meta)
		if r.Envelope, err = schema.Parse(r.Body); err == nil {
			each(r)
		}
		if meta.NumPending == 0 {
			return nil
		}
	}
}

// recorded is a message of a stream, not yet read.
func recorded(m jetstream.Msg, meta *jetstream.MsgMetadata) schema.Recorded {
	return schema.Recorded{
		Body: m.Data(), Subject: m.Subject(), Stream: meta.Stream, Seq: meta.Sequence.Stream, StoredAt: meta.Timestamp,
		Origin: schema.Origin(m.Headers().Get(schema.HeaderOrigin)),
	}
}
