package profiling_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"promethean/ops/profiling"
)

func TestListen(t *testing.T) {
	for _, c := range []struct {
		name, addr string
		listens    bool
		err        string
	}{
		{name: "off without an address"},
		{name: "the loopback", addr: "127.0.0.1:0", listens: true},
		{name: "a name of the loopback", addr: "localhost:0", listens: true},
		{name: "every address", addr: "0.0.0.0:0", err: "BRAIN_PPROF_ADDR"},
		{name: "every address, unsaid", addr: ":0", err: "BRAIN_PPROF_ADDR"},
		{name: "nothing that can be listened on", addr: "127.0.0.1:99999", err: "BRAIN_PPROF_ADDR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := profiling.Listen(c.addr)
			if (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q in it", err, c.err)
			}
			if err != nil {
				return
			}
			defer p.Close()
			if (p.Addr() != "") != c.listens {
				t.Errorf("listens at %q, want that it listens: %t", p.Addr(), c.listens)
			}
		})
	}
}

func TestServesProfilesToThisMachine(t *testing.T) {
	p, err := profiling.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, zerolog.Nop()) }()
	ask := func(host, page string) (int, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.Addr()+page, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, body
	}
	// A profile is a gzipped protocol buffer.
	if code, body := ask("", "/debug/pprof/allocs"); code != http.StatusOK || !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		t.Errorf("allocations: %d, %d bytes", code, len(body))
	}
	if code, body := ask("", "/debug/pprof/profile?seconds=1"); code != http.StatusOK || !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		t.Errorf("CPU: %d, %d bytes", code, len(body))
	}
	// A web page that rebinds its own name.
	if code, _ := ask("evil.example", "/debug/pprof/allocs"); code != http.StatusForbidden {
		t.Errorf("another host name: %d, want %d", code, http.StatusForbidden)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestWithoutAddressNothingIsServed(t *testing.T) {
	p, err := profiling.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.Serve(t.Context(), zerolog.Nop()), p.Close()); err != nil {
		t.Error(err)
	}
}
