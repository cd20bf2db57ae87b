package simulator

import (
	"context"
	"encoding/json"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience bounds every wait of these tests; none of them waits for it to pass.
const patience = time.Minute

// client is a real WebSocket client, written after the protocol and not after the server.
type client struct {
	t    *testing.T
	ctx  context.Context
	conn *websocket.Conn
}

// serve runs a server until the test ends and gives its address.
func serve(t *testing.T, o Options) (*Server, string) {
	t.Helper()
	s := New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Serve(ctx, l); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
	return s, URL(l)
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func connect(t *testing.T, url string) *client {
	t.Helper()
	ctx := testContext(t)
	conn, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t, ctx, conn}
}

func (c *client) send(body string) {
	c.t.Helper()
	if err := c.conn.Write(c.ctx, websocket.MessageText, []byte(body)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() map[string]any {
	c.t.Helper()
	_, body, err := c.conn.Read(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(body, &v); err != nil {
		c.t.Fatalf("%v: %s", err, body)
	}
	return v
}

// ask sends a request and gives the next message, which has to be its answer.
func (c *client) ask(body string) map[string]any {
	c.t.Helper()
	c.send(body)
	return c.receive()
}

func (c *client) text() string {
	c.t.Helper()
	_, body, err := c.conn.Read(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(body)
}

// closed reads to the end and gives the close code.
func (c *client) closed() websocket.StatusCode {
	c.t.Helper()
	for {
		if _, _, err := c.conn.Read(c.ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}
