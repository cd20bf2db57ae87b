package streamerbot

import (
	"sync"
	"sync/atomic"
	"time"

	"promethean/schema"
)

// outlet hands drafts on, one after the other, and notes how long that takes.
type outlet struct {
	mu    sync.Mutex
	emit  func(schema.Draft)
	clock func() time.Time
	// most is how long emit may block without it being a gap.
	most time.Duration
	// since is when the emit that is going on began; nil when none is.
	since atomic.Pointer[time.Time]
}

// send emits d and, where that blocked for too long, the gap: as long as
// nothing was read, Streamer.bot may have given up on us. The lock keeps the
// gap next to the draft that it follows.
func (o *outlet) send(d schema.Draft, gap func(from, to time.Time) schema.Draft) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		from, began := o.clock(), time.Now()
		o.since.Store(&from)
		o.emit(d)
		o.since.Store(nil)
		if time.Since(began) < o.most {
			return
		}
		d = gap(from, o.clock()) // which may be held up as well
	}
}

// blockedSince is since when the outbox has been full; zero where emit works
// or has not blocked for long.
func (o *outlet) blockedSince() time.Time {
	since := o.since.Load()
	if since == nil || o.clock().Sub(*since) < o.most {
		return time.Time{}
	}
	return *since
}
