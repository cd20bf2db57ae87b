package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus/outbox"
	"promethean/schema"
)

// One atomic batch has at most so many messages and bytes. A batch costs the
// server about 3 ms whatever its size, so it is as large as the server takes;
// its memory and ours bound the bytes.
const (
	batchMessages = 1000
	batchBytes    = 4 << 20
)

// While events come fast, which a batch of fastMessages shows, the next one is
// given a moment to fill.
const (
	fastMessages = 32
	fillTime     = 20 * time.Millisecond
	fillTick     = 2 * time.Millisecond
)

// Publisher moves the outbox onto the bus, in order: one atomic batch in
// flight, all of it stored or none. Only the server's acknowledgement is
// success; anything else is tried again with the same message ids, for ever.
type Publisher struct {
	bus *Bus
	box *outbox.Outbox
	log zerolog.Logger

	send batchSender
	// missing, when set, is told that nobody takes events.
	missing func()

	published, letters, duplicates, retries atomic.Uint64
	// after is the index of the last entry that the server has acknowledged.
	after     atomic.Uint64
	heldSince atomic.Int64
	heldBy    atomic.Pointer[string]
}

// NewPublisher returns a publisher from box to b.
func NewPublisher(b *Bus, box *outbox.Outbox, log zerolog.Logger) *Publisher {
	p := &Publisher{bus: b, box: box, log: log.With().Str("component", "publish").Logger(), send: newBatchSender(b.nc)}
	p.after.Store(max(box.First(), 1) - 1)
	return p
}

// OnMissing has f called, before Run, when the server has no stream for what is
// published: its store was replaced, say. f returns at once; publishing is tried
// again meanwhile.
func (p *Publisher) OnMissing(f func()) { p.missing = f }

// NoStream reports whether err says that the server has no stream for what was
// published.
func NoStream(err error) bool {
	return errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// Run publishes until ctx ends, which is no error. It returns an error only
// when the outbox is broken or holds what this program cannot read: then
// nothing may go on.
func (p *Publisher) Run(ctx context.Context) error {
	for {
		entries, err := p.box.Next(ctx, p.after.Load(), batchMessages, batchBytes)
		if ctx.Err() != nil || errors.Is(err, outbox.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("bus: read outbox: %w", err)
		}
		if err := p.publishAll(ctx, entries); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return nil
		}
		last := entries[len(entries)-1].Index
		if err := p.box.Published(last); err != nil {
			return fmt.Errorf("bus: trim outbox: %w", err)
		}
		p.after.Store(last)
		if len(entries) >= fastMessages {
			p.fill(ctx)
		}
	}
}

// fill returns when a whole batch waits, or a moment has passed.
func (p *Publisher) fill(ctx context.Context) {
	for end := time.Now().Add(fillTime); ctx.Err() == nil && p.box.Stats().Last < p.after.Load()+batchMessages && time.Now().Before(end); {
		sleep(ctx, fillTick)
	}
}

// publishAll publishes entries in order, a run of events as one batch; dead
// letters go one by one, for their stream takes no batches. It returns early
// when ctx ends.
func (p *Publisher) publishAll(ctx context.Context, entries []outbox.Entry) error {
	run := make([]schema.Message, 0, len(entries))
	for i, e := range entries {
		m, err := decodeEntry(e.Data)
		if err != nil {
			return fmt.Errorf("bus: outbox entry %d: %w", e.Index, err)
		}
		if isLetter(m) {
			p.untilStored(ctx, run)
			p.untilStored(ctx, []schema.Message{m})
			run = make([]schema.Message, 0, len(entries)-i-1)
			continue
		}
		run = append(run, m)
	}
	p.untilStored(ctx, run)
	return nil
}

func isLetter(m schema.Message) bool { return strings.HasPrefix(m.Subject, "dlq.") }

