// Package profiling shows where a running program spends its time and memory:
// Go's pprof pages, on a port of their own that is there only when a person
// asks for it, and only on this machine: a profile shows what is in memory.
package profiling

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/rs/zerolog"

	"promethean/ops/httpserver"
	"promethean/ops/listen"
)

// setting is the address's name for messages.
const setting = "BRAIN_PPROF_ADDR"

// Pages are the profiles of this process, at an address or nowhere.
type Pages struct{ l net.Listener }

// Listen takes addr (host:port). Without an address nothing is shown; one that
// others can reach is refused.
func Listen(addr string) (*Pages, error) {
	if addr == "" {
		return &Pages{}, nil
	}
	l, _, err := listen.TCP(addr, true, setting)
	if err != nil {
		return nil, err
	}
	// A name may resolve to anything.
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("cannot show profiles on %s, which others can reach: set %s to an address of this machine alone, e.g. 127.0.0.1:6060", l.Addr(), setting), l.Close())
	}
	return &Pages{l}, nil
}

// Addr is where the pages are, empty for nowhere.
func (p *Pages) Addr() string {
	if p.l == nil {
		return ""
	}
	return p.l.Addr().String()
}

// Close ends listening; Serve does so too.
func (p *Pages) Close() error {
	if p.l == nil {
		return nil
	}
	return p.l.Close()
}

// Serve shows profiles under /debug/pprof/ until ctx ends; a profile that is
// being taken then is cut off. Without an address it returns at once.
func (p *Pages) Serve(ctx context.Context, log zerolog.Logger) error {
	if p.l == nil {
		return nil
	}
	log.Info().Str("pprof", "http://"+p.Addr()+"/debug/pprof/").Msg("profiles are shown")
	// No time-out for writing: a profile takes as long as is asked for.
	server := &http.Server{Handler: httpserver.KnownHost(p.Addr(), "", handler()), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // nothing here is worth waiting for
	defer stop()
	if err := server.Serve(p.l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("profiling: %w", err)
	}
	return nil
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
