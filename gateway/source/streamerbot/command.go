package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"promethean/schema"
)

// runArg is the argument by which an action's end is known as ours: the
// command's id.
const runArg = "brainRunId"

// errAgain says that nothing was sent and that the command may be begun anew
// on the next connection.
var errAgain = errors.New("the connection was lost before anything was sent")

// Do carries a command out as gateway.Commander says: it waits for a
// connection, at most until the command's deadline, and sends nothing after
// that. An answer is waited for longer.
func (s *Source) Do(ctx context.Context, c schema.Command, ended func(schema.ActionPayload)) {
	inTime, cancel := context.WithDeadline(ctx, c.Deadline)
	defer cancel()
	for {
		n, err := s.state.await(inTime)
		if err == nil {
			err = n.do(ctx, inTime, c, ended)
		}
		switch {
		case err == nil:
			return
		case ctx.Err() != nil:
			ended(refused("the gateway was stopped before Streamer.bot was told; nothing was done"))
			return
		case inTime.Err() != nil || !s.c.Clock().Before(c.Deadline):
			ended(s.expired(c))
			return
		}
	}
}

// Actions lists Streamer.bot's actions, as it has them now.
func (s *Source) Actions(ctx context.Context) ([]schema.Action, error) {
	n, err := s.connected()
	if err != nil {
		return nil, err
	}
	return n.actions(ctx)
}

func (s *Source) expired(c schema.Command) schema.ActionPayload {
	why := "before it could be sent"
	if s.state.now() == nil {
		why = "before Streamer.bot was connected"
	}
	return schema.ActionPayload{
		Outcome: schema.OutcomeExpired,
		Reason:  fmt.Sprintf("its deadline, %s, passed %s; nothing was done", schema.NewTime(c.Deadline), why),
	}
}

// do returns nil when ended was called or will be, an error when nothing was
// sent and it was not.
func (s *session) do(ctx, inTime context.Context, c schema.Command, ended func(schema.ActionPayload)) error {
	switch {
	case c.DoAction != nil:
		return s.doAction(ctx, inTime, c, ended)
	case c.SendMessage != nil:
		return s.sendMessage(ctx, inTime, c, ended)
	}
	ended(refused(fmt.Sprintf("Streamer.bot has nothing for commands of type %s", clip(string(c.Envelope.Type)))))
	return nil
}

func (s *session) doAction(ctx, inTime context.Context, c schema.Command, ended func(schema.ActionPayload)) error {
	for name := range c.DoAction.Args {
		if strings.EqualFold(name, runArg) {
			ended(refused(fmt.Sprintf("the argument %s is the gateway's own: choose another name", clip(name))))
			return nil
		}
	}
	actions, err := s.actions(inTime)
	if err != nil {
		return s.notBegun(inTime, err, ended)
	}
	action, err := choose(actions, c.DoAction.Action, s.source.c.Actions)
	if err != nil {
		ended(refused(err.Error()))
		return nil
	}
	r := &run{action: action, ended: ended}
	deaf, err := s.listen(inTime, c.Envelope.ID, r)
	if err != nil {
		s.runs.drop(c.Envelope.ID)
		return err
	}
	if !s.source.c.Clock().Before(c.Deadline) || inTime.Err() != nil || !s.runs.sending(c.Envelope.ID) {
		s.runs.drop(c.Envelope.ID)
		return errAgain
	}
	args := map[string]any{runArg: c.Envelope.ID}
	for name, value := range c.DoAction.Args {
		args[name] = value
	}
	_, err = s.askBy(ctx, c.Deadline, "DoAction", map[string]any{"action": action, "args": args})
	switch p, known := answered(ctx, err); {
	case known:
		s.runs.end(c.Envelope.ID, p)
	case deaf != "":
		s.runs.end(c.Envelope.ID, unknown("Streamer.bot has queued the action; whether it ran is not known, for "+deaf))
	default:
		s.runs.queued(c.Envelope.ID, s.source.c.Timings.Completion)
	}
	return nil
}

func (s *session) sendMessage(ctx, inTime context.Context, c schema.Command, ended func(schema.ActionPayload)) error {
	if !s.source.c.Clock().Before(c.Deadline) || inTime.Err() != nil {
		return errAgain
	}
	m := c.SendMessage
	// internal marks the line as the bot's own: it comes back as chat, with
	// meta.internal, and sets off none of the streamer's commands.
	fields := map[string]any{"platform": strings.ToLower(m.Platform), "message": m.Message, "bot": m.Bot, "internal": true}
	if m.ReplyID != "" {
		fields["replyId"] = m.ReplyID
	}
	if m.BroadcastID != "" {
		fields["broadcastId"] = m.BroadcastID
	}
	_, err := s.askBy(ctx, c.Deadline, "SendMessage", fields)
	p, known := answered(ctx, err)
	switch {
	case !known:
		p = schema.ActionPayload{Outcome: schema.OutcomeSent}
	case p.Outcome == schema.OutcomeRefused && !s.authenticated:
		p.Reason = fmt.Sprintf("Streamer.bot takes messages only from a connection with a password: turn on Authentication in its WebSocket server settings, set the same password in %s and restart (%s)",
			s.source.c.PasswordSetting, p.Reason)
	}
	ended(p)
	return nil
}

// answered says how a command ended by what became of its request; known is
// false when Streamer.bot took it.
func answered(ctx context.Context, err error) (p schema.ActionPayload, known bool) {
	var refusal *refusedError
	switch {
	case err == nil:
		return p, false
	case errors.As(err, &refusal):
		return refused(err.Error()), true
	case ctx.Err() != nil:
		return unknown("the gateway was stopped before Streamer.bot answered; it is not repeated"), true
	}
	return unknown(clip(err.Error()) + "; whether it was done is not known, and it is not repeated"), true
}

// notBegun is what an error before anything was sent means: again on the next
// connection, or an end.
func (s *session) notBegun(inTime context.Context, err error, ended func(schema.ActionPayload)) error {
	var refusal *refusedError
	switch {
	case inTime.Err() != nil:
		return inTime.Err()
	case errors.As(err, &refusal), errors.Is(err, errUnanswered), errors.Is(err, errNoActions):
		ended(refused(err.Error() + "; nothing was done"))
		return nil
	}
	return errAgain
}

func refused(why string) schema.ActionPayload {
	return schema.ActionPayload{Outcome: schema.OutcomeRefused, Reason: why}
}

func unknown(why string) schema.ActionPayload {
	return schema.ActionPayload{Outcome: schema.OutcomeUnknown, Reason: why}
}

// stampOf reads one of Streamer.bot's times; nil where there is none.
func stampOf(t text) *schema.Time {
	at := parseTime(string(t))
	if at.IsZero() {
		return nil
	}
	stamp := schema.NewTime(at)
	return &stamp
}

// milliseconds between two of Streamer.bot's times; 0 where one is missing.
func milliseconds(from, to *schema.Time) int64 {
	if from == nil || to == nil || to.Before(from.Time) {
		return 0
	}
	return to.Sub(from.Time).Round(time.Millisecond).Milliseconds()
}
