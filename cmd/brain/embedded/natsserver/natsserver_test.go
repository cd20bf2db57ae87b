package natsserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, s *Server) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	nc, err := nats.Connect("", nats.InProcessServer(s.InProcess()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return nc, js
}

func TestKeepsWhatWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir, Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	nc, js := connect(t, s)
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "S", Subjects: []string{"s.>"}, MaxBytes: s.EventsBytes(), AllowAtomicPublish: true}); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := js.Publish(t.Context(), "s.x", fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	// The largest message that is allowed, less its envelope on the wire.
	if _, err := js.Publish(t.Context(), "s.big", make([]byte, MaxPayload)); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}

	again := start(t, Options{Dir: dir, Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	_, js = connect(t, again)
	stream, err := js.Stream(t.Context(), "S")
	if err != nil {
		t.Fatal(err)
	}
	if got := stream.CachedInfo().State.Msgs; got != 11 {
		t.Fatalf("after a restart the stream holds %d messages, want 11", got)
	}
	for i := range 10 {
		m, err := stream.GetMsg(t.Context(), uint64(i+1))
		if err != nil {
			t.Fatal(err)
		}
		if string(m.Data) != fmt.Sprint(i) {
			t.Errorf("message %d says %q", i+1, m.Data)
		}
	}
	if err := again.Healthy(t.Context()); err != nil {
		t.Error(err)
	}
}

// A disk with less room than before must not cost the streams that are there.
func TestSmallerLimitKeepsStreams(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir, MaxStore: 2 << 30, Log: zerolog.Nop()})
	_, js := connect(t, s)
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}, MaxBytes: 1 << 30}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "s", []byte("kept")); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, Options{Dir: dir, MaxStore: 512 << 20, Log: zerolog.Nop()})
	_, js = connect(t, s)
	m, err := js.Stream(t.Context(), "S")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.CachedInfo().State.Msgs; got != 1 {
		t.Fatalf("the stream holds %d messages, want 1", got)
	}
	if _, err := js.Publish(t.Context(), "s", []byte("more")); err != nil {
		t.Fatal(err)
	}
}

func TestURL(t *testing.T) {
	for _, tt := range []struct {
		name, listen string
		want         string
	}{
		{"loopback", "127.0.0.1:0", "nats://127.0.0.1:"},
		{"all interfaces", "0.0.0.0:0", "nats://127.0.0.1:"},
		{"no port", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t, Options{Dir: t.TempDir(), Listen: tt.listen, Log: zerolog.Nop()})
			got := s.URL()
			if tt.want == "" {
				if got != "" {
					t.Fatalf("URL() = %q for a server without a port", got)
				}
				return
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Fatalf("URL() = %q", got)
			}
			nc, err := nats.Connect(got)
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			if nc.MaxPayload() != MaxPayload {
				t.Errorf("the server takes %d bytes, want %d", nc.MaxPayload(), MaxPayload)
			}
		})
	}
}

func TestStartErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := t.TempDir() + "/file"
	if err := writeFile(file); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		o    Options
		want string
		is   error
	}{
		{"port taken", Options{Dir: t.TempDir(), Listen: taken.Addr().String()}, "listen on " + taken.Addr().String(), syscall.EADDRINUSE},
		{"no directory", Options{Listen: "127.0.0.1:0"}, "no data directory", nil},
		{"directory is a file", Options{Dir: file, Listen: "127.0.0.1:0"}, "data directory", nil},
		{"no port in the address", Options{Dir: t.TempDir(), Listen: "127.0.0.1"}, "give host:port", nil},
		{"port is a word", Options{Dir: t.TempDir(), Listen: "127.0.0.1:nats"}, "not a number", nil},
		{"port too large", Options{Dir: t.TempDir(), Listen: "127.0.0.1:65536"}, "not a number", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Log = zerolog.Nop()
			s, err := Start(tt.o)
			if err == nil {
				_ = s.Stop()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %q is not %q", err, tt.is)
			}
		})
	}
}

// What stops the server while it starts comes through its logger only.
func TestFatalLineIsAnError(t *testing.T) {
	opts, err := options(Options{Dir: t.TempDir() + "/a"})
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFile(opts.StoreDir); err != nil {
		t.Fatal(err)
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	bridge := &logger{log: zerolog.Nop(), fatal: make(chan string, 1)}
	srv.SetLoggerV2(bridge, false, false, false)
	s := &Server{srv: srv}
	err = s.start(bridge)
	srv.Shutdown()
	if err == nil || !strings.Contains(err.Error(), "JetStream") {
		t.Fatalf("start gave %v", err)
	}
}

func TestStopEndsClientsAndHealth(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	if err := s.Healthy(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	nc, err := nats.Connect(s.URL(), nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Fatal("the client still thinks it is connected")
	}
	if err := s.Healthy(t.Context()); err == nil {
		t.Error("a stopped server calls itself healthy")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("second stop: %v", err)
	}
}

func TestHealthyObeysItsContext(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir(), Log: zerolog.Nop()})
	s.checking <- struct{}{}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.ErrUnexpectedEOF)
	if err := s.Healthy(ctx); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Healthy gave %v behind a check that hangs", err)
	}
}

func TestLogLevels(t *testing.T) {
	var out strings.Builder
	l := &logger{log: zerolog.New(&out), fatal: make(chan string, 1)}
	l.Noticef("n %d", 1)
	l.Warnf("Detected orphaned stream %q, will cleanup", "S")
	l.Errorf("e")
	l.Debugf("hidden")
	l.Tracef("hidden")
	l.Fatalf("first")
	l.Fatalf("second")
	want := `{"level":"debug","message":"n 1"}
{"level":"warn","message":"Detected orphaned stream \"S\", will cleanup"}
{"level":"error","message":"e"}
{"level":"error","message":"second"}
`
	if out.String() != want {
		t.Errorf("logged\n%s", out.String())
	}
	if got := <-l.fatal; got != "first" {
		t.Errorf("fatal line %q", got)
	}
}
