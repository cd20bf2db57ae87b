package outbox

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// run is the committer: the one goroutine that writes. Close waits for it.
func (o *Outbox) run() {
	defer close(o.stopped)
	tick := time.NewTicker(trimInterval)
	defer tick.Stop()
	for {
		select {
		case <-o.work:
			o.commit()
		case <-tick.C:
			o.fail(o.trim(false))
		case <-o.closing:
			for o.commit() {
			}
			o.fail(o.trim(true))
			return
		}
	}
}

// commit makes the head of the queue durable and reports whether there was one.
func (o *Outbox) commit() bool {
	items, cost := o.take()
	if len(items) == 0 {
		return false
	}
	b, err := o.write(items)
	if err != nil {
		o.fail(err)
		finish(items, err)
		return true
	}
	o.mu.Lock()
	o.batches = append(o.batches, b)
	o.bytes += b.size - cost
	o.last = b.last()
	o.accepted += uint64(b.count)
	o.noteFull()
	o.grown.raise()
	o.mu.Unlock()
	finish(items, nil)
	clear(items)
	o.spare = items[:0]
	return true
}

// take removes the next batch from the queue and gives it with what it counted so far.
func (o *Outbox) take() (items []queued, cost int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for n < len(o.queue) && n < o.maxBatch && (n == 0 || cost+o.queue[n].cost() <= batchBytes) {
		cost += o.queue[n].cost()
		n++
	}
	items, o.queue = o.queue[:n:n], o.queue[n:]
	o.queued -= cost
	if len(o.queue) > 0 {
		select {
		case o.work <- struct{}{}:
		default:
		}
	} else {
		o.queue, o.spare = o.spare, nil
	}
	if n > 0 {
		o.space.raise()
	}
	return items, cost
}

// finish calls the done functions of a batch in order.
func finish(items []queued, err error) {
	for _, q := range items {
		if q.done != nil {
			q.done(err)
		}
	}
}

// fail puts the outbox in its failed state for good; the first error stays. A nil changes
// nothing.
func (o *Outbox) fail(err error) {
	if err == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil {
		o.failed = err
		close(o.broken)
	}
	o.space.raise()
	o.grown.raise()
}

// write makes one batch durable. After a failure it refuses: what the disk then holds is not
// known, and a second fsync that succeeds would prove nothing.
func (o *Outbox) write(items []queued) (batch, error) {
	o.mu.Lock()
	err := o.failed
	o.mu.Unlock()
	if err != nil {
		return batch{}, err
	}
	b, err := o.store(items)
	if err != nil {
		return batch{}, fmt.Errorf("outbox: %w; nothing more is accepted, check the disk and restart", err)
	}
	return b, nil
}

func (o *Outbox) store(items []queued) (batch, error) {
	entries := make([][]byte, len(items))
	body := int64(0)
	for i, q := range items {
		entries[i] = q.data
		body += q.cost()
	}
	tail := o.segments[len(o.segments)-1]
	if tail.size > 0 && tail.size+footprint(body) > o.segment {
		var err error
		if tail, err = o.rotate(); err != nil {
			return batch{}, err
		}
	}
	b := batch{seg: tail, off: tail.size, size: footprint(body), first: tail.last + 1, count: uint32(len(items))}
	data := appendBatch(o.buffer, tail.salt, b.first, entries)
	if len(data) <= keptBuffer {
		o.buffer = data
	}
	if _, err := tail.file.WriteAt(data, b.off); err != nil {
		return batch{}, fmt.Errorf("write %s: %w", tail.name, err)
	}
	if err := tail.file.Sync(); err != nil {
		return batch{}, fmt.Errorf("sync %s: %w", tail.name, err)
	}
	tail.size += b.size
	tail.last = b.last()
	return b, nil
}

// rotate starts a new segment behind the last one, whose batches are all durable.
func (o *Outbox) rotate() (*segment, error) {
	base := uint64(1)
	if n := len(o.segments); n > 0 {
		base = o.segments[n-1].last + 1
	}
	var salt [8]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return nil, fmt.Errorf("salt of a segment: %w", err)
	}
	s := &segment{base: base, salt: binary.LittleEndian.Uint64(salt[:]), last: base - 1}
	s.name = segmentName(s.base, s.salt)
	var err error
	if s.file, err = o.disk.Open(s.name); err != nil {
		return nil, fmt.Errorf("create %s: %w", s.name, err)
	}
	o.segments = append(o.segments, s)
	if err := o.disk.SyncDir(); err != nil {
		return nil, fmt.Errorf("sync the directory of %s: %w", s.name, err)
	}
	return s, nil
}

// trim writes the cursor when it moved and then deletes the segments it made useless. The
// tail is replaced first when all of it is published and nothing was added since the last
// trim, or when closing.
func (o *Outbox) trim(closing bool) error {
	o.mu.Lock()
	next := cursor{seq: o.cursor.seq + 1, published: o.published, last: o.last}
	failed := o.failed
	o.mu.Unlock()
	if failed != nil {
		return nil
	}
	if next.published != o.cursor.published || next.last != o.cursor.last {
		if err := writeCursor(o.cursorFile, next); err != nil {
			return fmt.Errorf("outbox: %w; check the disk and restart", err)
		}
		o.cursor = next
	}
	quiet := closing || o.seenLast == next.last
	o.seenLast = next.last
	tail := o.segments[len(o.segments)-1]
	if quiet && tail.size > 0 && tail.last <= o.cursor.published {
		if _, err := o.rotate(); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
	}
	if err := o.removeDead(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// removeDead deletes the segments that the cursor on disk no longer needs.
func (o *Outbox) removeDead() error {
	dead := 0
	for dead < len(o.segments)-1 && o.segments[dead].last <= o.cursor.published {
		dead++
	}
	if dead == 0 {
		return nil
	}
	o.files.Lock()
	defer o.files.Unlock()
	o.loaded.forget(o.cursor.published)
	for _, s := range o.segments[:dead] {
		if err := errors.Join(s.file.Close(), o.disk.Remove(s.name)); err != nil {
			return fmt.Errorf("remove %s: %w", s.name, err)
		}
	}
	o.segments = append([]*segment(nil), o.segments[dead:]...)
	return o.disk.SyncDir()
}
