package streamerbot

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"promethean/schema"
)

// run is an action that a command runs.
type run struct {
	action schema.ActionRef
	ended  func(schema.ActionPayload)
	// sent says that DoAction is or may be on its way.
	sent  bool
	limit *time.Timer
}

// runs are the pending ones of one connection, by command id. Whoever takes a
// run out ends it, so each ends once.
type runs struct {
	mu      sync.Mutex
	pending map[string]*run
	// lost says that the connection has ended: nothing is added any more.
	lost bool
	// idle has a token when the last run was taken out.
	idle chan struct{}

	// turn is held while subscribing or unsubscribing. Under it are asked, that
	// the subscription may stand, and heard, that it surely does.
	turn         chan struct{}
	asked, heard bool
	// source and kind are the event's names in the server's own spelling; empty
	// where it has none.
	source, kind string
}

func newRuns() runs {
	return runs{pending: map[string]*run{}, idle: make(chan struct{}, 1), turn: make(chan struct{}, 1)}
}

func (r *runs) add(id string, added *run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost {
		return false
	}
	r.pending[id] = added
	return true
}

// sending notes that DoAction is about to be sent; false when the connection
// has ended.
func (r *runs) sending(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pending := r.pending[id]; pending != nil && !r.lost {
		pending.sent = true
		return true
	}
	return false
}

// queued gives a run that Streamer.bot has taken the time to end.
func (r *runs) queued(id string, within time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pending := r.pending[id]; pending != nil {
		pending.limit = time.AfterFunc(within, func() {
			r.end(id, unknown(fmt.Sprintf("Streamer.bot has queued the action and did not say within %s that it ran", within)))
		})
	}
}

// drop takes a run out; nil when it has ended already.
func (r *runs) drop(id string) *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	dropped := r.pending[id]
	delete(r.pending, id)
	if dropped != nil && dropped.limit != nil {
		dropped.limit.Stop()
	}
	if len(r.pending) == 0 {
		select {
		case r.idle <- struct{}{}:
		default:
		}
	}
	return dropped
}

// runs reports whether the run is pending and is one of that action; no action
// is any.
func (r *runs) runs(id, action string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	pending := r.pending[id]
	return pending != nil && (action == "" || strings.EqualFold(action, pending.action.ID))
}

func (r *runs) end(id string, p schema.ActionPayload) {
	if ended := r.drop(id); ended != nil {
		p.Action = &ended.action
		ended.ended(p)
	}
}

// abandon ends all that were sent, for the connection is gone.
func (r *runs) abandon(reason error) {
	r.mu.Lock()
	r.lost = true
	sent := maps.Clone(r.pending)
	maps.DeleteFunc(sent, func(_ string, pending *run) bool { return !pending.sent })
	r.mu.Unlock()
	for id := range sent {
		r.end(id, unknown(fmt.Sprintf("the connection to Streamer.bot ended (%s) before it said that the action ran; it is not repeated", clip(reason.Error()))))
	}
}

func (r *runs) none() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.pending) == 0
}
