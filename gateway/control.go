package gateway

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
)

const (
	// openMost bounds the commands that are taken and have not ended.
	openMost = 256
	// commandMost bounds one command, in bytes. Of a larger one its dead letter
	// keeps the first keptMost: there is room for 512 MiB of letters.
	commandMost = 256 << 10
	keptMost    = 64 << 10
	// deadlineMost is how far ahead a deadline may be: as long as the control
	// stream keeps a command.
	deadlineMost = time.Hour
	// idMost bounds a command's id, in bytes, as an event's.
	idMost = 256
)

// controlOptions are what a control is made of.
type controlOptions struct {
	commander Commander
	bus       *bus.Bus
	tenant    string
	// emit takes an outcome; it blocks while the outbox is full.
	emit func(context.Context, schema.Draft)
	// trace says what is known of the source now.
	trace func() schema.Trace
	now   func() time.Time
	log   zerolog.Logger
	// streams is closed once they stand; nil means that they do.
	streams <-chan struct{}
	// missing, when set, is told that the stream of commands is not there.
	missing func()
	// reached is told each named step of a command; tests stop there.
	reached func(step)
}

// control takes commands off the bus and has them carried out, each at most
// once (control_take.go), in stream order (control_queue.go), and emits how
// each ended, exactly once (control_outcome.go).
type control struct {
	controlOptions
	commands bus.Commands
	journal  *journal
	queue    *queue
	// doubtful has, by id, what to do with a command once it is surely ours.
	doubtful sync.Map
	// room has a token for each open command, and one for what is being taken.
	room    chan struct{}
	endings chan ending
	settled chan settling

	taken, repeats atomic.Uint64
	opened         atomic.Int64
	ends           [len(outcomes)]atomic.Uint64
}

// step names a point at which a crash is tried.
type step string

const (
	stepJournalled step = "after journal"
	stepAcked      step = "after ack"
	stepSent       step = "after send"
	stepEnded      step = "before outcome"
)

// newControl reads the journal in dir.
func newControl(o controlOptions, dir string) (*control, error) {
	j, bad, err := openJournal(filepath.Join(dir, "commands"), o.now)
	if err != nil {
		return nil, err
	}
	sampled := o.log.Sample(&zerolog.BurstSampler{Burst: 60, Period: time.Minute})
	o.log = sampled.With().Str("component", "commands").Logger()
	if bad > 0 {
		o.log.Warn().Int("lines", bad).Msg("the journal of commands ends in the middle, as after a crash, or is damaged; unreadable lines were left out")
	}
	if o.reached == nil {
		o.reached = func(step) {}
	}
	most := openMost + len(j.unsettled())
	return &control{
		controlOptions: o, journal: j, queue: newQueue(o.now),
		commands: bus.Commands{Name: "gateway-" + o.tenant, Filter: schema.ControlFilter(schema.StreamerBot, o.tenant), Bus: o.bus},
		room:     make(chan struct{}, openMost), endings: make(chan ending, most), settled: make(chan settling, most),
	}, nil
}

// run takes commands until ctx ends. What waits then is refused, and what has
// been sent is given a moment to end; the rest ends as unknown at the next
// start.
func (c *control) run(ctx context.Context) {
	ending, stopEnding := outlive(ctx, stopTime)
	defer stopEnding()

	var ends, work sync.WaitGroup
	ends.Go(func() { c.settle(ending) })
	ends.Go(func() { c.recover(ending); c.conclude(ending) })
	work.Go(func() { c.take(ctx) })
	work.Go(func() { c.dispatch(ctx) })
	work.Go(func() { c.queue.expire(ctx, c.expired) })
	work.Go(func() { c.answer(ctx, schema.AskActions, c.actions) })
	work.Go(func() { c.answer(ctx, schema.AskMood, c.mood) })
	work.Wait()
	for t := c.queue.pop(); t != nil; t = c.queue.pop() {
		t.end(refused("the gateway was stopped before it was carried out; nothing was done"))
	}
	c.drain(ending)
	stopEnding()
	ends.Wait()
	if err := c.journal.close(); err != nil {
		c.log.Warn().Err(err).Msg("outcomes of commands may be told again")
	}
}

// drain returns when every command has ended and its outcome is accepted.
func (c *control) drain(ctx context.Context) {
	for range openMost {
		if !c.acquire(ctx) {
			return
		}
	}
}

// acquire takes the place of one open command.
func (c *control) acquire(ctx context.Context) bool {
	select {
	case c.room <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *control) release() { <-c.room }

// dispatch hands commands over in order, one at a time.
func (c *control) dispatch(ctx context.Context) {
	for {
		t := c.queue.next(ctx)
		if t == nil {
			return
		}
		c.commander.Do(ctx, t.command, t.end)
		c.reached(stepSent)
	}
}

// outlive is a context that ends the given time after its parent.
func outlive(parent context.Context, extra time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(extra, cancel) })
	return ctx, func() { stop(); cancel() }
}
