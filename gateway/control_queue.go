package gateway

import (
	"context"
	"sync"
	"time"

	"promethean/schema"
)

// task is a command that is taken. end is to be called with how it ended; all
// calls but the first do nothing.
type task struct {
	command schema.Command
	end     func(schema.ActionPayload)
}

// queue holds tasks in order until they are handed over or their deadline
// passes, whichever is first, also behind one that is waited for long.
type queue struct {
	now func() time.Time

	mu    sync.Mutex
	tasks []*task
	// changed is closed when a task came, and replaced.
	changed chan struct{}
}

func newQueue(now func() time.Time) *queue {
	return &queue{now: now, changed: make(chan struct{})}
}

func (q *queue) push(t *task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tasks = append(q.tasks, t)
	close(q.changed)
	q.changed = make(chan struct{})
}

// pop takes the first task; nil when there is none.
func (q *queue) pop() *task {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return nil
	}
	t := q.tasks[0]
	q.tasks = q.tasks[1:]
	return t
}

// next waits for the first task; nil when ctx ends.
func (q *queue) next(ctx context.Context) *task {
	for ctx.Err() == nil {
		changed := q.change()
		if t := q.pop(); t != nil {
			return t
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
	return nil
}

func (q *queue) change() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.changed
}

// expire gives out tasks whose deadline has passed until ctx ends.
func (q *queue) expire(ctx context.Context, expired func(*task)) {
	for ctx.Err() == nil {
		changed := q.change()
		late, wait := q.late()
		for _, t := range late {
			expired(t)
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// late takes the tasks that are late and says how long the next has.
func (q *queue) late() (late []*task, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now, kept := q.now(), q.tasks[:0:0]
	wait = deadlineMost
	for _, t := range q.tasks {
		left := t.command.Deadline.Sub(now)
		if left <= 0 {
			late = append(late, t)
			continue
		}
		kept, wait = append(kept, t), min(wait, left)
	}
	q.tasks = kept
	return late, wait
}
