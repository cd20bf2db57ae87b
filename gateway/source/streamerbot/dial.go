package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// errAbsent says that nothing answers at the address.
var errAbsent = errors.New("nobody there")

// dial opens the WebSocket. Compression stays off: servers before 1.0.5
// mishandle the offer. The read limit is ours (frame.go), because the
// library's would close the connection. cut closes the network connection at
// once, whatever the library is waiting for.
func (s *Source) dial(ctx context.Context) (conn *websocket.Conn, cut func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, s.c.Timings.Dial)
	defer cancel()
	var network net.Conn
	transport := &http.Transport{
		DialContext: func(ctx context.Context, kind, address string) (net.Conn, error) {
			opened, err := s.c.DialContext(ctx, kind, address)
			network = opened
			return opened, err
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
		return conn, func() { _ = network.Close() }, nil
	case answer != nil:
		return nil, nil, fmt.Errorf("something answers at %s, but it is no WebSocket server (HTTP %d): are port and endpoint those of Streamer.bot's WebSocket server?",
			s.shown, answer.StatusCode)
	}
	return nil, nil, fmt.Errorf("%w: %w", errAbsent, err)
}

// noRedirect keeps one address one connection: what follows a redirect is not
// the Streamer.bot that was named.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
