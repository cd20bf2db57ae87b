package bus

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/schema"
)

// progress is what a worker tells health, metrics and the live line.
type progress struct {
	stored, dead, retries, resets, missing atomic.Uint64
	seq, pending                           atomic.Uint64
	held                                   atomic.Pointer[held]
	role                                   atomic.Pointer[Role]
	// unopened: it is held because NATS gives no deliveries. That is over when it
	// does, also while no event comes.
	unopened atomic.Bool
	// unsteady: it is held because deliveries broke off again and again. That is
	// over when they hold.
	unsteady atomic.Bool
}

type held struct {
	since  time.Time
	reason string
}

func (p *progress) settled(d delivered) {
	p.seq.Store(d.lastSeq)
	p.pending.Store(d.pending)
}

func (w *Worker) count(log zerolog.Logger, d delivered, letters []schema.DeadLetter) {
	w.release(log)
	for _, letter := range letters {
		log.Warn().Uint64("seq", letter.Event.Seq).Str("reason", letter.Reason).Msg("event can never be stored: kept as a dead letter")
	}
	if d.missing > 0 && slices.Contains(w.Filters, schema.AllEvents) {
		w.progress.missing.Add(d.missing)
		log.Error().Uint64("missing", d.missing).Uint64("up_to_seq", d.lastSeq).
			Msg("the log lacks sequences: events were lost inside NATS (a damaged block, or deleted by hand); compare with the collection events")
	}
	w.progress.stored.Add(uint64(len(d.batch) + len(d.bad) - len(letters)))
	w.progress.dead.Add(uint64(len(letters)))
}

// hold says once, until the reason changes, that nothing is stored.
func (w *Worker) hold(log zerolog.Logger, err error) {
	w.progress.retries.Add(1)
	now := &held{since: time.Now(), reason: err.Error()}
	before := w.progress.held.Load()
	if before != nil {
		now.since = before.since
	}
	w.progress.held.Store(now)
	switch {
	case before != nil && before.reason == now.reason:
	case errors.Is(err, jetstream.ErrStreamNotFound):
		log.Info().Str("stream", StreamEvents).Msg("waiting for the log: a gateway makes it when it starts")
	default:
		log.Warn().Err(err).Msg("held: nothing is stored for now; the same events will be tried again")
	}
}

func (w *Worker) release(log zerolog.Logger) {
	if h := w.progress.held.Swap(nil); h != nil {
		log.Info().Dur("held", time.Since(h.since)).Msg("writing goes on")
	}
}

// Stored counts events that the sink has taken since the start.
func (w *Worker) Stored() uint64 { return w.progress.stored.Load() }

// Dead counts events that became dead letters since the start.
func (w *Worker) Dead() uint64 { return w.progress.dead.Load() }

// Retries counts writes that failed and were, or will be, made again.
func (w *Worker) Retries() uint64 { return w.progress.retries.Load() }

// Resets counts how often deliveries were started at the ack floor.
func (w *Worker) Resets() uint64 { return w.progress.resets.Load() }

// Missing counts stream sequences that the log lacks, for a worker that takes
// every event: an alarm.
func (w *Worker) Missing() uint64 { return w.progress.missing.Load() }

// Seq is the stream sequence up to which everything is settled; 0 before the
// first batch.
func (w *Worker) Seq() uint64 { return w.progress.seq.Load() }

// watchLag asks the server how many events wait while no batch is settled, for
// then nothing else tells.
func (w *Worker) watchLag(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for at := uint64(0); ; at = w.progress.seq.Load() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if w.progress.seq.Load() != at || !w.Bus.Connected() {
			continue
		}
		if info, err := w.info(ctx); err == nil && w.progress.seq.Load() == at {
			w.progress.pending.Store(unsettled(info))
		}
	}
}

// Lag is how many events wait on the log: as of the last batch, or of the last
// second while none is settled.
func (w *Worker) Lag() uint64 { return w.progress.pending.Load() }

// Held says since when and why nothing is stored; zero and empty while all is
// well.
func (w *Worker) Held() (since time.Time, why string) {
	h := w.progress.held.Load()
	if h == nil {
		return time.Time{}, ""
	}
	return h.since, h.reason
}
