package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"promethean/schema"
)

// outcomes are all that a command can have, as they are counted.
var outcomes = [...]string{
	schema.OutcomeCompleted, schema.OutcomeSent, schema.OutcomeFailed,
	schema.OutcomeRefused, schema.OutcomeExpired, schema.OutcomeUnknown,
}

// Outcomes lists every outcome that a command can have.
func Outcomes() []string { return slices.Clone(outcomes[:]) }

// ending is how an open command ended.
type ending struct {
	entry   entry
	payload schema.ActionPayload
}

// settling says that an outcome was accepted, or why it was not.
type settling struct {
	id   string
	open bool // it holds room
	err  error
}

func refused(why string) schema.ActionPayload {
	return schema.ActionPayload{Outcome: schema.OutcomeRefused, Reason: why}
}

func unknown(why string) schema.ActionPayload {
	return schema.ActionPayload{Outcome: schema.OutcomeUnknown, Reason: why}
}

func (c *control) expired(t *task) {
	t.end(schema.ActionPayload{
		Outcome: schema.OutcomeExpired,
		Reason:  "its deadline, " + schema.NewTime(t.command.Deadline).String() + ", passed while it waited for its turn; nothing was done",
	})
}

// recover ends what a crash left open: an outcome that was decided is emitted
// as it was decided, anything else is unknown.
func (c *control) recover(ctx context.Context) {
	for _, e := range c.journal.unsettled() {
		if e.Outcome != nil {
			c.tell(ctx, e, *e.Outcome, false)
			continue
		}
		c.log.Warn().Str("command", e.ID).Msg("a command was taken before a crash or stop and has no outcome: it is unknown, and is not repeated")
		c.decide(ctx, ending{e, unknown("the gateway stopped after it had taken the command; whether it was carried out is not known, and it is not repeated")}, false)
	}
}

// conclude decides endings until ctx ends.
func (c *control) conclude(ctx context.Context) {
	for {
		select {
		case e := <-c.endings:
			c.decide(ctx, e, true)
		case <-ctx.Done():
			return
		}
	}
}

// decide writes the outcome down before anybody hears of it: after a crash the
// same is told, and no other.
func (c *control) decide(ctx context.Context, e ending, open bool) {
	p := e.payload
	p.CommandID, p.Command, p.SentDateTime = e.entry.ID, e.entry.Type, schema.NewTime(c.now())
	if p.Action == nil {
		p.Action = e.entry.Action
	}
	c.count(p)
	c.reached(stepEnded)
	if err := c.journal.end(p); err != nil {
		c.log.Error().Err(err).Str("command", p.CommandID).Msg("the outcome of a command could not be written down; after a restart it may be told otherwise")
	}
	c.tell(ctx, e.entry, p, open)
}

// tell emits an outcome.
func (c *control) tell(ctx context.Context, e entry, p schema.ActionPayload, open bool) {
	d, err := c.outcome(e, p)
	if err != nil { // texts and times: this cannot fail to encode
		c.settled <- settling{e.ID, open, err}
		return
	}
	d.Done = func(err error) { c.settled <- settling{e.ID, open, err} }
	c.emit(ctx, d)
}

// settle notes accepted outcomes until ctx ends.
func (c *control) settle(ctx context.Context) {
	for {
		select {
		case s := <-c.settled:
			err := s.err
			if err == nil {
				err = c.journal.settle(s.id)
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				c.log.Warn().Err(err).Str("command", s.id).Msg("an outcome is told again after the next start")
			}
			if s.open {
				c.opened.Add(-1)
				c.release()
			}
		case <-ctx.Done():
			return
		}
	}
}

// outcome is the event of a command's end. Its id is of the command alone, so
// that telling it again is no second event, whoever tells it.
func (c *control) outcome(e entry, p schema.ActionPayload) (schema.Draft, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return schema.Draft{}, err
	}
	t := schema.ActionFailed
	if p.Outcome == schema.OutcomeCompleted || p.Outcome == schema.OutcomeSent {
		t = schema.ActionCompleted
	}
	trace := c.trace()
	trace.Tenant, trace.ReceivedAt = c.tenant, p.SentDateTime.Time
	trace.Origin, trace.CausedBy, trace.CorrelationID = e.Origin, []string{e.ID}, e.CorrelationID
	return schema.Draft{
		ID: schema.OwnID(e.ID, "action", 0), Type: t, Provider: schema.StreamerBot, OwnVersion: true,
		Timestamp: p.SentDateTime.Time,
		Channel:   schema.Channel{ID: trace.InstanceID, Name: c.tenant, Platform: "STREAMERBOT"},
		Payload:   body, Trace: trace,
	}, nil
}

func (c *control) count(p schema.ActionPayload) {
	if i := slices.Index(outcomes[:], p.Outcome); i >= 0 {
		c.ends[i].Add(1)
	}
	// The reason may be text from outside; the event has it.
	c.log.Info().Str("command", p.CommandID).Str("type", string(p.Command)).Str("outcome", p.Outcome).Msg("command ended")
	if p.Reason != "" {
		c.log.Debug().Str("command", p.CommandID).Str("reason", p.Reason).Msg("why it ended so")
	}
}

// CommandStats are figures of commands since the start.
type CommandStats struct {
	Taken, Repeats uint64
	// Ended counts by outcome; every outcome has an entry.
	Ended map[string]uint64
	// Open are taken and not ended.
	Open int
}

func (c *control) stats() CommandStats {
	s := CommandStats{Taken: c.taken.Load(), Repeats: c.repeats.Load(), Ended: map[string]uint64{}, Open: int(c.opened.Load())}
	for i, name := range outcomes {
		s.Ended[name] = c.ends[i].Load()
	}
	return s
}

// clip bounds a text from outside, in bytes.
func clip(s string) string {
	const most = 512
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
