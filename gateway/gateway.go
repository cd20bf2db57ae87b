package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/outbox"
	"promethean/gateway/source/ailicia"
	"promethean/gateway/source/streamerbot"
	"promethean/schema"
)

// Options are what a gateway needs; the programs fill them from the settings.
type Options struct {
	Bus     bus.Options
	Streams bus.StreamOptions
	// DataDir holds the outbox, the journal of commands and what was last seen.
	// One gateway owns it.
	DataDir string
	// OutboxMaxBytes bounds what waits for the bus.
	OutboxMaxBytes int64
	// OutboxDisk takes the place of the outbox's folder in DataDir, unlocked; no
	// program sets it, for only a test or a benchmark may do without fsync.
	OutboxDisk  outbox.Disk
	Streamerbot streamerbot.Config
	// Ailicia is read as well where it has an API key.
	Ailicia ailicia.Config
	Log     zerolog.Logger
}

// Gateway is the running program as a value.
type Gateway struct {
	o         Options
	log       zerolog.Logger
	bus       *bus.Bus
	box       *outbox.Outbox
	acceptor  *bus.Acceptor
	publisher *bus.Publisher
	bot       *streamerbot.Source
	// ailicia is nil where it is off, as ailiciaSeen and resume are unused.
	ailicia           *ailicia.Source
	control           *control
	seen, ailiciaSeen lastSeen
	resume            *resumePoint
	streams           *streamState
}

// stopTime bounds each step of a clean stop: a source's last words, and
// publishing what was accepted. What is left waits in the outbox.
const stopTime = 1500 * time.Millisecond

// Open takes the data directory and starts connecting to the bus. It returns
// [outbox.ErrLocked] when another gateway has the directory.
func Open(o Options) (*Gateway, error) {
	dir := filepath.Join(o.DataDir, "gateway")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	box, err := outbox.Open(filepath.Join(dir, "outbox"), outbox.Options{MaxBytes: o.OutboxMaxBytes, Disk: o.OutboxDisk})
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	g := &Gateway{o: o, log: o.Log, box: box, seen: lastSeen{filepath.Join(dir, "lastseen")}, streams: newStreamState()}
	if err := g.open(); err != nil {
		return nil, errors.Join(err, box.Close())
	}
	return g, nil
}

func (g *Gateway) open() error {
	config := g.o.Streamerbot
	var err error
	if config.LastSeen, err = g.seen.read(); err != nil {
		return err
	}
	if g.bot, err = streamerbot.New(config); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	if err := g.openAilicia(filepath.Dir(g.seen.path)); err != nil {
		return err
	}
	if g.bus, err = bus.Connect(g.o.Bus); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	g.acceptor = bus.NewAcceptor(g.box, g.log)
	g.publisher = bus.NewPublisher(g.bus, g.box, g.log)
	g.publisher.OnMissing(g.streams.missing)
	g.control, err = newControl(controlOptions{
		commander: g.bot, bus: g.bus, tenant: config.Tenant, emit: g.acceptor.Emit, trace: traced(g.bot), now: time.Now, log: g.log,
		streams: g.streams.stand, missing: g.streams.missing,
	}, filepath.Dir(g.seen.path))
	if err != nil {
		g.bus.Close()
	}
	return err
}

// traced says how a command's outcome came about: by the Streamer.bot that is
// connected, or was last. One goroutine calls what it returns.
func traced(bot *streamerbot.Source) func() schema.Trace {
	t := schema.Trace{Source: streamerbot.Name}
	return func() schema.Trace {
		if s := bot.Status(); s.Connected {
			t.SourceVersion, t.InstanceID = s.Version, s.InstanceID
		}
		return t
	}
}

// Run reads sources and publishes until ctx ends; then sources stop, what was
// accepted is published as far as the bus lets it, and everything is closed.
// It returns an error only when the gateway cannot go on at all.
func (g *Gateway) Run(ctx context.Context) error {
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	publishing, stopPublishing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopPublishing()

	var group sync.WaitGroup
	group.Go(func() {
		if err := g.publish(publishing); err != nil {
			fail(err)
		}
	})
	group.Go(func() { g.streams.keep(publishing, g.bus, g.o.Streams, g.log) })
	group.Go(func() { g.keepSeen(running) })
	group.Go(func() {
		select {
		case <-g.box.Failed():
			fail(fmt.Errorf("gateway: %w", g.box.Failure()))
		case <-running.Done():
		}
	})
	controlled := make(chan struct{})
	go func() { defer close(controlled); g.control.run(running) }()
	g.runSources(running, fail)
	<-running.Done()
	<-controlled
	drain, cancel := context.WithTimeout(publishing, stopTime)
	if err := errors.Join(g.acceptor.Flush(drain), g.publisher.Drain(drain)); err != nil {
		g.log.Warn().Err(err).Msg("stopped before everything was published")
	}
	cancel()
	stopPublishing()
	group.Wait()
	g.writeSeen()
	return g.close(running)
}

func (g *Gateway) close(running context.Context) error {
	err := g.box.Close()
	g.bus.Close()
	cause := context.Cause(running)
	switch failure := g.box.Failure(); {
	case errors.Is(cause, context.Canceled):
		return err
	case failure != nil && errors.Is(cause, failure):
		return cause // which closing the outbox says again
	}
	return errors.Join(cause, err)
}

// runSources runs each source in a goroutine of its own until all have ended: one
// that waits or is blocked holds up no other, and the order within each stays.
func (g *Gateway) runSources(ctx context.Context, fail func(error)) {
	sources := []Source{g.bot}
	if g.ailicia != nil {
		sources = append(sources, g.ailicia)
	}
	var group sync.WaitGroup
	for _, s := range sources {
		group.Go(func() {
			if err := g.runSource(ctx, s); err != nil {
				fail(err)
			}
		})
	}
	group.Wait()
}

// runSource gives a source its emit. When the gateway stops, a source that is
// blocked by a full outbox is released after a moment; what it held was never
// accepted.
func (g *Gateway) runSource(ctx context.Context, s Source) error {
	emitting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopTime, cancel) })
	defer stop()
	return s.Run(ctx, func(d schema.Draft) { g.acceptor.Emit(emitting, d) })
}

// publish makes the streams as soon as the bus answers, then empties the
// outbox onto it.
func (g *Gateway) publish(ctx context.Context) error {
	g.streams.ensure(ctx, g.bus, g.o.Streams, g.log)
	return g.publisher.Run(ctx)
}
