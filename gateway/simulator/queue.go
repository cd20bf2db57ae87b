package simulator

import (
	"context"
	"time"

	"promethean/gateway/simulator/internal/evening"
)

// queueLength is how many runs may wait; a client that asks for more waits for its turn, and the
// requests behind it with it.
const queueLength = 1024

// job is something that Streamer.bot's action queue does: a run, or what a code trigger sets off.
type job struct {
	due time.Time
	do  func(context.Context)
}

// enqueue lets the queue do something once the time that a Streamer.bot needs has passed. It gives up
// with the connection that asked.
func (c *session) enqueue(do func(context.Context)) error {
	select {
	case c.server.queue <- job{time.Now().Add(c.server.opt.ActionDelay), do}:
		return nil
	case <-c.ctx.Done():
		return errGone
	}
}

// work does what is queued, one after the other, until the context ends. What is still queued then is
// forgotten, as when Streamer.bot is closed.
func (s *Server) work(ctx context.Context) {
	defer func() {
		for len(s.queue) > 0 {
			<-s.queue
		}
	}()
	for {
		select {
		case j := <-s.queue:
			if TakeTime(time.Until(j.due))(ctx, s, nil) != nil {
				return
			}
			j.do(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// perform does one run, between Raw.Action and Raw.ActionCompleted.
func (s *Server) perform(ctx context.Context, run *Run) {
	run.started = s.opt.Clock()
	// Emit fails only with ctx, which ends work too.
	_ = s.Emit(ctx, "Raw", "Action", run.begun())
	var err error
	if run.Action.Do != nil {
		err = run.Action.Do(ctx, s, run)
	}
	if ctx.Err() != nil {
		return
	}
	run.completed, run.success = s.opt.Clock(), err == nil
	if s.opt.since("0.1.17") {
		_ = s.Emit(ctx, "Raw", "ActionCompleted", run.ended())
	}
	fact := map[string]any{"action": run.Action.Name, "run": run.ID, "success": run.success}
	if err != nil {
		fact["error"] = err.Error()
	}
	s.tell(fact)
}

// begun is the data of Raw.Action (recorded in 2023).
func (r *Run) begun() map[string]any {
	return map[string]any{"id": r.ID, "actionId": r.Action.ID, "name": r.Action.Name, "arguments": r.Args}
}

// ended is the data of Raw.ActionCompleted (recorded in 2023); duration is in milliseconds.
func (r *Run) ended() map[string]any {
	data := r.begun()
	data["duration"] = float64(r.completed.Sub(r.started)) / float64(time.Millisecond)
	data["queuedAt"] = evening.Stamp(r.queued)
	data["startedAt"] = evening.Stamp(r.started)
	data["completedAt"] = evening.Stamp(r.completed)
	data["success"] = r.success
	data["excludeFromHistory"] = false
	return data
}
