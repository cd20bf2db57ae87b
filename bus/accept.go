package bus

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus/outbox"
	"promethean/schema"
)

// Acceptor takes sources' drafts into the outbox. Each is sealed first; one
// that cannot be sealed goes in as a dead letter, by the same way, so that it
// is not lost either.
type Acceptor struct {
	box *outbox.Outbox
	log zerolog.Logger

	accepted, refused atomic.Uint64
	// waiting counts drafts that were emitted and are not decided yet.
	waiting atomic.Int64
	buffers buffers
}

// NewAcceptor returns an acceptor on box.
func NewAcceptor(box *outbox.Outbox, log zerolog.Logger) *Acceptor {
	sampled := log.Sample(&zerolog.BurstSampler{Burst: 10, Period: time.Minute})
	return &Acceptor{box: box, log: sampled.With().Str("component", "accept").Logger()}
}

// Emit queues d in call order and blocks while the outbox is full: the caller
// then stops reading from its source. It is what a source is given as `emit`,
// and may be called by several sources at once. d.Done is called with nil when
// the draft is on disk, or with the reason why it never will be.
func (a *Acceptor) Emit(ctx context.Context, d schema.Draft) {
	sealed, entry := a.buffers.take(), a.buffers.take()
	message, refused := sealOrRefuse(*sealed, &d)
	*entry = appendEntry(*entry, message)
	a.buffers.give(sealed, message.Body)
	done := d.Done // and not d, which would live as long as the entry waits
	a.waiting.Add(1)
	err := a.box.Put(ctx, *entry, func(err error) {
		a.buffers.give(entry, *entry)
		if err == nil {
			a.count(refused)
		}
		a.waiting.Add(-1)
		if done != nil {
			done(err)
		}
	})
	if err == nil {
		if refused {
			a.log.Warn().Str("frame", d.Trace.FrameType).Str("reason", headerOf(message, schema.HeaderReason)).Msg("frame refused: kept as a dead letter")
		}
		return
	}
	a.waiting.Add(-1)
	if !errors.Is(err, context.Canceled) {
		a.log.Error().Err(err).Msg("draft not accepted")
	}
	if d.Done != nil {
		d.Done(err)
	}
}

// Flush returns when every draft that was emitted before is on disk or never
// will be, or with ctx's error.
func (a *Acceptor) Flush(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for a.waiting.Load() > 0 {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Accepted counts events that have reached the disk since the start.
func (a *Acceptor) Accepted() uint64 { return a.accepted.Load() }

// Refused counts frames that became dead letters.
func (a *Acceptor) Refused() uint64 { return a.refused.Load() }

func (a *Acceptor) count(refused bool) {
	if refused {
		a.refused.Add(1)
		return
	}
	a.accepted.Add(1)
}

// sealOrRefuse seals in the memory of b, where it fits.
func sealOrRefuse(b []byte, d *schema.Draft) (m schema.Message, refused bool) {
	if d.Refusal != nil {
		return schema.SealRefusal(*d), true
	}
	m, err := schema.SealInto(b, d)
	if err != nil {
		return schema.SealRefusal(schema.Refuse(*d, err)), true
	}
	return m, false
}

func headerOf(m schema.Message, name string) string {
	for _, f := range m.Header {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// keptBuffer is the largest buffer that is kept, in bytes.
const keptBuffer = 64 << 10

// buffers is memory that serves one event after the other: fresh memory for
// each costs more than all that is written to it.
type buffers struct{ pool sync.Pool }

// take gives an empty buffer.
func (p *buffers) take() *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return b
	}
	return new([]byte)
}

// give takes a buffer back, with what its memory has become. Nobody may use it
// any more.
func (p *buffers) give(b *[]byte, memory []byte) {
	if cap(memory) <= keptBuffer {
		*b = memory[:0]
		p.pool.Put(b)
	}
}
