package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nats-io/nats.go"

	"promethean/cmd/brain/internal/eventline"
	"promethean/ops/run"
	"promethean/schema"
	"promethean/sinks/title/life"
	"promethean/sinks/titles"
)

// tale tells what comes of a command to the title worker, as it happens.
type tale struct {
	events  *nats.Subscription
	command string
	// last ends it: title.suggested where titles were asked for, title.applied
	// where one was taken.
	last schema.Type
	// requests are those that the command made or decided about.
	requests map[string]bool
	// story is a request as the log has it.
	story func(ctx context.Context, request string) (titles.Title, error)
	// refused is why the title before the one that is on its way was not set.
	refused error
}

// lastOf is where a command's tale ends; "" is none.
func lastOf(kind schema.Type) schema.Type {
	switch kind {
	case schema.ControlTitleSuggest, schema.ControlTitleRegenerate:
		return schema.TitleSuggested
	case schema.ControlTitleApprove, schema.ControlTitleRollback:
		return schema.TitleApplied
	}
	return ""
}

// newTale listens from now on.
func (c *client) newTale(command string, kind schema.Type) (*tale, error) {
	t := &tale{command: command, last: lastOf(kind), requests: map[string]bool{}, story: c.titleOf}
	var err error
	if t.last != "" {
		t.events, err = c.nc.SubscribeSync(schema.TenantEvents(schema.Brain, c.tenant, "title"))
	}
	return t, err
}

// tell prints until the tale ends or ctx does, which leaves the rest to brain
// title show. An error says that nothing came of the command, or that there is no
// word of it.
func (t *tale) tell(ctx context.Context, w io.Writer) error {
	for t.last != "" {
		m, err := t.events.NextMsgWithContext(ctx)
		if errors.Is(err, nats.ErrSlowConsumer) {
			continue
		}
		if err != nil {
			return t.noWord()
		}
		e, err := schema.Parse(m.Data)
		if err != nil {
			continue
		}
		step, request, err := titles.Read(schema.Recorded{Envelope: e, Body: m.Data, Subject: m.Subject})
		if err != nil || !t.requests[request] && !slices.Contains(step.CausedBy, t.command) {
			continue
		}
		t.requests[request] = true
		if over, err := t.step(ctx, w, request, step); over || err != nil {
			return err
		}
	}
	return nil
}

// noWord ends a tale whose end nobody waits for any more.
func (t *tale) noWord() error {
	if t.refused != nil {
		return t.refused
	}
	return &run.ExitError{Code: run.Partly, Err: errors.New("no word of what came of it yet; brain title show tells it as soon as there is one")}
}

// goesOn reports whether another candidate follows a refusal. One may where the
// log cannot be asked.
func (t *tale) goesOn(ctx context.Context, request string, refused titles.Step) bool {
	if refused.SentID == "" || refused.Kind == schema.RefusedAction {
		return false
	}
	story, err := t.story(ctx, request)
	if err != nil {
		return true
	}
	var candidates []schema.TitleCandidate
	var sent []string
	for _, s := range story.Steps {
		switch {
		case s.SuggestionID != refused.SuggestionID:
		case s.Type == schema.TitleSuggested:
			for _, c := range s.Candidates {
				candidates = append(candidates, schema.TitleCandidate{N: int(c.N), Title: c.Title})
			}
		case s.Type == schema.TitleSent:
			sent = append(sent, s.Title)
		case s.EventID == refused.EventID: // what follows it may be there already
			_, more := life.Next(candidates, sent)
			return more
		}
	}
	return true
}

func (t *tale) step(ctx context.Context, w io.Writer, request string, s titles.Step) (over bool, err error) {
	switch {
	case s.Type == schema.TitleSuggested && s.Type == t.last && len(s.Candidates) > 0:
		for _, c := range s.Candidates {
			fmt.Fprintf(w, "%d  %s\n", c.N, eventline.Safe(c.Title))
		}
		_, err = fmt.Fprintln(w, "take one: brain title approve N")
		return true, err
	case s.Type == schema.TitleSent:
		_, err = fmt.Fprintf(w, "sent: %s\n", eventline.Safe(s.Title))
	case s.Type == schema.TitleApplied:
		_, err = fmt.Fprintf(w, "applied on %s\n", eventline.Safe(s.Platform))
		return true, err
	case s.Type == schema.TitleRefused:
		t.refused = fmt.Errorf("%s: %s (brain title show)", s.Type, s.Reason)
		if !t.goesOn(ctx, request, s) {
			return true, t.refused
		}
		_, err = fmt.Fprintf(w, "refused: %s; another candidate is tried\n", eventline.Safe(s.Reason))
	case s.Type == schema.TitleUnconfirmed, s.Type == schema.TitleExpired:
		return true, fmt.Errorf("%s: %s (brain title show)", s.Type, s.Reason)
	case s.Type == schema.TitleOverridden:
		return true, fmt.Errorf("%s: %s, set by hand, stays", s.Type, s.Title)
	}
	return false, err
}
