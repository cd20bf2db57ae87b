package streamerbot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"sync"
	"time"

	"promethean/schema"
)

// The end of an action is Raw.ActionCompleted, which tells every action's
// arguments: a private event. It is asked for only while a run of ours is
// pending, is read here and goes nowhere else; unless the user opened it in
// streamerbot.private, then it is emitted as usual, too.
const completedEvent = "Raw.ActionCompleted"

// run is an action that a command runs.
type run struct {
	action schema.ActionRef
	ended  func(schema.ActionPayload)
	// sent says that DoAction is or may be on its way.
	sent  bool
	limit *time.Timer
}

// runs are the pending ones of one connection, by command id. Whoever takes a
// run out ends it, so each ends once.
type runs struct {
	mu      sync.Mutex
	pending map[string]*run
	// lost says that the connection has ended: nothing is added any more.
	lost bool
	// idle has a token when the last run was taken out.
	idle chan struct{}

	// turn is held while subscribing or unsubscribing; subscribed is under it.
	turn       chan struct{}
	subscribed bool
	// source and kind are the event's names in the server's own spelling; empty
	// where it has none.
	source, kind string
}

func newRuns() runs {
	return runs{pending: map[string]*run{}, idle: make(chan struct{}, 1), turn: make(chan struct{}, 1)}
}

func (r *runs) add(id string, added *run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost {
		return false
	}
	r.pending[id] = added
	return true
}

// sending notes that DoAction is about to be sent; false when the connection
// has ended.
func (r *runs) sending(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pending := r.pending[id]; pending != nil && !r.lost {
		pending.sent = true
		return true
	}
	return false
}

// queued gives a run that Streamer.bot has taken the time to end.
func (r *runs) queued(id string, within time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pending := r.pending[id]; pending != nil {
		pending.limit = time.AfterFunc(within, func() {
			r.end(id, unknown(fmt.Sprintf("Streamer.bot has queued the action and did not say within %s that it ran", within)))
		})
	}
}

// drop takes a run out; nil when it has ended already.
func (r *runs) drop(id string) *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	dropped := r.pending[id]
	delete(r.pending, id)
	if dropped != nil && dropped.limit != nil {
		dropped.limit.Stop()
	}
	if len(r.pending) == 0 {
		select {
		case r.idle <- struct{}{}:
		default:
		}
	}
	return dropped
}

func (r *runs) end(id string, p schema.ActionPayload) {
	if ended := r.drop(id); ended != nil {
		p.Action = &ended.action
		ended.ended(p)
	}
}

// abandon ends all that were sent, for the connection is gone.
func (r *runs) abandon(reason error) {
	r.mu.Lock()
	r.lost = true
	sent := maps.Clone(r.pending)
	maps.DeleteFunc(sent, func(_ string, pending *run) bool { return !pending.sent })
	r.mu.Unlock()
	for id := range sent {
		r.end(id, unknown(fmt.Sprintf("the connection to Streamer.bot ended (%s) before it said that the action ran; it is not repeated", clip(reason.Error()))))
	}
}

func (r *runs) none() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending) == 0
}

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
	if r.subscribed {
		return "", nil
	}
	answer, err := s.ask(ctx, "Subscribe", r.events())
	var refusal *refusedError
	if errors.As(err, &refusal) || errors.Is(err, errUnanswered) {
		r.subscribed = refusal == nil // an answer that is late may still say yes
		return clip(err.Error()), nil
	}
	if err != nil {
		return "", errAgain
	}
	if echo, ok := eventLists(answer); ok && len(missing(map[string][]string{r.source: {r.kind}}, echo)) > 0 {
		return "Streamer.bot did not subscribe to " + completedEvent, nil
	}
	r.subscribed = true
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
		if r.subscribed && r.none() {
			if _, err := s.ask(context.Background(), "UnSubscribe", r.events()); err != nil {
				s.source.c.Log.Debug().Err(err).Msg("still subscribed to " + completedEvent + "; what comes is dropped")
			} else {
				r.subscribed = false
			}
		}
		<-r.turn
	}
}

// completion is the data of the event (reference: streamerbot.md 4.7).
type completion struct {
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
	if !bytes.Contains(o.event, []byte("ctionCompleted")) {
		return false
	}
	source, kind, err := o.names()
	if err != nil || !strings.EqualFold(source+"."+kind, completedEvent) {
		return false
	}
	var c completion
	if read(o.data, &c) && c.Arguments.v.Run != "" {
		s.runs.end(string(c.Arguments.v.Run), c.outcome())
	}
	return !s.opened()
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
	if r := d.Refusal; r != nil && !s.opened() && bytes.Contains(r.Bytes, []byte(`ctionCompleted"`)) {
		private := *r
		private.Reason, private.Bytes = r.Reason+"; it may be a private event, so its bytes are not kept", nil
		d.Refusal = &private
	}
	return d
}
