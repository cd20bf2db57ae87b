package title

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
	"promethean/sinks/title/template"
)

const (
	// candidatesMost are suggested.
	candidatesMost = 3
	// templatesMost are tried: each may be too close to an earlier title.
	templatesMost = 24
	// textMost bounds a rejected text in an event, in bytes.
	textMost = 400
)

// suggest makes a round of titles, by the model or else by the template, and
// says which passed the gate.
func (w *Worker) suggest(ctx context.Context, do life.Do) error {
	s := do.Suggest
	p := schema.TitleSuggestedPayload{
		RequestID: s.Requested.RequestID, SuggestionID: do.ID, Session: s.Requested.Session, Round: s.Round,
		ContextHash: s.Requested.ContextHash, Candidates: []schema.TitleCandidate{}, Until: schema.NewTime(s.Until), Seed: seed(do.ID),
	}
	began := w.now()
	f, err := w.context(s)
	if err != nil {
		return err
	}
	switch {
	case s.Requested.Trigger == schema.TriggerRollback:
		w.goBack(&p, f, s.Requested.Note)
	default:
		w.make(ctx, &p, f)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.still(ctx, do) {
		return nil
	}
	p.LatencyMs, p.SentDateTime = w.now().Sub(began).Milliseconds(), schema.NewTime(w.now())
	_, err = w.tell(ctx, life.Tell{
		Type: schema.TitleSuggested, ID: do.ID, RequestID: p.RequestID, CausedBy: []string{p.RequestID}, Channel: s.Channel, Payload: p,
	}, w.bus.Tell)
	return err
}

// context is the request's, with what was tried since.
func (w *Worker) context(s *life.Suggest) (f facts.Facts, err error) {
	body, err := json.Marshal(s.Requested.Context)
	if err == nil {
		err = json.Unmarshal(body, &f)
	}
	if err != nil {
		return f, fmt.Errorf("title: read the context of %s: %w", s.Requested.RequestID, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f.Note, f.Tried = s.Note, w.state.Tried()
	return f, nil
}

// make asks the model where there is one, and the template where there is none
// or nothing of it passes.
func (w *Worker) make(ctx context.Context, p *schema.TitleSuggestedPayload, f facts.Facts) {
	if w.maker != nil {
		p.Source = schema.TitleFromModel
		made, err := w.maker.Titles(ctx, f, uint64(p.Seed))
		p.Model, p.Rung, p.PromptHash = made.Model, made.Rung, made.PromptHash
		if err == nil {
			w.judge(p, f, made.Titles)
			err = errors.New("none of its titles passed the gate")
		}
		if len(p.Candidates) > 0 || ctx.Err() != nil {
			return
		}
		p.Fallback = clip(err.Error())
	}
	p.Source = schema.TitleFromTemplate
	w.judge(p, f, template.Titles(f, uint64(p.Seed), templatesMost))
}

// judge puts texts through the gate until there are enough candidates.
func (w *Worker) judge(p *schema.TitleSuggestedPayload, f facts.Facts, texts []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	against := gate.Against{Quotes: w.quotes, Names: w.names}
	for _, text := range texts {
		if len(p.Candidates) >= candidatesMost {
			return
		}
		title, err := w.gate.Pass(text, f, against)
		if rejection := (*gate.Rejection)(nil); errors.As(err, &rejection) {
			p.Rejected = append(p.Rejected, schema.TitleRejection{Title: clip(text), Rule: rejection.Rule, Detail: rejection.Detail})
			continue
		}
		p.Candidates = append(p.Candidates, schema.TitleCandidate{N: len(p.Candidates) + 1, Title: title})
		against.Recent = append(against.Recent, title)
	}
}

// goBack is a round of one title, which stood before; that it repeats one is
// what is wanted.
func (w *Worker) goBack(p *schema.TitleSuggestedPayload, f facts.Facts, title string) {
	p.Source = schema.TitleFromHistory
	f.Title, f.Tried, f.Note = "", nil, ""
	w.judge(p, f, []string{title})
}

// seed has 53 bits, so that every reader of JSON reads it exactly.
func seed(id string) int64 {
	sum := sha256.Sum256([]byte(id))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 11)
}

func clip(text string) string {
	if len(text) > textMost {
		text = text[:textMost]
	}
	return toValid(text)
}

// ask has an action of the streamer's show the suggestion. The lock is held.
func (w *Worker) ask(ctx context.Context, p schema.TitleSuggestedPayload) error {
	args := map[string]string{"suggestionId": p.SuggestionID, "requestId": p.RequestID}
	for i := range candidatesMost {
		args[fmt.Sprintf("title%d", i+1)] = ""
		if i < len(p.Candidates) {
			args[fmt.Sprintf("title%d", i+1)] = p.Candidates[i].Title
		}
	}
	deadline := schema.NewTime(w.now().Add(time.Minute))
	m, err := w.command(life.AskCommandID(p.SuggestionID), schema.ControlDoAction,
		schema.DoActionPayload{Action: actionRef(w.o.Ask), Args: texts(args), Deadline: &deadline}, p.RequestID, p.SuggestionID)
	if err != nil {
		return err
	}
	if _, err = w.bus.Tell(ctx, m); err == nil {
		w.state.Asked(p.SuggestionID)
	}
	return err
}
