package healthy_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"promethean/ops/health"
	"promethean/ops/healthy"
	"promethean/ops/run"
)

// program serves the real pages of h at an address of the network.
func program(t *testing.T, h *health.Health, network, addr string) (port string) {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Skipf("skipped: no %s here (%v), so a program that listens there was not asked", network, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", h.Live)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		// A program that listens on loopback answers to its names alone, and not
		// every system connects to the address that stands for all.
		if host, _, _ := net.SplitHostPort(r.Host); host != "localhost" && host != "127.0.0.1" && host != "::1" {
			t.Errorf("asked as %s", r.Host)
		}
		h.Ready(w, r)
	})
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux}}
	s.Start()
	t.Cleanup(s.Close)
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func code(err error) int {
	exit, ok := errors.AsType[*run.ExitError](err)
	switch {
	case err == nil:
		return run.OK
	case ok:
		return exit.Code
	}
	return -1
}

func TestProgram(t *testing.T) {
	fails := func(text string) health.Check {
		return func(context.Context) error { return errors.New(text) }
	}
	passes := func(context.Context) error { return nil }
	for _, c := range []struct {
		name   string
		checks map[string]health.Check
		broken error
		live   bool
		code   int
		want   string
	}{
		{"ready", map[string]health.Check{"bus": passes}, nil, false, run.OK, ""},
		{"two checks fail", map[string]health.Check{"store": fails("nobody answers"), "bus": passes, "a": fails("x\x1b[2J\n b")}, nil, false, run.Failed,
			"not ready\n  a: x\ufffd[2J b\n  store: nobody answers"},
		{"not ready lives", map[string]health.Check{"store": fails("away")}, nil, true, run.OK, ""},
		{"broken", nil, errors.New("the outbox is corrupt"), true, run.Failed, "broken: the outbox is corrupt"},
		{"broken is not ready", nil, errors.New("the outbox is corrupt"), false, run.Failed, "not ready\n  broken: the outbox is corrupt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h health.Health
			for name, check := range c.checks {
				h.Add(name, check)
			}
			if c.broken != nil {
				h.Break(c.broken)
			}
			err := healthy.Program(t.Context(), "127.0.0.1:"+program(t, &h, "tcp", "127.0.0.1:0"), c.live)
			text := ""
			if err != nil {
				text = err.Error()
			}
			if diff := cmp.Diff(c.want, text); diff != "" || code(err) != c.code {
				t.Errorf("code %d, want %d\n%s", code(err), c.code, diff)
			}
		})
	}
}

// Where a program listens on every address it is asked on loopback.
func TestListensEverywhere(t *testing.T) {
	for _, c := range []struct{ name, network, listens, host string }{
		{"IPv4", "tcp4", "0.0.0.0:0", "0.0.0.0"},
		{"both", "tcp", "[::]:0", "[::]"},
		{"no host", "tcp", ":0", ""},
		{"IPv6 only", "tcp6", "[::1]:0", "[::]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h health.Health
			if err := healthy.Program(t.Context(), c.host+":"+program(t, &h, c.network, c.listens), false); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	for name, err := range map[string]error{"program": healthy.Program(t.Context(), addr, false), "answers": healthy.Answers(t.Context(), addr)} {
		if code(err) != run.Unreachable || strings.Count(err.Error(), addr) != 1 || !strings.Contains(err.Error(), "refused") {
			t.Errorf("%s: code %d, %v", name, code(err), err)
		}
	}
}

func TestAnotherProgramAnswers(t *testing.T) {
	other := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusFound))
	defer other.Close()
	addr := strings.TrimPrefix(other.URL, "http://")
	if err := healthy.Program(t.Context(), addr, false); code(err) != run.Unreachable || !strings.Contains(err.Error(), "another program: status 302") {
		t.Errorf("code %d, %v", code(err), err)
	}
	if err := healthy.Answers(t.Context(), addr); err != nil {
		t.Error(err)
	}
}
