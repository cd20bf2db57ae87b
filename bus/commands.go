package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

const (
	// commandAckWait is after how long a command that nobody acknowledged is
	// given out again.
	commandAckWait = 15 * time.Second
	// commandPull is how long one pull waits. A command's lease is counted from
	// the pull, for when the server gave it out is not known here.
	commandPull = 5 * time.Second
)

// ErrLease: the server did not confirm the acknowledgement while the command
// was surely ours. It may have been given out again, to another gateway too.
var ErrLease = errors.New("NATS did not confirm in time that the command is taken")

// Commands takes commands off PROM_CONTROL by a durable consumer, one at a
// time and in stream order: the next is given out when the one before is
// acknowledged, to whichever gateway of the tenant asks first.
type Commands struct {
	// Name of the durable consumer: [A-Za-z0-9_-]+.
	Name string
	// Filter is what to take, e.g. [schema.ControlFilter].
	Filter string
	Bus    *Bus
	// AckWait is 15 s when zero.
	AckWait time.Duration

	consumer jetstream.Consumer
}

// Delivery is one message of the control stream. Nobody has acted on it yet.
type Delivery struct {
	// Recorded has no envelope: whether the bytes are one is still open.
	schema.Recorded

	bus *Bus
	msg jetstream.Msg
	// lease ends by both clocks: wall is without the monotonic one, which stands
	// still while the computer sleeps.
	lease, wall time.Time
}

// Lease is how long a command that was given out is nobody else's.
func (c *Commands) Lease() time.Duration { return cmp.Or(c.AckWait, commandAckWait) }

// Next waits for the next command until ctx ends. After an error it may be
// called again, after a pause. One goroutine calls it.
func (c *Commands) Next(ctx context.Context) (*Delivery, error) {
	for {
		if err := c.open(ctx); err != nil {
			return nil, err
		}
		lease := time.Now().Add(c.Lease())
		batch, err := c.consumer.Fetch(1, jetstream.FetchMaxWait(commandPull))
		if err != nil {
			c.consumer = nil
			return nil, fmt.Errorf("bus: take a command: %w", err)
		}
		select {
		case m, ok := <-batch.Messages():
			if ok {
				return c.delivery(m, lease)
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if err := batch.Error(); err != nil {
			c.consumer = nil
			return nil, fmt.Errorf("bus: take a command: %w", err)
		}
	}
}

func (c *Commands) delivery(m jetstream.Msg, lease time.Time) (*Delivery, error) {
	meta, err := m.Metadata()
	if err != nil {
		return nil, fmt.Errorf("bus: take a command: %w", err)
	}
	return &Delivery{
		Recorded: recorded(m, meta),
		bus:      c.Bus, msg: m, lease: lease, wall: lease.Round(0),
	}, nil
}

func (c *Commands) open(ctx context.Context) error {
	if c.consumer != nil {
		return nil
	}
	wait, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	if err := c.Bus.Wait(wait); err != nil {
		return err
	}
	request, cancel := c.Bus.request(ctx)
	defer cancel()
	// One pending keeps the order over redeliveries, too.
	consumer, err := c.Bus.js.CreateOrUpdateConsumer(request, StreamControl, jetstream.ConsumerConfig{
		Durable: c.Name, FilterSubject: c.Filter, DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: c.Lease(), MaxAckPending: 1, MaxDeliver: -1,
	})
	if err != nil {
		return fmt.Errorf("bus: open consumer %s: %w", c.Name, err)
	}
	c.consumer = consumer
	return nil
}

// ours reports whether surely nobody else was given it.
func (d *Delivery) ours() bool {
	now := time.Now()
	return now.Before(d.lease) && now.Before(d.wall)
}

// Confirm acknowledges and returns nil when the server has confirmed it while
// the command was still ours: then nobody else has it or will. An error is
// [ErrLease], also when ctx ends first.
func (d *Delivery) Confirm(ctx context.Context) error {
	ctx, cancel := context.WithDeadline(ctx, d.lease)
	defer cancel()
	pause := newPause()
	for {
		request, done := d.bus.request(ctx)
		err := d.msg.DoubleAck(request)
		done()
		if err == nil && d.ours() {
			return nil
		}
		if ctx.Err() != nil || !d.ours() {
			return fmt.Errorf("%w (%w)", ErrLease, cmp.Or(err, ctx.Err(), context.DeadlineExceeded))
		}
		sleep(ctx, pause.NextBackOff())
	}
}

// Bury publishes a dead letter and returns nil when the server has
// acknowledged it. Burying the same one again is no second letter.
func (b *Bus) Bury(ctx context.Context, letter schema.DeadLetter) error {
	request, cancel := b.request(ctx)
	defer cancel()
	if _, err := b.js.PublishMsg(request, natsMessage(letter.Message())); err != nil {
		return fmt.Errorf("bus: publish dead letter: %w", err)
	}
	return nil
}
