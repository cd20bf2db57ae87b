package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
)

// follower reads the log from a place on, in order, and keeps its place over
// lost connections and restarts of NATS. It leaves nothing behind: its
// consumer is the server's memory's, and ends with it.
type follower struct {
	js     jetstream.JetStream
	filter filter
	// last shows so many events that are there already, since those from a time
	// on; neither shows new ones only.
	last  int
	since time.Time
	// say tells the person what is waited for.
	say func(string)

	// next is the first sequence to show; 0 where since says it.
	next uint64
	// waiting says that the person knows that there is no log.
	waiting bool

	mu sync.Mutex
	// told are the failures that the person knows of.
	told map[string]bool
}

// errEnough is returned by a show that wants no more events.
var errEnough = errors.New("enough")

// retryEvery is how long to wait before a request is made again.
const retryEvery = 250 * time.Millisecond

// run calls show for each event until ctx ends or show returns an error, which
// it returns, [errEnough] as nil.
func (f *follower) run(ctx context.Context, show func(jetstream.Msg) error) error {
	if err := f.begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		err := f.read(ctx, func(m jetstream.Msg, at *jetstream.MsgMetadata) error {
			f.next = at.Sequence.Stream + 1
			if !f.filter.matches(m.Subject()) {
				return nil
			}
			if err := show(m); err != nil {
				return &showError{err}
			}
			return nil
		})
		if failed, ok := errors.AsType[*showError](err); ok {
			if errors.Is(failed.error, errEnough) {
				return nil
			}
			return failed.error
		}
		// Whatever it was, it is asked for again from the same place.
		f.fails(ctx, err)
		pause(ctx, retryEvery)
		f.reopen(ctx)
	}
	return nil
}

// fails tells why a request was in vain. That ctx ended is no failure, that NATS
// is gone or has no log is told elsewhere.
func (f *follower) fails(ctx context.Context, err error) {
	if ctx.Err() == nil && f.js.Conn().IsConnected() && !errors.Is(err, jetstream.ErrStreamNotFound) {
		f.tell(err)
	}
}

// tell says a failure once, though it is tried again for ever. NATS names the
// consumer behind the stream, and each attempt's is another. Several goroutines
// may call it.
func (f *follower) tell(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kind, _, _ := strings.Cut(err.Error(), bus.StreamEvents)
	if f.told[kind] {
		return
	}
	if f.told == nil {
		f.told = map[string]bool{}
	}
	f.told[kind] = true
	f.say(fmt.Sprintf("trouble with NATS (%v); trying again", err))
}

// showError is an error of whoever shows, not of reading.
type showError struct{ error }

// begin waits for the stream and finds the place to begin at.
func (f *follower) begin(ctx context.Context) error {
	state, waited, err := f.stream(ctx)
	switch {
	case err != nil:
		return err
	case waited:
		f.next = 1 // all of it is newer than the wish to see it
	case f.last > 0:
		f.next, err = f.lastOnes(ctx, state)
	case f.since.IsZero():
		f.next = state.LastSeq + 1
	}
	return err
}

// reopen finds the stream again. One that is shorter than what was shown is
// another one, under the same name.
func (f *follower) reopen(ctx context.Context) {
	state, _, err := f.stream(ctx)
	if err == nil && f.next > state.LastSeq+1 {
		f.say("this is another log now; going on at its beginning")
		f.next = 1
	}
}

// stream waits until the log is there. The error is one that waiting does not
// mend, or ctx's end.
func (f *follower) stream(ctx context.Context) (state jetstream.StreamState, waited bool, err error) {
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, natsTimeout)
		s, err := f.js.Stream(asking, bus.StreamEvents)
		cancel()
		switch {
		case err == nil:
			f.waiting = false
			return s.CachedInfo().State, waited, nil
		case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
			return state, waited, fmt.Errorf("this NATS has no JetStream, so no gateway writes to it: %w", err)
		case errors.Is(err, jetstream.ErrStreamNotFound):
			waited = true
			if !f.waiting {
				f.say("there is no log on this NATS yet; waiting for a gateway (`brain up`) to start it")
			}
			f.waiting = true
		default:
			f.fails(ctx, err)
		}
		pause(ctx, retryEvery)
	}
	return state, waited, ctx.Err()
}

// read hands every event from the place on to take, until ctx ends or
// something fails.
func (f *follower) read(ctx context.Context, take func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: f.next}
	if f.next == 0 {
		config.DeliverPolicy, config.OptStartSeq, config.OptStartTime = jetstream.DeliverByStartTimePolicy, 0, &f.since
	}
	return f.consume(ctx, config, nil, func(m jetstream.Msg, at *jetstream.MsgMetadata) error {
		if at.Sequence.Stream < f.next {
			return nil
		}
		return take(m, at)
	})
}

// consume runs one consumer until ctx ends, take returns an error, or something
// fails. empty, when set, is returned where there is nothing to take yet.
func (f *follower) consume(ctx context.Context, config jetstream.OrderedConsumerConfig, empty error, take func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	config.FilterSubjects, config.MaxResetAttempts, config.InactiveThreshold = f.filter.subjects, 1, 30*time.Second
	asking, cancel := context.WithTimeout(ctx, natsTimeout)
	defer cancel()
	consumer, err := f.js.OrderedConsumer(asking, bus.StreamEvents, config)
	if err != nil {
		return err
	}
	defer f.forget(consumer)
	if empty != nil && consumer.CachedInfo().NumPending == 0 {
		return empty
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		at, err := m.Metadata()
		if err != nil {
			return err
		}
		if err := take(m, at); err != nil {
			return err
		}
	}
}

// forget takes the consumer off the server, which would do so by itself after
// a while.
func (f *follower) forget(c jetstream.Consumer) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = f.js.DeleteConsumer(ctx, bus.StreamEvents, c.CachedInfo().Name)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
