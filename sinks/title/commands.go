package title

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/title/life"
)

// take follows the operator's commands until ctx ends. How each ended is on the
// log before its acknowledgement: after a crash it comes again, leads to the same
// events by their ids, and is told again under the same id.
func (w *Worker) take(ctx context.Context) {
	commands := bus.Commands{Name: w.worker.Name, Filter: schema.ControlFilter(schema.Brain, w.o.Tenant), Bus: w.bus}
	for ctx.Err() == nil {
		if err := w.takeOne(ctx, &commands); err != nil {
			if !errors.Is(err, jetstream.ErrStreamNotFound) && !errors.Is(err, errNotActive) {
				w.log.Debug().Err(err).Msg("no command can be taken for now; will keep trying")
			}
			select {
			case <-time.After(lookEvery):
			case <-ctx.Done():
			}
		}
	}
}

// errNotActive: another worker of the name takes commands.
var errNotActive = errors.New("this worker is not the active one")

func (w *Worker) takeOne(ctx context.Context, commands *bus.Commands) error {
	if !w.worker.Active() {
		return errNotActive
	}
	d, err := commands.Next(ctx)
	if err != nil {
		return err
	}
	c, err := schema.ParseTitleCommand(d.Body)
	switch {
	case c.Envelope.ID == "":
		if err := w.bus.Bury(ctx, schema.DeadLetter{Event: d.Recorded, Sink: commands.Name, Reason: err.Error(), Attempts: 1}); err != nil {
			return err
		}
		return d.Confirm(ctx)
	case err == nil && d.Origin == schema.Replay:
		err = errors.New("it is a replay, which must change nothing outside")
	case err == nil:
		err = w.follow(ctx, c)
	}
	if held := (*heldError)(nil); errors.As(err, &held) {
		return held.err
	}
	if err := w.concluded(ctx, c.Envelope, err); err != nil {
		return err
	}
	return d.Confirm(ctx)
}

// heldError: a command could not be followed, and comes again.
type heldError struct{ err error }

func (e *heldError) Error() string { return e.err.Error() }

// follow does what a command leads to. An error that is no *heldError says why
// it leads to nothing.
func (w *Worker) follow(ctx context.Context, c schema.TitleCommand) error {
	for {
		do, err := w.followOnce(ctx, c)
		switch {
		case err != nil:
			return err
		case do.Request != nil:
			err := w.request(ctx, do, func() bool { return w.stillCommanded(ctx, c, do) })
			if err != nil {
				return &heldError{err}
			}
			w.rouse()
		case do.Tell == nil || do.Tell.Type != schema.TitleExpired:
			return nil
		}
		// What was open before has ended; now for the command itself.
	}
}

func (w *Worker) followOnce(ctx context.Context, c schema.TitleCommand) (life.Do, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ready(ctx) {
		return life.Do{}, &heldError{errNotActive}
	}
	if end, told := w.state.Ended(c.Envelope.ID); told {
		return life.Do{}, &endedError{end}
	}
	if w.state.Knows(c.Envelope.ID) {
		return life.Do{}, nil
	}
	do, err := w.state.Command(c, w.now())
	if err != nil || do.Tell == nil {
		return do, err
	}
	if told, err := w.tell(ctx, *do.Tell, w.bus.Tell); err != nil || !told {
		return do, &heldError{errors.Join(err, ctx.Err(), errNotYet)}
	}
	w.rouse()
	return do, nil
}

// errNotYet: the same event is on the log already and has not come from there.
var errNotYet = errors.New("it is on its way already")

// stillCommanded is still for a request by a command. The lock is held.
func (w *Worker) stillCommanded(ctx context.Context, c schema.TitleCommand, do life.Do) bool {
	if ctx.Err() != nil || !w.ready(ctx) {
		return false
	}
	now, err := w.state.Command(c, w.now())
	return err == nil && now.ID == do.ID
}

// concluded tells how a command ended, as the gateway tells of its own. How it
// ended the first time counts: whoever gave it may have been told.
func (w *Worker) concluded(ctx context.Context, e schema.Envelope, why error) error {
	p := schema.ActionPayload{CommandID: e.ID, Command: e.Type, Outcome: schema.OutcomeCompleted, SentDateTime: schema.NewTime(w.now())}
	if why != nil {
		p.Outcome, p.Reason = schema.OutcomeRefused, clip(why.Error())
	}
	if before := (*endedError)(nil); errors.As(why, &before) {
		p = before.end
	}
	t := schema.ActionCompleted
	if p.Outcome != schema.OutcomeCompleted {
		t = schema.ActionFailed
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	m, err := schema.Seal(schema.Draft{
		ID: schema.OwnID(e.ID, "action", 0), Type: t, Provider: schema.Brain, OwnVersion: true, Timestamp: p.SentDateTime.Time, Payload: body,
		Channel: schema.Channel{ID: w.o.Tenant, Name: w.o.Tenant, Platform: "BRAIN"}, Trace: w.trace("", e.ID),
	})
	if err != nil {
		return err
	}
	_, err = w.bus.Tell(ctx, m)
	return err
}

// endedError: a command has ended before, and comes again.
type endedError struct{ end schema.ActionPayload }

func (*endedError) Error() string { return "it has ended before" }
