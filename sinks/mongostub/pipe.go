package mongostub

import (
	"context"
	"net"
)

// Pipe is a listener in memory, for [Options.Listener]: with it a server, its
// clients and their time-outs run under testing/synctest, where a network would
// hold the clock still. The driver is given it as its dialer.
type Pipe struct {
	accept chan net.Conn
	closed context.Context
	close  context.CancelFunc
}

// NewPipe opens one.
func NewPipe() *Pipe {
	ctx, cancel := context.WithCancel(context.Background())
	return &Pipe{accept: make(chan net.Conn), closed: ctx, close: cancel}
}

// DialContext connects, whatever the address.
func (p *Pipe) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.accept <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// Accept waits for a client.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

// Close lets nobody in any more; connections stay.
func (p *Pipe) Close() error {
	p.close()
	return nil
}

// Addr is the name of nothing.
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "stub:27017" }
