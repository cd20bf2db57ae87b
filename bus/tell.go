package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

// ErrOvertaken: somebody else has published on the subject since.
var ErrOvertaken = errors.New("somebody else has published on this subject since")

// Told is what the server says of a message that was published.
type Told struct {
	// Seq is its place on the stream.
	Seq uint64
	// Duplicate: a message of this id was there already, and Seq is its place.
	Duplicate bool
}

// Tell publishes one message and returns when a stream has it. An error leaves
// open whether it has: the same again, under the same id, is no second message.
func (b *Bus) Tell(ctx context.Context, m schema.Message) (Told, error) { return b.tell(ctx, m) }

// TellAfter is Tell on the condition that seq is the sequence of the last message
// on its subject, 0 for none; else the error is [ErrOvertaken] and nothing was
// published.
func (b *Bus) TellAfter(ctx context.Context, m schema.Message, seq uint64) (Told, error) {
	told, err := b.tell(ctx, m, jetstream.WithExpectLastSequencePerSubject(seq))
	if refused, ok := errors.AsType[*jetstream.APIError](err); ok && refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence {
		return Told{}, fmt.Errorf("bus: publish %s: %w", m.Subject, ErrOvertaken)
	}
	return told, err
}

func (b *Bus) tell(ctx context.Context, m schema.Message, o ...jetstream.PublishOpt) (Told, error) {
	ctx, cancel := b.request(ctx)
	defer cancel()
	ack, err := b.js.PublishMsg(ctx, natsMessage(m), append(o, jetstream.WithRetryAttempts(0))...)
	if err != nil {
		return Told{}, fmt.Errorf("bus: publish %s: %w", m.Subject, err)
	}
	return Told{Seq: ack.Sequence, Duplicate: ack.Duplicate}, nil
}

// Ask asks on subject and gives the first answer's bytes. The error is
// [ErrNobody] where nobody answers questions there.
func (b *Bus) Ask(ctx context.Context, subject string) ([]byte, error) {
	m, err := b.nc.RequestWithContext(ctx, subject, nil)
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, fmt.Errorf("bus: ask %s: %w", subject, ErrNobody)
	}
	if err != nil {
		return nil, fmt.Errorf("bus: ask %s: %w", subject, err)
	}
	return m.Data, nil
}

// ErrNobody: nobody answers questions on the subject.
var ErrNobody = errors.New("nobody answers there")
