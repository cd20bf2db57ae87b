package eventstream

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// body is a response's body as the library is to see it: whole frames, and in
// the end an error that says why, never io.EOF, by which the library would take
// the stream for finished.
type body struct {
	real io.ReadCloser
	// parent is the caller's context, ctx this request's: one that was cut for
	// its silence must not look like the end of everything.
	parent, ctx context.Context
	cancel      context.CancelCauseFunc
	idle        time.Duration
	watch       *time.Timer
	// received is called with the parser after each read that gave bytes.
	received func(*parser)
	// lastID is the library's, which labels events with it.
	lastID *atomic.Value

	parser *parser
	buf    []byte
	frame  []byte
	sent   int
	err    error
}

const readSize = 32 << 10

// Read gives one frame, in pieces where p is short. Frames that are complete
// come before the error.
func (b *body) Read(p []byte) (int, error) {
	for b.sent == len(b.frame) {
		e, ok := b.parser.next()
		switch {
		case ok:
			b.pack(e)
		case b.err != nil:
			return 0, b.err
		default:
			b.fill()
		}
	}
	n := copy(p, b.frame[b.sent:])
	b.sent += n
	return n, nil
}

// pack makes the next frame. The library has read the one before and labelled
// it: it reads in one goroutine.
func (b *body) pack(e Event) {
	if cap(b.frame) > maxScratch {
		b.frame = nil
	}
	b.lastID.Store([]byte(e.ID))
	b.frame, b.sent = appendFrame(b.frame[:0], e), 0
}

// fill reads once. The watch runs while it waits and not while a handler is
// slow: what nobody asked for is no silence.
func (b *body) fill() {
	if b.parent.Err() != nil {
		b.err = context.Canceled
		return
	}
	if b.buf == nil {
		b.buf = make([]byte, readSize)
	}
	if b.watch == nil {
		b.watch = time.AfterFunc(b.idle, func() { b.cancel(errIdle) })
	} else {
		b.watch.Reset(b.idle)
	}
	n, err := b.real.Read(b.buf)
	b.watch.Stop()
	if n > 0 {
		b.parser.feed(b.buf[:n])
		b.received(b.parser)
	}
	if b.parser.endless {
		err = errEndless
	}
	if err != nil {
		b.err = b.reason(err)
	}
}

// reason says why the body ended. The library knows no other end of a context
// than context.Canceled.
func (b *body) reason(err error) error {
	switch {
	case b.parent.Err() != nil:
		return context.Canceled
	case errors.Is(context.Cause(b.ctx), errIdle):
		return errIdle
	case err == io.EOF:
		return errEnded
	case err == errEndless:
		return err
	}
	return &lostError{err}
}

// Close ends the connection.
func (b *body) Close() error {
	if b.watch != nil {
		b.watch.Stop()
	}
	b.cancel(nil)
	return b.real.Close()
}
