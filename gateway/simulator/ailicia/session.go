package ailicia

import (
	"context"
	"net"
	"net/http"
	"slices"
	"time"
)

// ending is how a stream ends behind a message.
type ending int

const (
	goesOn ending = iota
	ends          // the body is complete
	drops         // the connection closes inside the body
	resets        // TCP RST
)

// message is bytes on their way to a client.
type message struct {
	body    []byte
	isEvent bool
	ending  ending
}

// ping is a keep-alive comment.
const ping = ":ping\n\n"

// session is one stream to one client.
type session struct {
	server *Server
	filter filter
	w      http.ResponseWriter
	wire   *http.ResponseController
	queue  chan message
	cut    context.CancelFunc
	isCut  context.Context
}

func newSession(s *Server, w http.ResponseWriter, f filter) *session {
	c := &session{server: s, filter: f, w: w, wire: http.NewResponseController(w), queue: make(chan message, s.opt.Queue)}
	c.isCut, c.cut = context.WithCancel(context.Background())
	return c
}

// offer queues a message, or cuts a client off whose queue is full.
func (c *session) offer(m message) {
	select {
	case c.queue <- m:
		c.server.tally.update(func(t *Stats) { t.Queued++ })
	default:
		c.cut()
		_ = c.wire.SetWriteDeadline(time.Unix(1, 0)) // wakes a blocked write; a server without deadlines has none
	}
}

// run writes the stream until it ends.
func (c *session) run(ctx context.Context) {
	defer c.cut()
	defer c.forget()
	c.w.Header().Set("Content-Type", "text/event-stream")
	c.w.Header().Set("Cache-Control", "no-cache")
	if c.wire.Flush() != nil {
		return
	}
	alive := time.NewTicker(c.server.opt.KeepAlive)
	defer alive.Stop()
	for {
		m := message{body: []byte(ping)}
		select {
		case m = <-c.queue:
			c.server.tally.update(func(t *Stats) { t.Queued-- })
		case <-alive.C:
		case <-c.isCut.Done():
			c.server.tally.update(func(t *Stats) { t.Cut++ })
			abort(c.wire)
			return
		case <-ctx.Done():
			return
		}
		if c.server.faults.stall.pass(ctx) != nil || c.write(ctx, m) != nil {
			return
		}
		if m.isEvent {
			c.server.tally.update(func(t *Stats) { t.Sent++ })
		}
		if c.end(m.ending) {
			return
		}
	}
}

// forget counts off what was still queued.
func (c *session) forget() {
	for {
		select {
		case <-c.queue:
			c.server.tally.update(func(t *Stats) { t.Queued-- })
		default:
			return
		}
	}
}

// write sends bytes, in pieces where an order asks for it.
func (c *session) write(ctx context.Context, m message) error {
	size, pause := c.server.faults.pace()
	if size <= 0 {
		size = len(m.body)
	}
	for piece := range slices.Chunk(m.body, max(1, size)) {
		if _, err := c.w.Write(piece); err != nil {
			return err
		}
		if err := c.wire.Flush(); err != nil {
			return err
		}
		if pause == 0 {
			continue
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// end ends the stream as a message wants it, and says whether it did.
func (c *session) end(how ending) bool {
	switch how {
	case drops:
		abort(c.wire)
	case resets:
		if conn, _, err := c.wire.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // what is closed now is reset
			}
			_ = conn.Close()
		}
	}
	return how != goesOn
}

// abort closes a connection without a word.
func abort(wire *http.ResponseController) {
	if conn, _, err := wire.Hijack(); err == nil {
		_ = conn.Close() // its end is all that matters
	}
}
