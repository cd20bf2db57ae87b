package streamerbot

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"

	"promethean/schema"
)

// The end of an action is Raw.ActionCompleted, which tells every action's
// arguments: a private event. It is asked for only while a run of ours is
// pending, is read here and goes nowhere else; unless the user opened it in
// streamerbot.private, then it is emitted as usual, too.
const completedEvent = "Raw.ActionCompleted"

// opened reports whether the user wants the event recorded.
func (s *session) opened() bool { return names(s.source.c.Private, completedEvent) }

// spell notes how the server spells the event.
func (r *runs) spell(offered map[string][]string) {
	for source, kinds := range offered {
		for _, kind := range kinds {
			if strings.EqualFold(source+"."+kind, completedEvent) {
				r.source, r.kind = source, kind
			}
		}
	}
}

func (r *runs) events() map[string]any {
	return map[string]any{"events": map[string][]string{r.source: {r.kind}}}
}

// listen adds a run and makes sure that its end will be heard; deaf says why
// it will not, which is no reason not to run it. An error is of the connection
// or of ctx: nothing was sent.
func (s *session) listen(ctx context.Context, id string, added *run) (deaf string, err error) {
	r := &s.runs
	if !r.add(id, added) {
		return "", errAgain
	}
	if r.kind == "" {
		return "this Streamer.bot does not tell when an action ends (Raw.ActionCompleted, since 0.1.17)", nil
	}
	if s.opened() {
		return "", nil
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if r.heard {
		return "", nil
	}
	r.asked = true // a yes may come late, or be lost
	answer, err := s.ask(ctx, "Subscribe", r.events())
	var refusal *refusedError
	if errors.As(err, &refusal) || errors.Is(err, errUnanswered) {
		return clip(err.Error()), nil
	}
	if err != nil {
		return "", errAgain
	}
	if echo, ok := eventLists(answer); ok && len(missing(map[string][]string{r.source: {r.kind}}, echo)) > 0 {
		return "Streamer.bot did not subscribe to " + completedEvent, nil
	}
	r.heard = true
	return "", nil
}

// hush unsubscribes whenever no run is pending, until the connection ends.
func (s *session) hush() {
	r := &s.runs
	for {
		select {
		case <-r.idle:
		case <-s.ended:
			return
		}
		r.turn <- struct{}{}
		if r.asked && r.none() {
			if _, err := s.ask(context.Background(), "UnSubscribe", r.events()); err != nil {
				s.source.c.Log.Debug().Err(err).Msg("perhaps still subscribed to " + completedEvent + "; what comes is dropped")
			}
			// Whatever came of it, the next run subscribes: that costs nothing.
			r.asked, r.heard = false, false
		}
		<-r.turn
	}
}

// completion is the data of the event (reference: streamerbot.md 4.7).
type completion struct {
	ActionID    text    `json:"actionId"`
	Success     boolean `json:"success"`
	Duration    text    `json:"duration"`
	QueuedAt    text    `json:"queuedAt"`
	StartedAt   text    `json:"startedAt"`
	CompletedAt text    `json:"completedAt"`
	Arguments   object[struct {
		Run text `json:"brainRunId"`
	}] `json:"arguments"`
}

// isCompletion ends the run that a Raw.ActionCompleted tells of. It reports
// whether the frame goes nowhere else.
func (s *session) isCompletion(o outer) bool {
	if !namesCompletion(o.event) {
		return false
	}
	source, kind, err := o.names()
	if err != nil || !strings.EqualFold(source+"."+kind, completedEvent) {
		return false
	}
	var c completion
	if read(o.data, &c) && c.Arguments.v.Run != "" {
		// An action that it runs itself is given its arguments.
		if id := string(c.Arguments.v.Run); s.runs.runs(id, string(c.ActionID)) {
			s.runs.end(id, c.outcome())
		}
	}
	return !s.opened()
}

// namesCompletion reports whether the event may be named in b, in any case, as
// it is subscribed to as the server spells it.
func namesCompletion(b []byte) bool {
	var memory [128]byte
	return bytes.Contains(lowered(memory[:0], b), []byte(`actioncompleted"`))
}

// outcome is failed only where Streamer.bot says so.
func (c completion) outcome() schema.ActionPayload {
	p := schema.ActionPayload{
		Outcome:  schema.OutcomeCompleted,
		QueuedAt: stampOf(c.QueuedAt), StartedAt: stampOf(c.StartedAt), CompletedAt: stampOf(c.CompletedAt),
	}
	p.DurationMs = milliseconds(p.StartedAt, p.CompletedAt)
	if ms, ok := c.Duration.number(); ok && ms >= 0 && ms < math.MaxInt32 {
		p.DurationMs = int64(math.Round(ms))
	}
	if c.Success.known && !c.Success.on {
		p.Outcome, p.Reason = schema.OutcomeFailed, "Streamer.bot says that the action failed: its log and action history say why"
	}
	return p
}

// discreet takes the bytes out of a refusal that may hold what actions were
// given.
func (s *session) discreet(d schema.Draft) schema.Draft {
	if r := d.Refusal; r != nil && !s.opened() && namesCompletion(r.Bytes) {
		private := *r
		private.Reason, private.Bytes = r.Reason+"; it may be a private event, so its bytes are not kept", nil
		d.Refusal = &private
	}
	return d
}
