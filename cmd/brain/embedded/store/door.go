package store

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// acceptAgain keeps a process out of file descriptors from spinning.
const acceptAgain = 100 * time.Millisecond

// door is the store's own listener. Each connection is handed to FerretDB's
// listener, byte by byte, and is ours to end.
type door struct {
	listener net.Listener
	back     string
	log      zerolog.Logger

	closing chan struct{}

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
	wg     sync.WaitGroup
}

func openDoor(l net.Listener, back string, log zerolog.Logger) *door {
	d := &door{listener: l, back: back, log: log, closing: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	d.wg.Go(d.accept)
	return d
}

func (d *door) addr() *net.TCPAddr {
	addr, ok := d.listener.Addr().(*net.TCPAddr)
	if !ok {
		return &net.TCPAddr{}
	}
	return addr
}

func (d *door) accept() {
	for {
		client, err := d.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Too many open files, or a client that went away at once: FerretDB
			// and every connection that stands go on.
			d.log.Warn().Err(err).Msg("a connection was not accepted")
			select {
			case <-time.After(acceptAgain):
			case <-d.closing:
			}
			continue
		}
		d.wg.Go(func() { d.serve(client) })
	}
}

func (d *door) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", d.back)
	if err != nil {
		d.log.Warn().Err(err).Msg("a connection was refused")
		return
	}
	defer server.Close()
	if !d.keep(client, server) {
		return
	}
	defer d.forget(client, server)
	var both sync.WaitGroup
	// A MongoDB connection has no half-closed state: the end of one direction
	// is the end of both.
	both.Go(func() { carry(server, client) })
	both.Go(func() { carry(client, server) })
	both.Wait()
}

func carry(to, from net.Conn) {
	// Why it ended is the business of the two ends; they see it themselves.
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// keep reports whether the door is still open.
func (d *door) keep(conns ...net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range conns {
		d.conns[c] = struct{}{}
	}
	return !d.closed
}

func (d *door) forget(conns ...net.Conn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range conns {
		delete(d.conns, c)
	}
}

// close ends every connection and returns when none is left.
func (d *door) close() {
	close(d.closing)
	_ = d.listener.Close()
	d.mu.Lock()
	d.closed = true
	for c := range d.conns {
		_ = c.Close()
	}
	d.mu.Unlock()
	d.wg.Wait()
}
