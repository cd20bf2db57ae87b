package simulator

import (
	"context"
	"sync"
)

// Drop closes every connection abruptly, without a close frame, as a crash does. It does not wait
// for the connections' ends; Wait does.
func (s *Server) Drop() {
	for _, c := range s.snapshot() {
		c.kill()
	}
}

// Stall makes the server a dead peer: connections stay open, but nothing is read, written or ponged,
// and new ones are not answered, until Stall(false).
func (s *Server) Stall(on bool) { s.stall.set(on) }

// gate is open at first; while shut, those who pass have to wait.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // nil while open
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case shut && g.open == nil:
		g.open = make(chan struct{})
	case !shut && g.open != nil:
		close(g.open)
		g.open = nil
	}
}

func (g *gate) shut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open != nil
}

// pass blocks while the gate is shut.
func (g *gate) pass(ctx context.Context) error {
	for {
		g.mu.Lock()
		open := g.open
		g.mu.Unlock()
		if open == nil {
			return nil
		}
		select {
		case <-open:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
