package title

import (
	"context"
	"errors"
	"time"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/title/life"
)

const (
	// lookEvery is how often what is due is looked for while nothing comes: time
	// alone makes things due.
	lookEvery = 250 * time.Millisecond
	// againAfter is the pause after something that could not be done.
	againAfter = 2 * time.Second
)

// loop does what is due until ctx ends. What is being done then is waited for.
func (w *Worker) loop(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.wake:
		case <-tick.C:
		case <-w.finished:
			w.mu.Lock()
			w.busy = false
			w.mu.Unlock()
		case <-ctx.Done():
			if w.isBusy() {
				<-w.finished
			}
			return
		}
		for w.advance(ctx) {
		}
		w.looks.Add(1)
	}
}

func (w *Worker) isBusy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.busy
}

// advance does the first thing that is due, or begins it; false where there is
// nothing, or it could not be done now.
func (w *Worker) advance(ctx context.Context) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil || !w.ready(ctx) {
		return false
	}
	now := w.now()
	do, ok := w.state.Due(now, w.busy || now.Before(w.notBefore))
	switch {
	case !ok:
		return false
	case do.Tell != nil:
		told, err := w.tell(ctx, *do.Tell, w.bus.Tell)
		return w.well(err) && told
	case do.Show != nil:
		return w.well(w.show(ctx, *do.Show))
	case do.Ask != nil:
		return w.well(w.ask(ctx, *do.Ask))
	}
	w.busy = true
	go func() {
		defer func() { w.finished <- struct{}{} }()
		w.begun(ctx, do)
	}()
	return true
}

// ready: this worker is the active one, and knows the log.
func (w *Worker) ready(ctx context.Context) bool {
	if !w.worker.Active() {
		return false
	}
	if w.loaded {
		return true
	}
	return w.well(w.load(ctx))
}

// begun does what takes its time.
func (w *Worker) begun(ctx context.Context, do life.Do) {
	var err error
	switch {
	case do.Request != nil:
		err = w.request(ctx, do, func() bool { return w.still(ctx, do) })
	case do.Suggest != nil:
		err = w.suggest(ctx, do)
	case do.Send != nil:
		err = w.send(ctx, do)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.well(err) {
		w.notBefore = w.now().Add(againAfter)
	}
}

// still reports whether something that took its time is due as it was: what
// happened meanwhile may have made it wrong. The lock is held.
func (w *Worker) still(ctx context.Context, do life.Do) bool {
	if ctx.Err() != nil || !w.worker.Active() || !w.loaded {
		return false
	}
	now, ok := w.state.Due(w.now(), false)
	return ok && now.ID == do.ID && now.Tell == nil
}

// well notes what is in the way, and says it once until it changes.
func (w *Worker) well(err error) bool {
	if err == nil {
		if w.trouble.Swap(nil) != nil {
			w.log.Info().Msg("titles go on")
		}
		return true
	}
	if errors.Is(err, context.Canceled) {
		return false
	}
	if errors.Is(err, bus.ErrOvertaken) {
		// Another worker was active: what it did is on the log.
		w.loaded = false
	}
	why := err.Error()
	if before := w.trouble.Swap(&why); before == nil || *before != why {
		w.log.Warn().Err(err).Msg("titles are held; will try again")
	}
	return false
}

// show answers a person in chat. The answer is lost where Streamer.bot takes no
// messages; nothing depends on it.
func (w *Worker) show(ctx context.Context, s life.Show) error {
	w.state.Answered(s.Ask)
	m, err := w.command(schema.OwnID(s.Ask, schema.ControlSendMessage, 0), schema.ControlSendMessage,
		schema.SendMessagePayload{Platform: s.Platform, Message: s.Text, Bot: true}, "", s.Ask)
	if err != nil {
		return err
	}
	_, err = w.bus.Tell(ctx, m)
	return err
}
