package eventstream_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"promethean/gateway/source/ailicia/eventstream"
)

// road is a way to a server on which the first connection can go dead without a
// word, as when a router forgets it: what is written goes nowhere.
type road struct {
	net.Listener
	to   string
	mu   sync.Mutex
	dead chan struct{}
}

func newRoad(t *testing.T, to string) *road {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &road{Listener: l, to: to, dead: make(chan struct{})}
	var all sync.WaitGroup
	quit := make(chan struct{})
	all.Go(func() {
		for first := true; ; first = false {
			near, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { r.carry(near, first, quit) })
		}
	})
	t.Cleanup(func() { close(quit); _ = l.Close(); all.Wait() })
	return r
}

func (r *road) carry(near net.Conn, first bool, quit chan struct{}) {
	far, err := net.Dial("tcp", r.to)
	if err != nil {
		_ = near.Close()
		return
	}
	var both sync.WaitGroup
	both.Go(func() { r.pass(far, near, first) })
	both.Go(func() { r.pass(near, far, first) })
	<-quit
	_ = near.Close()
	_ = far.Close()
	both.Wait()
}

func (r *road) pass(to io.Writer, from io.Reader, first bool) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		if first {
			select {
			case <-r.dead:
				continue
			default:
			}
		}
		_, _ = to.Write(b[:n])
	}
}

// TestDeadConnectionIsNotUsedAgain: over HTTP/2 a request would go out on the
// connection that is there, the dead one, for as long as the system takes it for
// alive: a quarter of an hour.
func TestDeadConnectionIsNotUsedAgain(t *testing.T) {
	s := newServer(t, []script{send("hold", "data: 1\n\n"), send("hold", "data: 2\n\n")}, true)
	r := newRoad(t, strings.TrimPrefix(s.URL, "https://"))
	base := s.Client().Transport.(*http.Transport).Clone()
	base.ForceAttemptHTTP2 = true
	t.Cleanup(base.CloseIdleConnections)
	reader := start(t, t.Context(), eventstream.Options{
		URL: "https://" + r.Addr().String(), Transport: base, Idle: 300 * time.Millisecond, HeaderWait: 2 * time.Second, RetryFirst: 50 * time.Millisecond,
	}, -1)
	until(t, "the first event", func() bool { return len(reader.heard()) == 1 })
	close(r.dead)
	until(t, "the second connection's", func() bool { return len(reader.heard()) == 2 })
	reader.stop()
}
