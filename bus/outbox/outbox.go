package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	segmentBytes = 16 << 20 // a batch that is larger gets a segment of its own
	batchBytes   = 8 << 20  // a batch stops growing here; a larger entry goes alone
	queueBytes   = 32 << 20 // entries that wait for their commit, in memory
	loadedBytes  = 8 << 20  // batches that were read, in memory
	loadedCount  = 1024
	keptBuffer   = 4 << 20 // memory kept for the next batch
	trimInterval = time.Second
	maxEntry     = 1 << 30
)

// Options are the settings of an outbox; zero values mean the defaults.
type Options struct {
	MaxBytes int64 // disk space of unpublished entries before Put blocks; 1 GiB
	MaxBatch int   // entries that share one fsync; 1,024
	Disk     Disk  // nil: the directory given to Open, locked against others

	segmentSize int64 // tests make it small
}

// Entry is one durable entry. Data is shared with later calls and must not be changed. It is
// good until [Outbox.Published] has been told of the entry: then its memory is used again.
type Entry struct {
	Index uint64 // counts from 1 without holes
	Data  []byte
}

// Stats is a moment's view of an outbox.
type Stats struct {
	Entries   uint64    // durable and not published
	Bytes     int64     // disk space they and the queued ones take
	MaxBytes  int64     // where Put starts to block
	FullSince time.Time // zero when not full
	Last      uint64    // highest durable index, 0 when there never was one
	Accepted  uint64    // entries made durable since Open
}

// Outbox is a durable queue of byte strings. All methods may be called by any number of
// goroutines at once.
type Outbox struct {
	maxBytes int64
	maxBatch int
	segment  int64
	disk     Disk
	unlock   func() error

	turn    chan struct{} // held by the Put at the head of the line, so that it stays a line
	work    chan struct{} // one token: the queue is not empty
	closing chan struct{}
	stopped chan struct{}
	broken  chan struct{} // closed when failed is set
	once    sync.Once

	files  sync.Mutex    // held while reading segments and while closing them; taken before mu
	loaded loadedBatches // guarded by files

	mu        sync.Mutex
	space     signal // the queue or the outbox got room
	grown     signal // there are new durable entries
	queue     []queued
	queued    int64 // bytes in queue
	bytes     int64
	need      int64 // bytes the Put at the head of the line waits for
	fullSince time.Time
	batches   []batch // unpublished ones by index
	published uint64
	last      uint64
	accepted  uint64
	closed    bool
	failed    error

	// Only the committer touches these after Open.
	segments   []*segment // the last one is written to
	cursorFile File
	cursor     cursor   // as on disk
	seenLast   uint64   // last at the previous trim
	buffer     []byte   // the memory of the last batch written, for the next one
	spare      []queued // likewise of a queue
}

type queued struct {
	data []byte
	done func(error)
}

// cost is what an entry counts against MaxBytes before its batch is known.
func (q queued) cost() int64 { return lengthSize + int64(len(q.data)) }

// signal wakes all that wait; its owner's mutex guards it.
type signal chan struct{}

func (s *signal) raise() {
	close(*s)
	*s = make(signal)
}

// Put queues an entry, in the order of the calls, and returns before it is durable. It blocks
// while the queue or the outbox is full. When it returns an error (ctx's, ErrClosed,
// ErrTooLarge, or the failure of the disk) the entry was not queued and done is never called;
// otherwise done is called exactly once, in the order of the queue: with nil after the fsync
// that made the entry durable, with an error when that failed and it is unknown whether the
// entry will be there after a restart. The entry belongs to the outbox until then. done may be
// nil; it must be quick and must not call Put or Close, for it runs between two commits.
func (o *Outbox) Put(ctx context.Context, entry []byte, done func(error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q := queued{data: entry, done: done}
	if footprint(q.cost()) > o.maxBytes || len(entry) > maxEntry {
		return fmt.Errorf("%w: %d bytes, the outbox holds %d", ErrTooLarge, len(entry), o.maxBytes)
	}
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return ctx.Err()
	case <-o.closing:
		return ErrClosed
	}
	for {
		wait, err := o.offer(q)
		if wait == nil {
			return err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			o.forgo()
			return ctx.Err()
		}
	}
}

// offer queues q, or refuses it for good, or gives what to wait for before the next try.
func (o *Outbox) offer(q queued) (wait signal, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.need = 0
	defer o.noteFull()
	switch {
	case o.closed:
		return nil, ErrClosed
	case o.failed != nil:
		return nil, o.failed
	case o.bytes+q.cost() > o.maxBytes:
		o.need = q.cost()
		return o.space, nil
	case len(o.queue) >= o.maxBatch, len(o.queue) > 0 && o.queued+q.cost() > queueBytes:
		return o.space, nil
	}
	o.queue = append(o.queue, q)
	o.queued += q.cost()
	o.bytes += q.cost()
	select {
	case o.work <- struct{}{}:
	default:
	}
	return nil, nil
}

func (o *Outbox) forgo() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.need = 0
	o.noteFull()
}

// noteFull keeps fullSince true to the facts; mu is held.
func (o *Outbox) noteFull() {
	full := o.bytes+max(o.need, 1) > o.maxBytes
	switch {
	case full && o.fullSince.IsZero():
		o.fullSince = time.Now()
	case !full:
		o.fullSince = time.Time{}
	}
}

// Published says that the entries up to upTo need not be kept. Their space counts as free at
// once; the disk learns it within about a second and at Close, so a crash may hand them out
// again. A lower value than before changes nothing; one beyond the durable entries is an error.
func (o *Outbox) Published(upTo uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return ErrClosed
	case o.failed != nil:
		return o.failed
	case upTo > o.last:
		return fmt.Errorf("outbox: entry %d can't be published, the last one is %d", upTo, o.last)
	case upTo <= o.published:
		return nil
	}
	o.published = upTo
	for len(o.batches) > 0 {
		b := &o.batches[0]
		o.bytes -= b.release(upTo)
		if b.last() > upTo {
			break
		}
		o.batches = o.batches[1:]
	}
	o.noteFull()
	o.space.raise()
	return nil
}

// First is the lowest index that is kept, or the next one to be given when none is.
func (o *Outbox) First() uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.published + 1
}

// Failed is closed when the disk has failed: nothing more is accepted until the outbox is
// opened anew. Failure then says why.
func (o *Outbox) Failed() <-chan struct{} { return o.broken }

// Failure is why the disk failed, nil while it works.
func (o *Outbox) Failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

// Stats never blocks on the disk.
func (o *Outbox) Stats() Stats {
	o.mu.Lock()
	defer o.mu.Unlock()
	return Stats{
		Entries: o.last - o.published, Bytes: o.bytes, MaxBytes: o.maxBytes,
		FullSince: o.fullSince, Last: o.last, Accepted: o.accepted,
	}
}

// Close refuses new entries, commits the queued ones, writes the trim and releases the
// directory. It returns what went wrong with that, or the failure before it. Every call waits
// for the first to be done; only that one reports.
func (o *Outbox) Close() (err error) {
	o.once.Do(func() {
		o.mu.Lock()
		o.closed = true
		o.space.raise()
		o.grown.raise()
		o.mu.Unlock()
		close(o.closing)
		<-o.stopped
		err = o.release()
	})
	return err
}
