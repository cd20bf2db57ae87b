package ailicia

import (
	"sync"
	"sync/atomic"
	"time"

	"promethean/schema"
)

// outlet hands drafts on, one after the other, and notes how long that takes.
// A gap waits in it for the first event after it, for a while.
type outlet struct {
	clock   func() time.Time
	most    time.Duration
	horizon *horizon
	// since is when the emit that is going on began; nil when none is.
	since atomic.Pointer[time.Time]

	mu   sync.Mutex
	emit func(schema.Draft)
	held *heldGap
}

// heldGap is a gap that is not told yet; draft makes it, with the first event
// after it where one came.
type heldGap struct {
	from  time.Time
	draft func(after *schema.EventRef) schema.Draft
	late  *time.Timer
}

// send emits d, before it the gap that waited for it, and behind it a gap where
// that took too long: as long as nothing is read the server may give up on us.
// first names d where a gap is to name it.
func (o *outlet) send(d schema.Draft, first *schema.EventRef, full func(from, to time.Time) schema.Draft) {
	from, began := o.clock(), time.Now()
	o.mu.Lock() // where a gap may be that is held up
	defer o.mu.Unlock()
	if first != nil {
		o.tell(first)
	}
	o.put(d, d.Trace.ReceivedAt)
	for time.Since(began) >= o.most {
		gap, at := full(from, o.clock()), from
		from, began = o.clock(), time.Now()
		o.put(gap, at)
	}
}

// put is called with the lock; at is from when on something would be missing if d
// were lost.
func (o *outlet) put(d schema.Draft, at time.Time) {
	kept, own := o.horizon.hand(at), d.Done
	d.Done = func(err error) {
		kept(err)
		if own != nil {
			own(err)
		}
	}
	now := o.clock()
	o.since.Store(&now)
	o.emit(d)
	o.since.Store(nil)
}

// hold keeps a gap back for at most wait. The horizon owes it already.
func (o *outlet) hold(g *heldGap, wait time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g.late = time.AfterFunc(wait, func() { o.flush(g) })
	o.held = g
}

// flush tells a gap that waited long enough; nil is any.
func (o *outlet) flush(g *heldGap) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if g == nil || g == o.held {
		o.tell(nil)
	}
}

// tell is called with the lock.
func (o *outlet) tell(after *schema.EventRef) {
	g := o.held
	if g == nil {
		return
	}
	o.held = nil
	g.late.Stop()
	o.put(g.draft(after), g.from)
	o.horizon.owe(time.Time{})
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
