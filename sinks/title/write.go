package title

import (
	"context"
	"slices"

	"promethean/schema"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
)

// Write folds a batch of the log. What is on the log more often than once
// changes nothing.
func (w *Worker) Write(ctx context.Context, batch []schema.Recorded) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.loaded {
		if err := w.load(ctx); err != nil {
			return err
		}
	}
	for _, r := range batch {
		if w.crossed(r) {
			if err := w.load(ctx); err != nil {
				w.loaded = false
				return err
			}
		}
		if r.Seq > w.seq {
			w.fold(r)
		}
	}
	w.rouse()
	return nil
}

// crossed reports whether an event that matters in its order came onto the log
// before an own one that has been folded already. What the state is then, the
// log says.
func (w *Worker) crossed(r schema.Recorded) bool {
	if len(w.ahead) == 0 || r.Seq <= w.seq || w.ahead[r.Seq] {
		return false
	}
	e := life.Read(r)
	return e.Type != schema.ChatMessage && !slices.Contains(facts.ChatTypes(), e.Type) || e.Type == schema.ChatMessage && life.IsOrder(e)
}

// fold takes in one event, which is the next of the log or an own one that was
// just published. The lock is held.
func (w *Worker) fold(r schema.Recorded) {
	w.seq = max(w.seq, r.Seq)
	if w.ahead[r.Seq] {
		delete(w.ahead, r.Seq)
		return
	}
	w.add(r)
}

func (w *Worker) add(r schema.Recorded) {
	e := life.Read(r)
	if e.Rehearsal {
		return
	}
	w.state.Add(e)
	if key, _ := w.state.Session(); key != "" && key != w.session {
		w.session = key
		w.facts.Begin()
		w.quotes, w.names = gate.NewQuotes(), gate.NewNames()
	}
	w.facts.Add(facts.Event{ID: e.ID, Type: e.Type, Provider: e.Provider, Source: e.Source, At: e.At, Channel: e.Channel, Payload: e.Payload})
	if e.Type == schema.ChatMessage && !life.IsOrder(e) {
		w.hear(e)
	}
}

// hear remembers what was said and who said it, so that no title repeats it:
// also what was taken away later.
func (w *Worker) hear(e life.Event) {
	p, caption, err := schema.ParseChat(e.Payload)
	if err != nil || caption {
		return
	}
	w.quotes.Add(p.Message)
	w.names.Add(p.Username)
	w.names.Add(p.DisplayName)
}

// rouse has the loop look at what is due.
func (w *Worker) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
