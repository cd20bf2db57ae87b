package title

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/life"
)

// request says that titles are asked for, with all that they may draw on, where
// that is still due when the mood is known.
func (w *Worker) request(ctx context.Context, do life.Do, still func() bool) error {
	mood := w.mood(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !still() {
		return nil
	}
	p := do.Request.TitleRequestedPayload
	_, since := w.state.Session()
	f, drawn := w.facts.At(w.now(), since)
	f.Session, f.Trigger, f.Note, f.Mood, f.Tried = p.Session, p.Trigger, p.Note, mood, w.state.Tried()
	if do.Request.Game != "" {
		f.Category = do.Request.Game
	}
	if do.Request.Title != "" {
		f.Title = do.Request.Title
	}
	body, err := json.Marshal(f)
	if err == nil {
		err = json.Unmarshal(body, &p.Context)
	}
	if err == nil {
		body, err = json.Marshal(p.Context)
	}
	if err != nil {
		return fmt.Errorf("title: write the context: %w", err)
	}
	sum := sha256.Sum256(body)
	p.ContextHash, p.DrawnFrom, p.SentDateTime = hex.EncodeToString(sum[:]), drawn, schema.NewTime(w.now())
	_, err = w.tell(ctx, life.Tell{
		Type: schema.TitleRequested, ID: p.RequestID, RequestID: p.RequestID, CausedBy: do.Request.CausedBy, Channel: do.Request.Channel, Payload: p,
	}, w.bus.Tell)
	return err
}

// Now is the context that titles would be made from if an operator asked for them
// now. It only reads; an error is of the bus or of o.
func Now(ctx context.Context, o Options) (facts.Facts, error) {
	w, err := Open(o)
	if err != nil {
		return facts.Facts{}, err
	}
	defer w.bus.Close()
	wait, cancel := context.WithTimeout(ctx, nowTime)
	defer cancel()
	if err := w.bus.Wait(wait); err != nil {
		return facts.Facts{}, fmt.Errorf("title: %w", err)
	}
	mood := w.mood(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.load(ctx); err != nil {
		return facts.Facts{}, err
	}
	session, since := w.state.Session()
	f, _ := w.facts.At(w.now(), since)
	f.Session, f.Trigger, f.Mood, f.Tried = session, schema.TriggerOperator, mood, w.state.Tried()
	return f, nil
}

// nowTime bounds the wait for the bus.
const nowTime = 5 * time.Second

// moodTime bounds the question for the mood.
const moodTime = 3 * time.Second

// mood is the settings' or Streamer.bot's. A title can do without.
func (w *Worker) mood(ctx context.Context) string {
	if w.o.Mood != "" {
		return w.o.Mood
	}
	ctx, cancel := context.WithTimeout(ctx, moodTime)
	defer cancel()
	var answer schema.MoodAnswer
	body, err := w.bus.Ask(ctx, schema.AskSubject(schema.StreamerBot, w.o.Tenant, schema.AskMood))
	if err == nil {
		err = json.Unmarshal(body, &answer)
	}
	if err != nil || answer.Error != "" {
		w.log.Debug().Err(err).Str("answer", answer.Error).Msg("the mood is not known")
	}
	return answer.Mood
}
