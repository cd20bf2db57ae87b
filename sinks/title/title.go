package title

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
	"promethean/sinks/title/model"
	"promethean/sinks/title/prompt"
)

// Options are what the worker needs; the programs fill them from the settings.
type Options struct {
	Bus    bus.Options
	Tenant string
	// Life is how it behaves; Pass is filled in here.
	Life life.Config
	// Facts are what a context holds.
	Facts facts.Options
	// Action is the name or id of the Streamer.bot action that sets %title%, Ask of
	// one that shows %title1% to %title3%; "" has none.
	Action, Ask string
	// Mood is a note for every request; where it is empty, Streamer.bot's global
	// brain_mood is asked for.
	Mood string
	Gate gate.Options
	// Model is the server that makes titles; without a URL the template does.
	Model   model.Options
	Prompts prompt.Options
	// Maker, where set, is in the model's place.
	Maker Maker
	Log   zerolog.Logger
	// Now is time.Now when nil.
	Now func() time.Time
	// reached is told each named step; tests stop there.
	reached func(step)
}

// Maker makes titles of a context.
type Maker interface {
	// Titles returns within its own time limits. The error says for a person why
	// there are none. One goroutine calls it.
	Titles(ctx context.Context, f facts.Facts, seed uint64) (Made, error)
}

// Made are titles that nobody has judged yet.
type Made struct {
	Titles                  []string
	Model, Rung, PromptHash string
}

// Name is the worker's and, before a tenant's name, its durable consumer's.
const Name = "title"

// Worker is the running program as a value.
type Worker struct {
	o      Options
	log    zerolog.Logger
	now    func() time.Time
	bus    *bus.Bus
	worker *bus.Worker
	gate   *gate.Gate
	maker  Maker
	// prompts is nil where no model is asked.
	prompts *prompt.Set
	wake    chan struct{}
	// finished has what was being done.
	finished chan struct{}

	mu sync.Mutex
	memory
	// busy: something that takes its time is being done; notBefore is when the
	// next may begin.
	busy      bool
	notBefore time.Time

	counts
	trouble atomic.Pointer[string]
}

// step names a point at which a crash is tried.
type step string

const (
	stepRequested step = "after title.requested"
	stepSuggested step = "after title.suggested"
	stepApproved  step = "after title.approved"
	stepSending   step = "before title.sent"
	stepSent      step = "after title.sent"
	stepCommanded step = "after control.do_action"
)

// Open starts connecting; it does not wait for the bus.
func Open(o Options) (*Worker, error) {
	w := &Worker{o: o, log: o.Log.With().Str("component", Name).Logger(), now: o.Now, wake: make(chan struct{}, 1), finished: make(chan struct{}, 1)}
	if w.now == nil {
		w.now = time.Now
	}
	if w.o.reached == nil {
		w.o.reached = func(step) {}
	}
	var err error
	if w.gate, err = gate.New(o.Gate); err != nil {
		return nil, fmt.Errorf("title: %w", err)
	}
	if err := w.openModel(); err != nil {
		return nil, fmt.Errorf("title: %w", err)
	}
	if w.bus, err = bus.Connect(o.Bus); err != nil {
		return nil, fmt.Errorf("title: %w", err)
	}
	w.worker = &bus.Worker{Name: Name + "-" + o.Tenant, Filters: w.filters(), Sink: w, Bus: w.bus, Log: o.Log, Listens: true}
	return w, nil
}

// openModel makes ready what makes titles; it reaches for nothing yet.
func (w *Worker) openModel() error {
	w.maker = w.o.Maker
	if w.maker != nil {
		return nil
	}
	client, err := model.New(w.o.Model)
	if err != nil || !client.Configured() {
		return err
	}
	if w.prompts, err = prompt.New(w.o.Prompts); err != nil {
		return err
	}
	w.maker = asker{w.prompts, client}
	return nil
}

// Run works until ctx ends, which is no error. It waits for the bus for ever.
func (w *Worker) Run(ctx context.Context) error {
	defer w.bus.Close()
	var group sync.WaitGroup
	group.Go(func() { w.loop(ctx) })
	group.Go(func() { w.take(ctx) })
	if w.prompts != nil {
		group.Go(func() { _ = w.prompts.Run(ctx) }) // it ends with ctx, and never otherwise
	}
	err := w.worker.Run(ctx)
	group.Wait()
	return err
}

// Checks are what readiness asks: could a title be asked for now? A stand-by
// could.
func (w *Worker) Checks() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{Name: func(context.Context) error {
		if since, why := w.worker.Held(); why != "" {
			return fmt.Errorf("held since %s: %s", since.UTC().Format(time.RFC3339), why)
		}
		if !w.bus.Connected() {
			return errors.New("waiting for NATS")
		}
		if why := w.trouble.Load(); why != nil {
			return errors.New(*why)
		}
		return nil
	}}
}

// counts are figures since the start.
type counts struct {
	requested, suggested, fellBack, rejected, sent, applied, refused, unconfirmed, overridden atomic.Uint64
	// looks counts how often what is due was looked for.
	looks atomic.Uint64
}

// Stats are figures since the start.
type Stats struct {
	// Requested to Overridden count events that were published; FellBack the
	// suggestions that the template made in the model's place, Rejected the texts
	// that did not pass the gate.
	Requested, Suggested, FellBack, Rejected, Sent, Applied, Refused, Unconfirmed, Overridden uint64
	// Seq is the sequence of the log up to which all is known, Lag how many
	// events wait.
	Seq, Lag uint64
	Standby  bool
}

// Stats may be called at any time by any goroutine.
func (w *Worker) Stats() Stats {
	return Stats{
		Requested: w.requested.Load(), Suggested: w.suggested.Load(), FellBack: w.fellBack.Load(), Rejected: w.rejected.Load(),
		Sent: w.sent.Load(), Applied: w.applied.Load(), Refused: w.refused.Load(), Unconfirmed: w.unconfirmed.Load(), Overridden: w.overridden.Load(),
		Seq: w.worker.Seq(), Lag: w.worker.Lag(), Standby: w.worker.Role().Standby,
	}
}

// AnswerStatus is [bus.Bus.AnswerStatus]; it may be called while Run runs.
func (w *Worker) AnswerStatus(ctx context.Context, who schema.ProgramStatus, look func(context.Context) (map[string]string, map[string]float64)) error {
	return w.bus.AnswerStatus(ctx, who, look)
}
