package ailicia

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// rig is a server on a real connection.
type rig struct {
	*Server
	ctx     context.Context
	address string
	stop    func()
}

func newRig(t *testing.T, o Options) *rig {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	r := &rig{Server: New(o), ctx: ctx, address: URL(l)}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- r.Serve(serving, l) }()
	r.stop = stop
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		cancel()
	})
	return r
}

// get asks for the stream. Each request has a connection of its own, so that none outlives its test.
func (r *rig) get(t *testing.T, query string, key string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(r.ctx, http.MethodGet, r.address+Path+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client.Do(req)
}

// reader reads a stream line by line.
type reader struct {
	t *testing.T
	*bufio.Reader
}

func (r *rig) open(t *testing.T, query string) *reader {
	t.Helper()
	before := r.Stats().Clients
	answer, err := r.get(t, query, DefaultKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("answer %s, %s", answer.Status, answer.Header)
	}
	if err := r.WaitClients(r.ctx, before+1); err != nil {
		t.Fatal(err)
	}
	return &reader{t, bufio.NewReader(answer.Body)}
}

// block reads up to the next empty line.
func (r *reader) block() string {
	r.t.Helper()
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			r.t.Fatalf("%v behind %q", err, b.String())
		}
		if strings.TrimRight(line, "\r\n") == "" {
			return b.String()
		}
	}
}

func (r *rig) order(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		do, err := ParseOrder(line)
		if err != nil {
			t.Fatal(err)
		}
		if err := do(r.ctx, r.Server); err != nil {
			t.Fatal(err)
		}
	}
}