// untilStored returns when the server has acknowledged every message, or ctx
// ends. The log says once that it is held, and once that it goes on.
func (p *Publisher) untilStored(ctx context.Context, batch []schema.Message) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 50*time.Millisecond, 2*time.Second
	for len(batch) > 0 && ctx.Err() == nil {
		stored, err := p.try(ctx, batch)
		batch = batch[stored:]
		if err == nil {
			continue
		}
		p.retries.Add(1)
		p.hold(err)
		if p.missing != nil && NoStream(err) {
			p.missing()
		}
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
			return
		}
	}
	if len(batch) == 0 {
		p.release()
	}
}

// try makes one attempt and says how many of the first messages are stored.
func (p *Publisher) try(ctx context.Context, batch []schema.Message) (stored int, err error) {
	ctx, cancel := p.bus.request(ctx)
	defer cancel()
	if len(batch) == 1 {
		return p.single(ctx, batch[0])
	}
	err = p.send.batch(ctx, batch)
	if err == nil {
		p.published.Add(uint64(len(batch)))
		return len(batch), nil
	}
	var refused *jetstream.APIError
	if !errors.As(err, &refused) {
		return 0, err
	}
	// The server said no to the whole: a message that it has already, say. One
	// by one it tells which.
	for _, m := range batch {
		n, err := p.single(ctx, m)
		if err != nil {
			return stored, err
		}
		stored += n
	}
	return stored, nil
}

func (p *Publisher) single(ctx context.Context, m schema.Message) (int, error) {
	ack, err := p.bus.js.PublishMsg(ctx, natsMessage(m), jetstream.WithRetryAttempts(0))
	if err != nil {
		return 0, err
	}
	switch {
	case isLetter(m):
		p.letters.Add(1)
	case ack.Duplicate:
		p.duplicates.Add(1)
	default:
		p.published.Add(1)
	}
	return 1, nil
}

func (p *Publisher) hold(err error) {
	reason := err.Error()
	if old := p.heldBy.Swap(&reason); old == nil || *old != reason {
		p.log.Warn().Err(err).Msg("publishing is held; accepted events wait in the outbox")
	}
	p.heldSince.CompareAndSwap(0, time.Now().UnixNano())
}

func (p *Publisher) release() {
	if p.heldBy.Swap(nil) != nil {
		held := time.Since(time.Unix(0, p.heldSince.Swap(0)))
		p.log.Info().Dur("held", held).Msg("publishing goes on")
	}
}

// Held says since when and why nothing can be published; zero and empty while
// all is well.
func (p *Publisher) Held() (since time.Time, why string) {
	reason, at := p.heldBy.Load(), p.heldSince.Load()
	if reason == nil || at == 0 {
		return time.Time{}, ""
	}
	return time.Unix(0, at), *reason
}

// Published counts events that the server has stored for this publisher.
func (p *Publisher) Published() uint64 { return p.published.Load() }

// DeadLetters counts refused frames that the server has acknowledged.
func (p *Publisher) DeadLetters() uint64 { return p.letters.Load() }

// Duplicates counts events that the server had already.
func (p *Publisher) Duplicates() uint64 { return p.duplicates.Load() }

// Retries counts attempts that failed.
func (p *Publisher) Retries() uint64 { return p.retries.Load() }

// Drain returns when everything that was accepted before the call is on the
// bus, or with ctx's error.
func (p *Publisher) Drain(ctx context.Context) error {
	target := p.box.Stats().Last
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for p.after.Load() < target {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("bus: %d accepted events stay in the outbox for the next start: %w", p.box.Stats().Entries, ctx.Err())
		}
	}
	return nil
}

func natsMessage(m schema.Message) *nats.Msg {
	msg := nats.NewMsg(m.Subject)
	msg.Data = m.Body
	msg.Header.Set(schema.HeaderMessageID, m.ID)
	for _, f := range m.Header {
		msg.Header.Set(f.Name, f.Value)
	}
	return msg
}
