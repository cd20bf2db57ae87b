package ailicia

import (
	"sync"
	"time"

	"promethean/schema"
)

// horizon knows up to when everything that came is safely kept: what was handed
// on and is not on disk yet would be gone with this program.
type horizon struct {
	mu      sync.Mutex
	waiting []time.Time
	// lost is the earliest time of what never will be kept.
	lost time.Time
	// owed is the beginning of a gap that is not handed on yet.
	owed time.Time
	// lastID is of the last event that is kept, with all before it; lastEvent is
	// the last that is no dead letter.
	lastID    string
	lastEvent *schema.EventRef
}

// hand notes a draft of what happened at t. What it returns is called once it is
// on disk or never will be, in the order of handing on.
func (h *horizon) hand(t time.Time) (done func(error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting = append(h.waiting, t)
	return func(err error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		first := h.waiting[0]
		h.waiting = h.waiting[1:]
		if err != nil && (h.lost.IsZero() || first.Before(h.lost)) {
			h.lost = first
		}
	}
}

// kept notes the id of an event that is on disk. Behind one that was lost the
// resume point stays: the server is to send that again.
func (h *horizon) kept(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lost.IsZero() {
		h.lastID = id
	}
}

// keptEvent notes an event that is on disk, likewise.
func (h *horizon) keptEvent(e *schema.EventRef) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lost.IsZero() {
		h.lastEvent = e
	}
}

// owe notes a gap that will be handed on later; the zero time says that it was.
func (h *horizon) owe(from time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.owed = from
}

func (h *horizon) last() string {
	id, _ := h.point()
	return id
}

// point is where a restart goes on.
func (h *horizon) point() (id string, event *schema.EventRef) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lastID, h.lastEvent
}

// bound is seen, or an earlier time from which something may be missing.
func (h *horizon) bound(seen time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	earlier := func(t time.Time) {
		if !t.IsZero() && t.Before(seen) {
			seen = t
		}
	}
	if len(h.waiting) > 0 {
		earlier(h.waiting[0])
	}
	earlier(h.lost)
	earlier(h.owed)
	return seen
}
