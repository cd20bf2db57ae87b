package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
)

// startSinks runs the program `sinks mongo` as it is.
func (b *bench) startSinks(ctx context.Context, natsURL, storeURI string, only ...string) (*process, error) {
	profiles, err := b.profileAddr()
	if err != nil {
		return nil, err
	}
	p, err := b.startProgram(ctx, "sinks", []string{
		"BRAIN_NATS_URL=" + natsURL, "BRAIN_MONGO_URI=" + storeURI, "BRAIN_ONLY=" + strings.Join(only, ","),
		"BRAIN_HTTP_ADDR=127.0.0.1:0", "BRAIN_PPROF_ADDR=" + profiles,
	}, "mongo")
	if err == nil {
		b.watch(ctx, p, "sinks-"+strings.Join(only, "-"), profiles)
	}
	return p, err
}

// lastSeq is the stream sequence of the last line.
func (n *natsServer) lastSeq(ctx context.Context) (uint64, error) {
	stream, err := n.bus.JetStream().Stream(ctx, bus.StreamEvents)
	if err != nil {
		return 0, fmt.Errorf("look at the log: %w", err)
	}
	m, err := stream.GetLastMsgForSubject(ctx, chatSubject)
	if err != nil {
		return 0, fmt.Errorf("look at the log: %w", err)
	}
	return m.Sequence, nil
}

// settled says whether the named sinks have settled everything up to a stream
// sequence, and since when the first of them consumes.
func (n *natsServer) settled(ctx context.Context, upTo uint64, names []string) (done bool, since time.Time, err error) {
	for _, name := range names {
		c, err := n.bus.JetStream().Consumer(ctx, bus.StreamEvents, name)
		if errors.Is(err, jetstream.ErrConsumerNotFound) {
			return false, since, nil
		}
		if err != nil {
			return false, since, fmt.Errorf("look at the consumer %s: %w", name, err)
		}
		info := c.CachedInfo()
		if since.IsZero() || info.Created.Before(since) {
			since = info.Created
		}
		if info.AckFloor.Stream < upTo {
			return false, since, nil
		}
	}
	return true, since, nil
}

// waiting says whether a sink has asked its consumer for events.
func (n *natsServer) waiting(ctx context.Context, name string) (bool, error) {
	c, err := n.bus.JetStream().Consumer(ctx, bus.StreamEvents, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the consumer %s: %w", name, err)
	}
	return c.CachedInfo().NumWaiting > 0, nil
}

// awaitSettled waits for that, and gives since when the first consumes.
func (n *natsServer) awaitSettled(ctx context.Context, upTo uint64, names []string, alive ...*process) (since time.Time, err error) {
	err = until(ctx, func() (done bool, err error) {
		done, since, err = n.settled(ctx, upTo, names)
		return done, err
	}, append(alive, n.process)...)
	return since, err
}

// forget deletes the sinks' consumers, so that they begin at the first event.
func (n *natsServer) forget(ctx context.Context) error {
	for _, name := range []string{"ledger", "chat", "channel", "ai"} {
		err := n.bus.JetStream().DeleteConsumer(ctx, bus.StreamEvents, name)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return fmt.Errorf("delete the consumer %s: %w", name, err)
		}
	}
	return nil
}
