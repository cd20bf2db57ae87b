package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/coder/websocket"
)

// errAbsent says that nothing answers at the address.
var errAbsent = errors.New("nobody there")

// dial opens the WebSocket. Compression stays off: servers before 1.0.5
// mishandle the offer. The read limit is ours (frame.go), because the
// library's would close the connection.
func (s *Source) dial(ctx context.Context) (conn *websocket.Conn, network *wire, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.c.Timings.Dial)
	defer cancel()
	network = new(wire)
	transport := &http.Transport{
		DialContext: func(ctx context.Context, kind, address string) (net.Conn, error) {
			opened, err := s.c.DialContext(ctx, kind, address)
			if err != nil {
				return nil, err
			}
			network.Conn = opened
			return network, nil
		},
		DisableKeepAlives: true,
	}
	defer transport.CloseIdleConnections()
	conn, answer, err := websocket.Dial(ctx, s.c.URL, &websocket.DialOptions{
		HTTPClient:      &http.Client{Transport: transport, CheckRedirect: noRedirect},
		CompressionMode: websocket.CompressionDisabled,
	})
	switch {
	case err == nil:
		conn.SetReadLimit(-1)
		return conn, network, nil
	case answer != nil:
		return nil, nil, fmt.Errorf("something answers at %s, but it is no WebSocket server (HTTP %d): are port and endpoint those of Streamer.bot's WebSocket server?",
			s.shown, answer.StatusCode)
	}
	return nil, nil, fmt.Errorf("%w: %w", errAbsent, err)
}

// wire is the network connection below the WebSocket.
type wire struct {
	net.Conn
	// ended says that more was wanted when the peer had ended it. A frame that
	// was whole by then wanted no more: the library gives the same io.EOF for one
	// that was not.
	ended atomic.Bool
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if errors.Is(err, io.EOF) {
		w.ended.Store(true)
	}
	return n, err
}

// cut closes the connection at once, whatever the library is waiting for.
func (w *wire) cut() { _ = w.Close() }

// noRedirect keeps one address one connection: what follows a redirect is not
// the Streamer.bot that was named.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
