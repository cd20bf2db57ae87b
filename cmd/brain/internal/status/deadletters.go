package status

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/schema"
)

const (
	// newestLetters is how many dead letters are shown, lookedAt how many
	// sequences are looked at for them: some may have been removed.
	newestLetters = 3
	lookedAt      = 10
)

// letters reads the newest dead letters, newest first.
func (a *asking) letters(ctx context.Context) error {
	dlq, ok := a.n.stream(bus.StreamDLQ)
	if !ok || dlq.Messages == 0 {
		return nil
	}
	stream, err := a.js.Stream(ctx, bus.StreamDLQ)
	if err != nil {
		return err
	}
	for seq, looked := dlq.LastSeq, 0; seq > 0 && looked < lookedAt && len(a.n.Newest) < newestLetters; seq, looked = seq-1, looked+1 {
		m, err := stream.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		a.n.Newest = append(a.n.Newest, Letter{
			Seq: seq, At: schema.NewTime(m.Time), Subject: m.Header.Get(schema.HeaderSubject),
			Sink: m.Header.Get(schema.HeaderSink), Reason: m.Header.Get(schema.HeaderReason),
		})
	}
	return nil
}
