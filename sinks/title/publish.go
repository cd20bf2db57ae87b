package title

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/title/life"
)

// source is what the worker's events have in meta.gateway.
const source = "title"

// tell publishes an own event and folds it. told is false where it was on the
// log already: it is folded when it comes from there. The lock is held.
func (w *Worker) tell(ctx context.Context, t life.Tell, publish func(context.Context, schema.Message) (bus.Told, error)) (told bool, err error) {
	m, err := w.event(t)
	if err != nil {
		return false, err
	}
	on, err := publish(ctx, m)
	if err != nil || on.Duplicate {
		return false, err
	}
	r := schema.Recorded{Body: m.Body, Subject: m.Subject, Seq: on.Seq, StoredAt: w.now(), Origin: schema.Live}
	if r.Envelope, err = schema.Parse(m.Body); err != nil {
		return false, fmt.Errorf("title: read back %s: %w", t.Type, err)
	}
	w.ahead[on.Seq] = true
	w.add(r)
	w.count(t)
	return true, nil
}

// event seals an own event.
func (w *Worker) event(t life.Tell) (schema.Message, error) {
	body, err := json.Marshal(t.Payload)
	if err != nil {
		return schema.Message{}, fmt.Errorf("title: write %s: %w", t.Type, err)
	}
	channel := t.Channel
	if channel.Platform == "" {
		channel = schema.Channel{ID: w.o.Tenant, Name: w.o.Tenant, Platform: "BRAIN"}
	}
	m, err := schema.Seal(schema.Draft{
		ID: t.ID, Type: t.Type, Provider: schema.Brain, OwnVersion: true, Timestamp: w.now(), Channel: channel, Payload: body,
		Trace: w.trace(t.RequestID, t.CausedBy...),
	})
	if err != nil {
		return schema.Message{}, fmt.Errorf("title: %w", err)
	}
	return m, nil
}

// command seals a command for the gateway.
func (w *Worker) command(id string, kind schema.Type, payload any, request string, causes ...string) (schema.Message, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return schema.Message{}, fmt.Errorf("title: write %s: %w", kind, err)
	}
	m, err := schema.Seal(schema.Draft{
		ID: id, Type: kind, Provider: schema.StreamerBot, OwnVersion: true, Timestamp: w.now(), Payload: body,
		Channel: schema.Channel{ID: w.o.Tenant, Name: w.o.Tenant, Platform: "BRAIN"}, Trace: w.trace(request, causes...),
	})
	if err != nil {
		return schema.Message{}, fmt.Errorf("title: %w", err)
	}
	return m, nil
}

func (w *Worker) trace(request string, causes ...string) schema.Trace {
	return schema.Trace{Source: source, Tenant: w.o.Tenant, ReceivedAt: w.now(), Origin: schema.Live, CausedBy: causes, CorrelationID: request}
}

// count notes an event that was published, and says what a person should know.
// Titles are not in the log: the events have them.
func (w *Worker) count(t life.Tell) {
	log := w.log.Info().Str("request", t.RequestID)
	switch p := t.Payload.(type) {
	case schema.TitleRequestedPayload:
		w.requested.Add(1)
		log.Str("trigger", p.Trigger).Str("mode", p.Mode).Msg("titles are asked for")
		w.o.reached(stepRequested)
	case schema.TitleSuggestedPayload:
		w.suggested.Add(1)
		w.rejected.Add(uint64(len(p.Rejected)))
		if p.Fallback != "" {
			w.fellBack.Add(1)
		}
		log.Str("source", p.Source).Int("candidates", len(p.Candidates)).Int("rejected", len(p.Rejected)).Dur("took", time.Duration(p.LatencyMs)*time.Millisecond).Msg("titles are suggested")
		w.o.reached(stepSuggested)
	case schema.TitleApprovedPayload:
		log.Str("by", p.By.Kind).Str("via", p.By.Via).Int("candidate", p.Candidate).Bool("edited", p.Edited).Msg("a title is approved")
		w.o.reached(stepApproved)
	case schema.TitleSentPayload:
		w.sent.Add(1)
		log.Str("action", p.Action.ID).Int("attempt", p.Attempt).Msg("the title is sent")
	case schema.TitleAppliedPayload:
		w.applied.Add(1)
		log.Str("platform", p.Platform).Msg("the title is applied")
	case schema.TitleRefusedPayload:
		w.refused.Add(1)
		log.Str("kind", p.Kind).Str("reason", p.Reason).Msg("the title was refused")
	case schema.TitleUnconfirmedPayload:
		w.unconfirmed.Add(1)
		log.Msg("nobody knows whether the title was set: it is not sent again")
	case schema.TitleOverriddenPayload:
		w.overridden.Add(1)
		log.Str("platform", p.Platform).Msg("the streamer set a title by hand, which stays")
	default:
		log.Str("type", string(t.Type)).Msg("title event")
	}
}
