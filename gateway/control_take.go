package gateway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/schema"
)

// take takes commands one by one, as soon as there are streams. A command that
// cannot be journalled is not acknowledged and comes again.
func (c *control) take(ctx context.Context) {
	if c.streams != nil {
		select {
		case <-c.streams:
		case <-ctx.Done():
			return
		}
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, 5*time.Second
	told := ""
	for ctx.Err() == nil && c.acquire(ctx) {
		opened, err := c.takeOne(ctx)
		if !opened {
			c.release()
		}
		if err == nil {
			pause.Reset()
			told = ""
			continue
		}
		if c.missing != nil && errors.Is(err, jetstream.ErrStreamNotFound) {
			c.missing()
		}
		if ctx.Err() == nil && err.Error() != told {
			told = err.Error()
			if broken := c.journal.check(); broken != nil {
				c.log.Error().Err(broken).Msg("no command is carried out: the journal takes none; they expire")
			} else {
				c.log.Warn().Err(err).Msg("no command can be taken for now; will keep trying")
			}
		}
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
		}
	}
}

// takeOne reports whether a command was opened, which has to end.
func (c *control) takeOne(ctx context.Context) (opened bool, err error) {
	d, err := c.commands.Next(ctx)
	if err != nil {
		return false, err
	}
	// A stop in between must not leave it undecided whether it was taken.
	finish, cancel := outlive(ctx, stopTime/2)
	defer cancel()
	if len(d.Body) > commandMost {
		return false, c.refuseUnread(finish, d, fmt.Errorf("its %d bytes are over the limit of %d", len(d.Body), commandMost))
	}
	command, err := schema.ParseCommand(d.Body)
	switch id := command.Envelope.ID; {
	case id == "":
		return false, c.refuseUnread(finish, d, err)
	case len(id) > idMost:
		return false, c.refuseUnread(finish, d, fmt.Errorf("the id of %d bytes is over the limit of %d", len(id), idMost))
	case c.journal.has(id):
		return false, c.again(finish, d, id)
	}
	if err == nil {
		err = c.admit(d, command)
	}
	return c.accept(finish, d, command, err)
}

// again acknowledges a command that was taken before. One that was in doubt is
// ours then, for nobody else can have acknowledged it, and goes its way.
func (c *control) again(ctx context.Context, d *bus.Delivery, id string) error {
	if _, doubtful := c.doubtful.Load(id); !doubtful {
		c.repeats.Add(1)
		c.log.Warn().Str("command", id).Msg("a command came again: it is not carried out a second time")
	}
	if err := d.Confirm(ctx); err != nil {
		return err
	}
	if goOn, doubtful := c.doubtful.LoadAndDelete(id); doubtful {
		goOn.(func())()
	}
	return nil
}

// admit says why a command that reads well is refused all the same.
func (c *control) admit(d *bus.Delivery, command schema.Command) error {
	e := command.Envelope
	want := schema.ControlSubject(schema.StreamerBot, c.tenant, e.Type.Command())
	ahead := command.Deadline.Sub(c.now())
	switch {
	case d.Subject != want:
		return fmt.Errorf("it is of type %s, which belongs on subject %s", e.Type, want)
	case d.Origin == schema.Replay:
		return errors.New("it is a replay, which must change nothing outside")
	case ahead > deadlineMost:
		return fmt.Errorf("its deadline is %s ahead; at most %s is possible, as long as commands are kept (or the sender's clock is wrong)",
			ahead.Round(time.Second), deadlineMost)
	}
	return nil
}

// refuseUnread keeps what is no command of anybody's as a dead letter.
func (c *control) refuseUnread(ctx context.Context, d *bus.Delivery, why error) error {
	if err := c.bury(ctx, d, why); err != nil {
		return err
	}
	return d.Confirm(ctx)
}

// bury keeps a refused command as a dead letter. One that NATS will not have,
// as when the stream of them is full, is given up with an error in the log: it
// must not keep the good ones behind it from being taken.
func (c *control) bury(ctx context.Context, d *bus.Delivery, why error) error {
	letter := schema.DeadLetter{Event: d.Recorded, Sink: c.commands.Name, Reason: why.Error(), Attempts: 1}
	if len(d.Body) > commandMost {
		letter.Keep = keptMost
	}
	sum := d.SHA256()
	log := c.log.With().Uint64("seq", d.Seq).Str("reason", clip(why.Error())).Int("bytes", len(d.Body)).Hex("sha256", sum[:]).Logger()
	err := c.bus.Bury(ctx, letter)
	if _, full := errors.AsType[*jetstream.APIError](err); full {
		log.Error().Err(err).Msg("command refused, and NATS keeps no dead letter of it: make room in " + bus.StreamDLQ)
		return nil
	}
	if err == nil {
		log.Warn().Msg("command refused: kept as a dead letter")
	}
	return err
}

// accept takes a command: journalled first, then acknowledged, and only then on
// its way. A refused one leaves a dead letter before.
func (c *control) accept(ctx context.Context, d *bus.Delivery, command schema.Command, why error) (opened bool, err error) {
	if why != nil {
		if err := c.bury(ctx, d, why); err != nil {
			return false, err
		}
	}
	e := entryOf(command, c.now())
	if err := c.journal.take(e); err != nil {
		return false, err
	}
	c.taken.Add(1)
	c.opened.Add(1)
	c.reached(stepJournalled)
	t := &task{command: command, end: c.once(e)}
	goOn := func() { c.queue.push(t) }
	if why != nil {
		goOn = func() { t.end(refused(clip(why.Error()))) }
	}
	if err := d.Confirm(ctx); err != nil {
		c.waver(t, goOn)
		return true, err
	}
	c.reached(stepAcked)
	goOn()
	return true, nil
}

// waver decides nothing about a command that NATS did not confirm in time to be
// ours until it comes again, or its deadline has passed by a lease: another
// gateway that was given it has begun by then.
func (c *control) waver(t *task, goOn func()) {
	id, left := t.command.Envelope.ID, t.command.Deadline.Sub(c.now())
	c.doubtful.Store(id, goOn)
	time.AfterFunc(min(max(left, 0), deadlineMost)+c.commands.Lease(), func() {
		if _, doubtful := c.doubtful.LoadAndDelete(id); doubtful {
			t.end(unknown("NATS did not confirm in time that this gateway has the command; it was not sent from here"))
		}
	})
}

// once gives the end of a command, of which only the first call counts.
func (c *control) once(e entry) func(schema.ActionPayload) {
	var first sync.Once
	return func(p schema.ActionPayload) {
		first.Do(func() { c.endings <- ending{e, p} })
	}
}

// entryOf is what has to be known to tell a command's end after a crash.
func entryOf(command schema.Command, now time.Time) entry {
	e := entry{ID: command.Envelope.ID, Type: schema.Type(clip(string(command.Envelope.Type))), TakenAt: now, Origin: schema.Live}
	// A meta that cannot be read says nothing.
	if meta, err := schema.ParseMeta(command.Envelope.Meta); err == nil {
		if meta.Gateway.Origin == schema.Test {
			e.Origin = schema.Test
		}
		e.CorrelationID = clip(meta.Gateway.CorrelationID)
	}
	if a := command.DoAction; a != nil && a.Action != (schema.ActionRef{}) {
		e.Action = &schema.ActionRef{ID: clip(a.Action.ID), Name: clip(a.Action.Name)}
	}
	return e
}
