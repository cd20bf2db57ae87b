package streamerbot

import (
	"sync"

	"promethean/schema"
)

// maxEarly bounds what is held back during one handshake, in bytes.
const maxEarly = 4 << 20

// early holds back what the reader has until source.connected is emitted:
// Streamer.bot sends events before its answer to Subscribe. More than maxEarly
// of them go on without it, as memory counts for more than this order.
type early struct {
	mu    sync.Mutex
	open  bool
	bytes int
	held  []schema.Draft
}

// emit hands on what the reader made of a frame. The lock keeps the order.
func (s *session) emit(d schema.Draft) {
	e := &s.early
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.open {
		e.held = append(e.held, d)
		// The rest of a draft takes less than 1 KiB.
		e.bytes += 1<<10 + len(d.Raw) + len(d.Payload)
		if d.Refusal != nil {
			e.bytes += len(d.Refusal.Bytes)
		}
		if e.bytes > maxEarly {
			s.openEarly()
		}
		return
	}
	s.send(d)
}

// release emits first, then what was held back; from then on nothing is.
func (s *session) release(first ...schema.Draft) {
	s.early.mu.Lock()
	defer s.early.mu.Unlock()
	for _, d := range first {
		s.send(d)
	}
	s.openEarly()
}

// openEarly is called with the lock.
func (s *session) openEarly() {
	e := &s.early
	e.open = true
	for _, d := range e.held {
		s.send(d)
	}
	e.held = nil
}

// send counts a draft and hands it on.
func (s *session) send(d schema.Draft) {
	if d.Refusal != nil {
		s.source.tally.refused.Add(1)
	} else {
		s.source.tally.emitted.Add(1)
	}
	s.source.outlet.send(d, s.fullGap)
}
