// Package natsserver runs a NATS server with JetStream inside this process.
//
// It is the server of nats.conf, as a value that a program or a test can start
// and stop. Its rules: every acknowledged message has been fsynced, because
// the server's default (fsync every two minutes) loses acknowledged messages
// at a power cut; nothing listens but the one client port; no signal is
// handled here; nothing is written outside its directory.
package natsserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
)

// MaxPayload is the largest message in bytes, headers included. The server's
// own default is 1 MiB, less than a sealed envelope may have.
const MaxPayload = 8 << 20

const (
	readyWithin = 10 * time.Second
	stopWithin  = 10 * time.Second
	// maxEventsBytes is the most the events stream gets by default.
	maxEventsBytes = 10 << 30
)

// Options say where the server keeps its data and where it listens.
type Options struct {
	// Dir holds the streams; it is created when it is not there. One server a
	// directory: NATS itself does not lock it, the caller has to.
	Dir string
	// Listen is host:port for TCP clients; port 0 takes a free one. Empty
	// means no port at all: clients of this process use [Server.InProcess].
	Listen string
	// MaxStore is how many bytes all streams together may reserve; 0 is three
	// quarters of what is free on the disk plus what the streams hold already,
	// so that the limit is met before the full disk, which freezes a stream.
	MaxStore int64
	Log      zerolog.Logger
}

// Server is a running NATS server.
type Server struct {
	srv      *server.Server
	log      zerolog.Logger
	checking chan struct{}
	stop     func() error
}

// Start returns when the server takes connections. The error says which
// address or directory is at fault; an address in use satisfies
// errors.Is(err, syscall.EADDRINUSE).
func Start(o Options) (*Server, error) {
	opts, err := options(o)
	if err != nil {
		return nil, err
	}
	if err := probeListen(opts); err != nil {
		return nil, fmt.Errorf("natsserver: listen on %s: %w", o.Listen, err)
	}
	if err := os.MkdirAll(opts.StoreDir, 0o700); err != nil {
		return nil, fmt.Errorf("natsserver: make the data directory: %w", err)
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("natsserver: configure: %w", err)
	}
	log := o.Log.With().Str("component", "nats").Logger()
	bridge := &logger{log: log, fatal: make(chan string, 1)}
	srv.SetLoggerV2(bridge, false, false, false)
	s := &Server{srv: srv, log: log, checking: make(chan struct{}, 1)}
	s.stop = sync.OnceValue(s.shutdown)
	if err := s.start(bridge); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	if host, _, err := net.SplitHostPort(o.Listen); err == nil && !loopback(host) {
		log.Warn().Str("listen", o.Listen).Msg("NATS listens beyond this machine without a password: anyone who reaches the port can read and publish")
	}
	return s, nil
}

// start waits for the facts: ready, or the server's own last words. The server
// reports what stops it through its logger only.
func (s *Server) start(bridge *logger) error {
	ready := make(chan bool, 1)
	go func() {
		s.srv.Start()
		ready <- s.srv.ReadyForConnections(readyWithin)
	}()
	select {
	case reason := <-bridge.fatal:
		return fmt.Errorf("natsserver: start: %s", reason)
	case ok := <-ready:
		if !ok {
			return fmt.Errorf("natsserver: start: not ready within %s", readyWithin)
		}
	}
	select {
	case reason := <-bridge.fatal:
		return fmt.Errorf("natsserver: start: %s", reason)
	default:
	}
	if !s.srv.JetStreamEnabled() {
		return errors.New("natsserver: start: JetStream did not start")
	}
	return nil
}

// options is the whole configuration, the same as nats.conf says it.
func options(o Options) (*server.Options, error) {
	if o.Dir == "" {
		return nil, errors.New("natsserver: no data directory given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("natsserver: data directory %s: %w", o.Dir, err)
	}
	opts := &server.Options{
		ServerName:            "promethean",
		MaxPayload:            MaxPayload,
		JetStream:             true,
		StoreDir:              dir,
		SyncAlways:            true,
		JetStreamMaxStore:     o.MaxStore,
		NoSigs:                true,
		DontListen:            o.Listen == "",
		DisableShortFirstPing: true,
	}
	if o.Listen == "" {
		return opts, nil
	}
	host, port, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("natsserver: listen address %q: %w (give host:port, as in 127.0.0.1:4222)", o.Listen, err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("natsserver: listen address %q: the port is not a number of 0 to 65535", o.Listen)
	}
	opts.Host, opts.Port = host, int(n)
	if n == 0 {
		opts.Port = server.RANDOM_PORT
	}
	if host == "" {
		opts.Host = server.DEFAULT_HOST
	}
	return opts, nil
}

// probeListen gives a typed error for a port that is taken: the server itself
// would open its streams first and then only log a line.
func probeListen(opts *server.Options) error {
	if opts.DontListen || opts.Port == server.RANDOM_PORT {
		return nil
	}
	l, err := net.Listen("tcp", net.JoinHostPort(opts.Host, strconv.Itoa(opts.Port)))
	if err != nil {
		return err
	}
	return l.Close()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// URL is where TCP clients connect, as in nats://127.0.0.1:4222; empty without
// a port.
func (s *Server) URL() string {
	addr, ok := s.srv.Addr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	if addr.IP.IsUnspecified() {
		return "nats://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(addr.Port))
	}
	return "nats://" + addr.String()
}

// InProcess connects clients of this process without a socket.
func (s *Server) InProcess() nats.InProcessConnProvider { return s.srv }

// EventsBytes is how much the events stream may hold when no setting says: the
// least of 10 GiB and a quarter of the free disk, in bytes.
func (s *Server) EventsBytes() int64 {
	cfg := s.srv.JetStreamConfig()
	if cfg == nil {
		return 0
	}
	// The server's limit is three quarters of the room.
	return min(maxEventsBytes, cfg.MaxStore/3)
}

// Healthy returns nil when the server says that JetStream and its streams are
// in order. It does not see a full log: readiness also has to write.
func (s *Server) Healthy(ctx context.Context) error {
	select {
	case s.checking <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("natsserver: health: an earlier check still waits for the server: %w", context.Cause(ctx))
	}
	status := make(chan *server.HealthStatus, 1)
	go func() {
		defer func() { <-s.checking }()
		status <- s.srv.Healthz(&server.HealthzOptions{})
	}()
	select {
	case st := <-status:
		if st.StatusCode != 200 {
			return fmt.Errorf("natsserver: health: %s: %s", st.Status, st.Error)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("natsserver: health: no answer: %w", context.Cause(ctx))
	}
}

// Stop ends connections and closes the streams. It returns within 10 s, with
// an error when the server is not done by then: what was acknowledged is on
// disk all the same. A second call returns what the first did.
func (s *Server) Stop() error { return s.stop() }

func (s *Server) shutdown() error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.srv.Shutdown()
		s.srv.WaitForShutdown()
	}()
	timer := time.NewTimer(stopWithin)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
		return fmt.Errorf("natsserver: stop: not done within %s", stopWithin)
	}
}
