package simulator

import (
	"maps"
	"sync"
	"time"
)

// FaultKind is what goes wrong with an answer.
type FaultKind int

const (
	// Ignore neither acts on the request nor answers it.
	Ignore FaultKind = iota + 1
	// Mute acts on it, but never answers.
	Mute
	// Refuse answers with Fault.Error and does not act.
	Refuse
	// Late acts at once and answers after Fault.Delay; whatever else is to be sent goes first.
	Late
	// Swap acts at once and answers right after the answer to the connection's next request.
	Swap
	// HangUp acts and then drops the connection in place of answering.
	HangUp
)

// Fault is what goes wrong with the answers to one request.
type Fault struct {
	Request string // its name, in the reference's spelling; "*" for any
	Kind    FaultKind
	Times   int           // how often it happens; 0 for ever
	Error   string        // of Refuse
	Delay   time.Duration // of Late
}

// faults are those in force, and the count of what was asked.
type faults struct {
	mu    sync.Mutex
	list  []Fault
	asked map[string]uint64
}

// Misanswer orders a fault. Of several for one request the first comes first, until its Times are over.
func (s *Server) Misanswer(f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, f)
}

// Heal ends all faults that Misanswer, Duplicate and Stall began.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	s.faults.list = nil
	s.faults.mu.Unlock()
	s.Duplicate(0)
	s.Stall(false)
}

// Asked counts the requests so far by name, those with a fault too. Unknown ones are under "".
func (s *Server) Asked() map[string]uint64 {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return maps.Clone(s.faults.asked)
}

// take counts a request and gives what shall go wrong with it; the zero Fault is nothing.
func (f *faults) take(name string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.asked == nil {
		f.asked = map[string]uint64{}
	}
	if _, known := requests[name]; known {
		f.asked[name]++
	} else {
		f.asked[""]++
	}
	for i, fault := range f.list {
		if fault.Request != name && fault.Request != "*" {
			continue
		}
		if f.list[i].Times--; fault.Times == 1 {
			f.list = append(f.list[:i:i], f.list[i+1:]...)
		}
		return fault
	}
	return Fault{}
}

// faulty sends, holds back or forgets an answer as its request's fault says.
func (c *session) faulty(f Fault, body []byte) error {
	switch f.Kind {
	case Mute, HangUp:
		return nil
	case Late:
		c.late.Go(func() { c.sendAfter(f.Delay, body) })
		return nil
	case Swap:
		c.held = append(c.held, body)
		return nil
	}
	err := c.send(body)
	for _, held := range c.held {
		if err == nil {
			err = c.send(held)
		}
	}
	c.held = nil
	return err
}

func (c *session) sendAfter(delay time.Duration, body []byte) {
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
		if c.send(body) != nil {
			c.kill() // too slow: what an answer in time would have done
		}
	case <-c.ctx.Done():
	}
}
