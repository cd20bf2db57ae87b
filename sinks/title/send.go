package title

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/title/life"
)

const (
	// askTime is how long the gateway may take to list the actions.
	askTime = 13 * time.Second
	// actTime is how long after title.sent the action may still be begun: well
	// before the time in which a platform has to show the title is over.
	actTime = 20 * time.Second
	// commandTries bound how often NATS is given the command, under the same id.
	commandTries = 3
)

// send hands an approved title over: the action is looked for, title.sent is on
// the log, and only then the command is on the bus.
func (w *Worker) send(ctx context.Context, do life.Do) error {
	action, unfit, err := w.action(ctx)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.still(ctx, do) {
		return nil
	}
	if unfit != "" {
		return w.notSent(ctx, do, unfit)
	}
	p := w.sending(do, action)
	w.o.reached(stepSending)
	seq := w.state.SentSeq()
	told, err := w.tell(ctx, life.Tell{
		Type: schema.TitleSent, ID: do.ID, RequestID: p.RequestID, CausedBy: []string{p.SuggestionID}, Channel: do.Send.Channel, Payload: p,
	}, func(ctx context.Context, m schema.Message) (bus.Told, error) { return w.bus.TellAfter(ctx, m, seq) })
	if err != nil || !told {
		// Whether this or another try of it is on the log, somebody may have sent
		// the command: nobody does again.
		return err
	}
	w.o.reached(stepSent)
	return w.act(ctx, p)
}

func (w *Worker) sending(do life.Do, action schema.ActionRef) schema.TitleSentPayload {
	s, now := do.Send, w.now()
	p := schema.TitleSentPayload{
		RequestID: s.Requested.RequestID, SuggestionID: s.Approved.SuggestionID, SentID: do.ID, Session: s.Requested.Session,
		Attempt: s.Attempt, Candidate: s.Approved.Candidate, Title: s.Approved.Title, Titles: map[string]json.RawMessage{},
		Action: action, CommandID: life.CommandID(do.ID), Until: schema.NewTime(s.Until), SentDateTime: schema.NewTime(now),
	}
	for _, platform := range life.Platforms() {
		p.Titles[platform] = text(s.Approved.Title)
	}
	return p
}

// act gives the command to the bus. Where NATS does not say that it has it, the
// same is given again: the gateway carries an id out once.
func (w *Worker) act(ctx context.Context, p schema.TitleSentPayload) error {
	args := map[string]string{
		"title": p.Title, "titleTwitch": p.Title, "titleYouTube": p.Title, "titleKick": p.Title,
		"suggestionId": p.SuggestionID, "requestId": p.RequestID,
	}
	deadline := schema.NewTime(p.SentDateTime.Add(actTime))
	m, err := w.command(p.CommandID, schema.ControlDoAction, schema.DoActionPayload{Action: p.Action, Args: texts(args), Deadline: &deadline}, p.RequestID, p.SentID)
	if err != nil {
		return err
	}
	for range commandTries {
		if _, err = w.bus.Tell(ctx, m); err == nil || ctx.Err() != nil {
			break
		}
	}
	if err == nil {
		w.o.reached(stepCommanded)
	}
	return err
}

// notSent says that there is no action to send a title to. The lock is held.
func (w *Worker) notSent(ctx context.Context, do life.Do, why string) error {
	s := do.Send
	_, err := w.tell(ctx, life.Tell{
		Type: schema.TitleRefused, ID: schema.OwnID(s.Approved.SuggestionID, schema.TitleRefused, uint64(s.Attempt)), RequestID: s.Requested.RequestID,
		CausedBy: []string{s.Approved.SuggestionID}, Channel: s.Channel, Payload: schema.TitleRefusedPayload{
			RequestID: s.Requested.RequestID, SuggestionID: s.Approved.SuggestionID, Session: s.Requested.Session, Candidate: s.Approved.Candidate,
			Title: s.Approved.Title, Kind: schema.RefusedAction, Reason: why, SentDateTime: schema.NewTime(w.now()),
		}}, w.bus.Tell)
	return err
}

// action asks the gateway for the action that sets the title. unfit says for a
// person what is wrong with it; an error is for now only.
func (w *Worker) action(ctx context.Context) (action schema.ActionRef, unfit string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	body, err := w.bus.Ask(ctx, schema.AskSubject(schema.StreamerBot, w.o.Tenant, schema.AskActions))
	if errors.Is(err, bus.ErrNobody) {
		return action, "", fmt.Errorf("title: no gateway of tenant %s runs, so no title can be sent (%w)", w.o.Tenant, err)
	}
	if err != nil {
		return action, "", fmt.Errorf("title: ask for Streamer.bot's actions: %w", err)
	}
	var answer schema.ActionsAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return action, "", fmt.Errorf("title: read Streamer.bot's actions: %w", err)
	}
	if answer.Error != "" {
		return action, "", fmt.Errorf("title: Streamer.bot's actions: %s", answer.Error)
	}
	action, unfit = choose(answer.Actions, w.o.Action)
	return action, unfit, nil
}

// choose finds the one enabled action of that id or name.
func choose(actions []schema.Action, want string) (found schema.ActionRef, unfit string) {
	disabled, enabled := 0, 0
	for _, a := range actions {
		switch {
		case !strings.EqualFold(a.ID, want) && a.Name != want:
		case !a.Enabled:
			disabled++
		default:
			enabled++
			found = schema.ActionRef{ID: a.ID, Name: a.Name}
		}
	}
	switch {
	case enabled == 1:
		return found, ""
	case enabled > 1:
		return schema.ActionRef{}, fmt.Sprintf("%d enabled actions of Streamer.bot are named %q: set BRAIN_TITLE_ACTION to the id of one (`brain action ls`)", enabled, want)
	case disabled > 0:
		return schema.ActionRef{}, fmt.Sprintf("the action %q is disabled in Streamer.bot: enable it there", want)
	}
	return schema.ActionRef{}, fmt.Sprintf("Streamer.bot has no action %q: make it (docs/streamerbot-setup.md), or name another by BRAIN_TITLE_ACTION", want)
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// actionRef takes what has the form of Streamer.bot's ids for one.
func actionRef(text string) schema.ActionRef {
	if guid.MatchString(text) {
		return schema.ActionRef{ID: text}
	}
	return schema.ActionRef{Name: text}
}

func texts(args map[string]string) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range args {
		out[name] = text(value)
	}
	return out
}

// text is a text as JSON.
func text(s string) json.RawMessage {
	// A text can always be written.
	body, _ := json.Marshal(s)
	return body
}

func toValid(s string) string { return strings.ToValidUTF8(s, "") }
