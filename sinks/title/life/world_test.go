package life

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
)

// world is a log, a worker that folds it, and an outside that does as it likes.
type world struct {
	t     *testing.T
	r     *rand.Rand
	c     Config
	state *State
	log   []Event
	now   time.Time
	// commands are the titles that the gateway was given, by command id.
	commands map[string]command
	// stubborn: the platform refuses every title.
	stubborn bool
	// calm: nothing happens by chance, and each suggestion has three candidates.
	calm bool
	// history is what happened, for whoever reads a failure.
	history []string
}

type command struct {
	suggestion, title string
	candidate         int
	at                time.Time
}

func newWorld(t *testing.T, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 1))
	c := Config{Mode: []string{schema.TitleAuto, schema.TitleSuggest, schema.TitleAuto, schema.TitleOff}[r.IntN(4)], Pass: pass}
	if r.IntN(3) == 0 {
		c.Every, c.EveryMessages = 30*time.Minute, 3
	}
	w := &world{t: t, r: r, c: c, state: New(c), now: time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC), commands: map[string]command{}}
	w.stubborn = r.IntN(4) == 0
	w.note("mode %s", c.Mode)
	return w
}

// calmWorld has neither chance nor deaths.
func calmWorld(t *testing.T, c Config) *world {
	t.Helper()
	w := newWorld(t, 1)
	c.Pass = pass
	w.c, w.state, w.calm, w.stubborn = c, New(c), true, false
	return w
}

// pass is a gate with one rule.
func pass(text string, _ facts.Facts) (string, error) {
	if strings.Contains(text, "bad") {
		return "", errors.New("it breaks the rule bad")
	}
	return strings.TrimSpace(text), nil
}

func (w *world) note(format string, args ...any) {
	w.history = append(w.history, w.now.Format("15:04:05 ")+fmt.Sprintf(format, args...))
}

func (w *world) failf(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\nafter\n%s", fmt.Sprintf(format, args...), strings.Join(w.history, "\n"))
}

// put appends to the log what is folded at once.
func (w *world) put(typ schema.Type, provider schema.Provider, payload any, change ...func(*Event)) {
	w.t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		w.t.Fatal(err)
	}
	e := Event{ID: fmt.Sprint("e", len(w.log)+1), Type: typ, Seq: uint64(len(w.log) + 1), At: w.now, Provider: string(provider), Payload: body}
	for _, f := range change {
		f(&e)
	}
	w.log = append(w.log, e)
	w.state.Add(e)
	w.note("%s %s %s", e.ID, typ, body)
}

// own puts an event of the worker's.
func (w *world) own(t Tell) {
	w.t.Helper()
	for _, e := range w.log {
		if e.ID == t.ID {
			w.failf("%s is told twice", t.Type)
		}
	}
	if w.calm || w.r.IntN(10) > 0 {
		w.put(t.Type, schema.Brain, t.Payload, func(e *Event) { e.ID, e.CausedBy = t.ID, t.CausedBy })
		return
	}
	// Something came onto the log just before: the worker reads the log again.
	w.happenQuickly()
	w.put(t.Type, schema.Brain, t.Payload, func(e *Event) { e.ID, e.CausedBy = t.ID, t.CausedBy })
	w.reborn()
}

// happenQuickly is something that may cross with what the worker does.
func (w *world) happenQuickly() {
	switch w.r.IntN(3) {
	case 0:
		w.updated(fmt.Sprint("by hand ", w.r.IntN(4)))
	case 1:
		w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{Username: "mod1", Message: "!title 1", Platform: "TWITCH", IsModerator: true})
	case 2:
		w.put(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: "obs"})
	}
}

// reborn is a worker that was killed and has read the log again.
func (w *world) reborn() {
	w.note("killed")
	w.state = New(w.c)
	for _, e := range w.log {
		w.state.Add(e)
	}
}

// doAll does what is due, the worker being killed now and then in between.
func (w *world) doAll() {
	w.t.Helper()
	for range 60 {
		do, ok := w.state.Due(w.now, false)
		if !ok {
			return
		}
		w.do(do)
		if !w.calm && w.r.IntN(12) == 0 {
			w.reborn()
		}
	}
	w.failf("there is always something due")
}

func (w *world) do(do Do) {
	w.t.Helper()
	switch {
	case do.Tell != nil:
		w.own(*do.Tell)
	case do.Show != nil:
		w.state.Answered(do.Show.Ask)
	case do.Request != nil:
		w.own(Tell{Type: schema.TitleRequested, ID: do.ID, RequestID: do.ID, CausedBy: do.Request.CausedBy, Payload: do.Request.TitleRequestedPayload})
	case do.Suggest != nil:
		w.suggest(do)
	case do.Send != nil:
		w.send(do)
	}
}

func (w *world) suggest(do Do) {
	if !w.calm && w.r.IntN(6) == 0 { // the model takes its time
		w.now = w.now.Add(time.Duration(w.r.IntN(60)) * time.Second)
	}
	s := do.Suggest
	p := schema.TitleSuggestedPayload{RequestID: s.Requested.RequestID, SuggestionID: do.ID, Session: s.Requested.Session, Round: s.Round,
		Until: schema.NewTime(s.Until), Candidates: []schema.TitleCandidate{}}
	candidates := 3
	if !w.calm {
		candidates = w.r.IntN(4)
	}
	for n := range candidates {
		p.Candidates = append(p.Candidates, schema.TitleCandidate{N: n + 1, Title: fmt.Sprintf("title %d of %s", n+1, do.ID[:4])})
	}
	w.own(Tell{Type: schema.TitleSuggested, ID: do.ID, CausedBy: []string{p.RequestID}, Payload: p})
}

// send is the worker's two steps, between which it may be killed.
func (w *world) send(do Do) {
	s := do.Send
	title, _ := json.Marshal(s.Approved.Title)
	p := schema.TitleSentPayload{RequestID: s.Requested.RequestID, SuggestionID: s.Approved.SuggestionID, SentID: do.ID, Session: s.Requested.Session,
		Attempt: s.Attempt, Candidate: s.Approved.Candidate, Title: s.Approved.Title, Titles: map[string]json.RawMessage{"twitch": title},
		CommandID: CommandID(do.ID), Until: schema.NewTime(s.Until)}
	w.own(Tell{Type: schema.TitleSent, ID: do.ID, CausedBy: []string{p.SuggestionID}, Payload: p})
	if !w.calm && w.r.IntN(5) == 0 {
		w.reborn()
		return
	}
	if _, twice := w.commands[p.CommandID]; twice {
		w.failf("command %s is given twice", p.CommandID)
	}
	w.commands[p.CommandID] = command{p.SuggestionID, p.Title, p.Candidate, w.now}
	w.note("command %q", p.Title)
	if w.stubborn {
		w.refused(p.Title)
	}
}
