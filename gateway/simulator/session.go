package simulator

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
)

// readLimit is the longest request, in bytes.
const readLimit = 1 << 20

// session is one connection. Its reader answers requests, its writer sends what is queued.
type session struct {
	server    *Server
	conn      *websocket.Conn
	raw       net.Conn        // nil when the Handler is served by others
	ctx       context.Context // the connection's life
	cancel    func()
	id        string // the session of Hello
	challenge challenge

	authenticated atomic.Bool

	held [][]byte       // answers that go after the next one; the reader's
	late sync.WaitGroup // answers that are sent later

	out    chan message
	offers sync.Mutex
	subs   *subscriptions // under offers
	closed bool           // under offers: nothing is queued any more
}

// message is a frame on its way to one client.
type message struct {
	kind  websocket.MessageType
	body  []byte
	event *event // nil for answers, which are not counted in Stats
}

// goodbye is an error that ends a connection with a close frame.
type goodbye struct {
	code   websocket.StatusCode
	reason string
}

func (g *goodbye) Error() string { return g.reason }

var (
	errTooSlow = errors.New("client too slow")
	errGone    = errors.New("client gone")
)

func newSession(ctx context.Context, s *Server) *session {
	return &session{
		server:    s,
		ctx:       ctx,
		challenge: newChallenge(),
		subs:      noSubscriptions(s.catalogue, s.opt.ExactCase),
		out:       make(chan message, s.opt.Queue),
	}
}

// run serves the connection until it ends.
func (c *session) run(ctx context.Context) {
	defer c.enforce()()
	var writer sync.WaitGroup
	writer.Go(func() { c.write(ctx) })
	err := c.read(ctx)
	if bye := (*goodbye)(nil); errors.As(err, &bye) {
		c.close(bye)
	}
	c.kill()
	_ = c.conn.CloseNow() // it is closed already, except where the Handler is served by others
	writer.Wait()
	c.late.Wait()
	c.drain()
}

func (c *session) read(ctx context.Context) error {
	if c.server.opt.Hello {
		if err := c.send(c.hello()); err != nil {
			return err
		}
	}
	for {
		_, body, err := c.conn.Read(ctx)
		if err != nil {
			return err
		}
		if err := c.server.stall.pass(ctx); err != nil {
			return err
		}
		if err := c.answer(body); err != nil {
			return err
		}
	}
}

func (c *session) write(ctx context.Context) {
	for {
		select {
		case m := <-c.out:
			err := c.server.stall.pass(ctx)
			if err == nil {
				err = c.conn.Write(ctx, m.kind, m.body)
			}
			c.account(m, err == nil)
			if err != nil {
				c.kill()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// account settles one queued message; only events count.
func (c *session) account(m message, sent bool) {
	if m.event == nil {
		return
	}
	c.server.tally.update(func(t *Stats) {
		t.Queued--
		if sent {
			t.Sent++
		} else {
			t.Lost++
		}
	})
}

// offer queues an event if the client wants it, and says whether it did. It waits for room when the server is lossless;
// otherwise a full queue ends the connection. The only error is the context's.
func (c *session) offer(ctx context.Context, m message) (bool, error) {
	c.offers.Lock()
	defer c.offers.Unlock()
	if c.closed || *m.event != (event{}) && !c.subs.wants(*m.event) {
		return false, nil
	}
	tally := &c.server.tally
	tally.update(func(t *Stats) { t.Queued++ })
	select {
	case c.out <- m:
		return true, nil
	default:
	}
	if !c.server.opt.Lossless {
		c.closed = true
		tally.update(func(t *Stats) { t.Queued--; t.Lost++; t.Cut++ })
		c.kill()
		return false, nil
	}
	select {
	case c.out <- m:
		return true, nil
	case <-c.ctx.Done():
		tally.update(func(t *Stats) { t.Queued-- })
		return false, nil
	case <-ctx.Done():
		tally.update(func(t *Stats) { t.Queued-- })
		return false, context.Cause(ctx)
	}
}

// send queues an answer.
func (c *session) send(body []byte) error {
	m := message{kind: websocket.MessageText, body: body}
	select {
	case c.out <- m:
		return nil
	default:
	}
	if !c.server.opt.Lossless {
		c.server.tally.update(func(t *Stats) { t.Cut++ })
		return errTooSlow
	}
	select {
	case c.out <- m:
		return nil
	case <-c.ctx.Done():
		return errGone
	}
}

// drain gives up what is still queued.
func (c *session) drain() {
	c.offers.Lock()
	defer c.offers.Unlock()
	c.closed = true
	for {
		select {
		case m := <-c.out:
			c.account(m, false)
		default:
			return
		}
	}
}

// close ends the connection politely; a peer that does not answer holds it up for some seconds.
func (c *session) close(g *goodbye) { _ = c.conn.Close(g.code, g.reason) }

// kill ends the connection at once.
func (c *session) kill() {
	c.cancel()
	if c.raw != nil {
		_ = c.raw.Close() // a second close is harmless
	}
}
