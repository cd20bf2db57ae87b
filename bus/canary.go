package bus

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Canary writes one message that the server must acknowledge: whether an event
// could be taken now. A server's own health page says yes also while every
// publish is refused for want of room.
func (b *Bus) Canary(ctx context.Context) error {
	if !b.nc.IsConnected() {
		return b.unreachable()
	}
	if _, err := b.js.Publish(ctx, canarySubject, nil, jetstream.WithRetryAttempts(0)); err != nil {
		return fmt.Errorf("bus: canary: %w", err)
	}
	return nil
}
