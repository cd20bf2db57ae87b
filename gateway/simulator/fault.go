package simulator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/coder/websocket"
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

// Close ends every connection with a close frame, as when a server restarts politely. It does not wait
// for the connections' ends. The code is one that may be sent (RFC 6455 section 7.4): 1000 to 1003, 1007
// to 1014, 3000 to 4999; the reason has at most 123 bytes.
func (s *Server) Close(code int, reason string) error {
	allowed := code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999
	if !allowed || len(reason) > 123 {
		return fmt.Errorf("simulator: close with code %d and a reason of %d bytes: no such close frame can be sent; try 1001 and at most 123 bytes", code, len(reason))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return nil
	}
	for _, c := range s.sessions {
		s.running.Go(func() { c.close(&goodbye{websocket.StatusCode(code), reason}) })
	}
	return nil
}

// Duplicate sends each of the next n events twice, to the byte the same.
func (s *Server) Duplicate(n int) { s.doubles.Store(int64(n)) }

// Oversize sends a General.Custom event of the given number of bytes to every client, whatever it
// subscribed to.
func (s *Server) Oversize(ctx context.Context, size int) error {
	const head, tail = `{"timeStamp":"2026-03-04T19:12:44.1020334+01:00","event":{"source":"General","type":"Custom"},"data":"`, `"}`
	body := head + strings.Repeat("x", max(0, size-len(head)-len(tail))) + tail
	return s.toAll(ctx, websocket.MessageText, body)
}

// garbage are frames that a client can only survive, by name.
var garbage = map[string]string{
	"text":      "Streamer.bot is thinking…",
	"truncated": `{"timeStamp":"2026-03-04T19:20:00.1+01:00","event":{"source":"Twitch","type":"ChatMessage"},"data":{"text":"hal`,
	"binary":    "\x00\x01\xfe\xff",
	"utf8":      `{"timeStamp":"2026-03-04T19:20:00.1+01:00","event":{"source":"Twitch","type":"ChatMessage"},"data":{"text":"` + "\xff\xfe" + `"}}`,
	"deep":      `{"timeStamp":"2026-03-04T19:20:00.1+01:00","event":{"source":"General","type":"Custom"},"data":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	"empty":     "",
	"null":      "null",
	"array":     `[{"event":{"source":"Twitch","type":"ChatMessage"}}]`,
}

// Garbage sends a frame that is no event to every client: text, truncated, binary, utf8 (not valid), deep
// (nested 5000 times), empty, null or array. Of utf8 the RFC wants that clients close with 1007.
func (s *Server) Garbage(ctx context.Context, kind string) error {
	body, ok := garbage[kind]
	if !ok {
		return fmt.Errorf("simulator: there is no garbage %q, only %s", kind, strings.Join(slices.Sorted(maps.Keys(garbage)), ", "))
	}
	if kind == "binary" {
		return s.toAll(ctx, websocket.MessageBinary, body)
	}
	return s.toAll(ctx, websocket.MessageText, body)
}

func (s *Server) toAll(ctx context.Context, kind websocket.MessageType, body string) error {
	_, err := s.deliver(ctx, message{kind: kind, body: []byte(body), event: &event{}})
	return err
}

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
