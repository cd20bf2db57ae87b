package eventstream

import (
	"math/rand/v2"
	"sync"
	"time"
)

// maxRetry bounds the reconnection time that a stream can ask for.
const maxRetry = 5 * time.Minute

// backOff says how long to wait before the next connection. The library asks
// in one goroutine; bytes come in another.
type backOff struct {
	first, most time.Duration

	mu       sync.Mutex
	failures int
	// opened is when a stream last stood, zero where none has since the last wait,
	// which was of last; gave says that an event came by it.
	opened time.Time
	gave   bool
	last   time.Duration
	// asked is the stream's own reconnection time, after the floor of the next
	// wait only.
	asked, after time.Duration
}

// Reset is the library's at each beginning; what a stream asked for outlives it.
func (b *backOff) Reset() {}

// NextBackOff is the library's question.
func (b *backOff) NextBackOff() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	// A server that answers and is gone again is as bad as one that does not.
	if b.gave || !b.opened.IsZero() && time.Since(b.opened) >= b.last {
		b.failures = 0
	}
	b.opened, b.gave = time.Time{}, false
	base := max(b.first, b.asked)
	d := base
	for range b.failures {
		if d >= b.most {
			break
		}
		d *= 2
	}
	d = max(min(d, b.most), base, b.after)
	b.after = 0
	b.failures++
	b.last = d + rand.N(d/10+1)
	return b.last
}

// open notes that a stream stands. It was good once it gave an event, or
// outlived the wait before it.
func (b *backOff) open() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = time.Now()
}

// event notes an event of the stream that stands.
func (b *backOff) event() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gave = true
}

// ask takes a stream's reconnection time in milliseconds; negative is none.
func (b *backOff) ask(retry int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if retry >= 0 {
		b.asked = time.Duration(min(retry, maxRetry.Milliseconds())) * time.Millisecond
	}
}

// atLeast is the floor of the next wait.
func (b *backOff) atLeast(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.after = max(b.after, d)
}
