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
	return d + rand.N(d/10+1)
}

// alive notes bytes of a stream: the connection was good. retry is its
// reconnection time in milliseconds, negative where it has none.
func (b *backOff) alive(retry int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = 0
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
