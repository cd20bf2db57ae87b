package mongostub

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
)

// SetName is the name of the replica set of one that it presents itself as.
const SetName = "stub"

// Options say how the server behaves. The zero value is a primary on a free
// loopback port that keeps whole documents.
type Options struct {
	// Listen is the address to listen on; "127.0.0.1:0" where empty.
	Listen string
	// Listener, when set, takes Listen's place: a test's own connections.
	Listener net.Listener
	// Standalone: no replica set, and so no sessions and no retryable writes.
	Standalone bool
	// Lean names collections of which only the ids and some fields are kept, so
	// that a million documents take some tens of MB: the benchmark's. Of one of
	// those nothing else can be asked for, and its ids cannot be listed.
	Lean map[string][]string
}

// Server is one running server. Its methods may be called by any goroutine.
type Server struct {
	o        Options
	listener net.Listener
	accept   sync.WaitGroup
	stop     chan struct{}
	close    func() error

	mu       sync.Mutex
	conns    map[net.Conn]bool
	lastConn atomic.Int64

	data     catalogue
	cursors  cursors
	sessions sessions
	faults   faults
	log      commandLog
}

// Start runs a server until it is closed. It takes connections when Start
// returns.
func Start(o Options) (*Server, error) {
	l := o.Listener
	if l == nil {
		addr := o.Listen
		if addr == "" {
			addr = "127.0.0.1:0"
		}
		var err error
		if l, err = net.Listen("tcp", addr); err != nil {
			return nil, fmt.Errorf("mongostub: listen: %w", err)
		}
	}
	s := &Server{o: o, listener: l, stop: make(chan struct{}), conns: map[net.Conn]bool{}}
	s.data.lean = o.Lean
	s.close = sync.OnceValue(s.shut)
	s.accept.Go(s.take)
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URI is what a client connects to.
func (s *Server) URI() string {
	if s.o.Standalone {
		return "mongodb://" + s.Addr() + "/?directConnection=true"
	}
	return "mongodb://" + s.Addr() + "/?replicaSet=" + SetName
}

// Close ends all connections and returns when nothing runs any more.
func (s *Server) Close() error { return s.close() }

func (s *Server) shut() error {
	close(s.stop)
	err := s.listener.Close()
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.accept.Wait()
	return err
}

func (s *Server) take() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.enter(c) {
			_ = c.Close()
			return
		}
		s.accept.Go(func() {
			defer s.leave(c)
			(&conn{server: s, net: c, id: s.lastConn.Add(1)}).serve()
		})
	}
}

// enter is false when the server is being closed.
func (s *Server) enter(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.stop:
		return false
	default:
		s.conns[c] = true
		return true
	}
}

func (s *Server) leave(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}
