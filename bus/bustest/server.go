// Package bustest runs a real NATS server inside a test: file store, every
// write synced, as the programs ship it. Only tests import it.
package bustest

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/schema"
)

// Server is a NATS server that a test can stop and start again on the same
// data and port.
type Server struct {
	tb   testing.TB
	dir  string
	port int
	srv  *server.Server
	// users, when set, are who may connect.
	users []*server.User
}

// Start runs a server until the test ends.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{tb: tb, dir: filepath.Join(tb.TempDir(), "nats"), port: server.RANDOM_PORT}
	s.Restart()
	tb.Cleanup(s.Stop)
	return s
}

// Restart starts the server again after Stop, on the same data and port.
func (s *Server) Restart() {
	s.tb.Helper()
	srv, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: s.port, JetStream: true, StoreDir: s.dir, SyncAlways: true,
		MaxPayload: schema.MaxPayload, NoLog: true, NoSigs: true,
		Users: s.users,
	})
	if err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
	go srv.Start()
	if !srv.ReadyForConnections(20 * time.Second) {
		s.tb.Fatal("bustest: server does not start")
	}
	s.srv = srv
	s.port = srv.Addr().(*net.TCPAddr).Port
}

// Login restarts a stopped server so that clients must log in, and may not
// publish to the subjects denied.
func (s *Server) Login(user, password string, denied ...string) {
	s.tb.Helper()
	s.users = []*server.User{{Username: user, Password: password,
		Permissions: &server.Permissions{Publish: &server.SubjectPermission{Deny: denied}}}}
	s.Restart()
}

// Attempts counts the connections that clients have tried since the last start.
func (s *Server) Attempts() uint64 {
	s.tb.Helper()
	v, err := s.srv.Varz(nil)
	if err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
	return v.TotalConnections
}

// Stop stops the server; its data stays.
func (s *Server) Stop() {
	s.srv.Shutdown()
	s.srv.WaitForShutdown()
}

// Sweep deletes the data of a stopped server: it comes back empty.
func (s *Server) Sweep() {
	s.tb.Helper()
	if err := os.RemoveAll(s.dir); err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
}

// URL is where the server listens.
func (s *Server) URL() string { return s.srv.ClientURL() }

// Connect opens a connection that closes with the test. The streams exist
// when it returns.
func (s *Server) Connect(o bus.StreamOptions) *bus.Bus {
	s.tb.Helper()
	b, err := bus.Connect(bus.Options{URL: s.URL(), Name: "test", Log: zerolog.Nop()})
	if err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
	s.tb.Cleanup(b.Close)
	if err := b.Wait(s.tb.Context()); err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
	if o.DefaultMaxBytes == 0 {
		o.DefaultMaxBytes = 1 << 30
	}
	if err := b.EnsureStreams(s.tb.Context(), o); err != nil {
		s.tb.Fatalf("bustest: %v", err)
	}
	return b
}
