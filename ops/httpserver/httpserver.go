// Package httpserver is the one HTTP server of a program: /livez, /readyz and
// /metrics, and a program's own pages.
package httpserver

import (
	"context"
	"crypto/subtle"
	"errors"
	stdlog "log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

const (
	// stopTime is how long a stop waits for requests that are under way.
	stopTime = 500 * time.Millisecond
	// tokenSetting is the token's name for messages.
	tokenSetting = "BRAIN_HTTP_TOKEN"
)

// Options of a server.
type Options struct {
	// Token guards everything but /livez and /readyz; empty is no guard.
	Token   string
	Live    http.HandlerFunc
	Ready   http.HandlerFunc
	Metrics http.Handler
	// Pages are further handlers by pattern (net/http's, "GET /titles").
	Pages map[string]http.Handler
	// Host is the name that was listened on, where it is neither localhost nor
	// an address; requests for it are answered too.
	Host string
	Log  zerolog.Logger
}

// Serve answers on l until ctx ends, then waits up to half a second for what
// is under way. It closes l.
func Serve(ctx context.Context, l net.Listener, o Options) error {
	log := o.Log.With().Str("component", "http").Logger()
	if o.Token == "" && !loopback(l.Addr().String()) {
		log.Warn().Str("addr", l.Addr().String()).Msg("metrics are open to the network: set " + tokenSetting)
	}
	server := &http.Server{
		Handler: handler(l, o), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: stdlog.New(log, "", 0),
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close() // what would not end is cut off
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func handler(l net.Listener, o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", o.Live)
	mux.HandleFunc("GET /readyz", o.Ready)
	mux.Handle("GET /metrics", guard(o.Token, o.Metrics))
	for pattern, page := range o.Pages {
		mux.Handle(pattern, guard(o.Token, page))
	}
	return KnownHost(l.Addr().String(), o.Host, mux)
}

func guard(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, got, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare([]byte(got), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "a bearer token is needed ("+tokenSetting+")", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// KnownHost refuses, on a loopback address, requests for another host name than
// own and the loopback's: a web page could otherwise read this server by
// rebinding its own name.
func KnownHost(addr, own string, next http.Handler) http.Handler {
	if !loopback(addr) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name := hostOf(r.Host); !loopback(r.Host) && (own == "" || !strings.EqualFold(name, own)) {
			http.Error(w, "unknown host", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostOf is a host without its port and brackets.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return strings.Trim(host, "[]")
}

func loopback(hostport string) bool {
	host := hostOf(hostport)
	ip := net.ParseIP(host)
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") || ip != nil && ip.IsLoopback()
}
