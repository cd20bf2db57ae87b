// Package httpserver is the one HTTP server of a program: /livez, /readyz and
// /metrics, and pages that come later.
package httpserver

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// Options of a server.
type Options struct {
	// Token guards everything but /livez and /readyz; empty is no guard.
	Token   string
	Live    http.HandlerFunc
	Ready   http.HandlerFunc
	Metrics http.Handler
	Log     zerolog.Logger
}

// Serve answers on l until ctx ends, then waits a moment for what is under
// way.
func Serve(ctx context.Context, l net.Listener, o Options) error {
	if o.Token == "" && !loopback(l.Addr().String()) {
		o.Log.Warn().Str("addr", l.Addr().String()).Msg("metrics are open to the network: set BRAIN_HTTP_TOKEN")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", o.Live)
	mux.HandleFunc("GET /readyz", o.Ready)
	mux.Handle("GET /metrics", guard(o.Token, o.Metrics))
	server := &http.Server{
		Handler: knownHost(l.Addr().String(), mux), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 500*time.Millisecond)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close()
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func guard(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || subtle.ConstantTimeCompare([]byte(got), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "a bearer token is needed (BRAIN_HTTP_TOKEN)", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// knownHost refuses, on a loopback address, requests for another host name: a
// web page could otherwise read this server by rebinding its own name.
func knownHost(addr string, next http.Handler) http.Handler {
	if !loopback(addr) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			http.Error(w, "unknown host", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
