package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"promethean/gateway/simulator"
)

// senderRole is a Streamer.bot that takes as little CPU as can be: the
// simulator answers the handshake, and from then on ready frames are written to
// the connection itself, many at a time, as fast as the gateway reads. With
// --rate they are paced, and each is stamped with the time at which it was due
// to leave.
func senderRole(ctx context.Context, args []string, stdout io.Writer) error {
	var s sender
	fs := flag.NewFlagSet("child-sender", flag.ContinueOnError)
	fs.IntVar(&s.events, "events", 0, "frames")
	fs.IntVar(&s.size, "size", 0, "bytes of each")
	fs.IntVar(&s.first, "first", 1, "number of the first")
	fs.IntVar(&s.rate, "rate", 0, "frames a second; 0 for as many as are read")
	if err := fs.Parse(args); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	conns := make(chan net.Conn, 1)
	sim := simulator.New(simulator.Options{Hello: true, Lossless: true})
	web := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			select {
			case conns <- c:
			default: // one gateway is all that is served
			}
			return ctx
		}}
	var serving sync.WaitGroup
	serving.Go(func() { _ = web.Serve(l) }) // it ends by Close alone
	defer serving.Wait()
	defer web.Close()
	defer sim.Drop()
	fmt.Fprintln(stdout, "ready", simulator.URL(l))
	if err := sim.WaitSubscribed(ctx, 1); err != nil {
		return nil
	}
	sent, err := s.send(ctx, <-conns)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "result %s\n", text)
	<-ctx.Done()
	return nil
}

type sender struct{ first, events, size, rate int }

// sent says when the first frame left and when the last was taken.
type sent struct {
	First, Last time.Time
	// Stored is when the bench saw the last on the log.
	Stored time.Time
	// Late is the most that a paced frame left after it was due.
	Late time.Duration
}

const (
	// sendBytes is about what one write carries.
	sendBytes = 64 << 10
	// warmUp keeps the handshake out of what is measured.
	warmUp = 200 * time.Millisecond
	// paceEvery is the shortest pause of a paced sender.
	paceEvery = time.Millisecond
)

func (s sender) send(ctx context.Context, c net.Conn) (sent, error) {
	stop := context.AfterFunc(ctx, func() { _ = c.SetWriteDeadline(time.Now()) })
	defer stop()
	if !pause(ctx, warmUp) {
		return sent{}, context.Cause(ctx)
	}
	if s.rate > 0 {
		return s.paced(ctx, c)
	}
	out := sent{First: time.Now()}
	buf := make([]byte, 0, sendBytes+s.size+64)
	for n := s.first; n < s.first+s.events; n++ {
		buf = appendMessage(buf, n, s.size, time.Now())
		if len(buf) < sendBytes && n < s.first+s.events-1 {
			continue
		}
		if _, err := c.Write(buf); err != nil {
			return out, err
		}
		buf = buf[:0]
	}
	out.Last = time.Now()
	return out, nil
}

// paced sends what is due, then waits: after a late wake-up several are due at
// once, and each still says when it should have left.
func (s sender) paced(ctx context.Context, c net.Conn) (sent, error) {
	out := sent{First: time.Now()}
	var buf []byte
	for n := 0; n < s.events; {
		at := due(out.First, n, s.rate)
		if wait := time.Until(at); wait > 0 {
			if !pause(ctx, max(wait, paceEvery)) {
				return out, context.Cause(ctx)
			}
			continue
		}
		buf = appendMessage(buf[:0], s.first+n, s.size, at)
		if _, err := c.Write(buf); err != nil {
			return out, err
		}
		out.Late = max(out.Late, time.Since(at))
		n++
	}
	out.Last = time.Now()
	return out, nil
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// appendMessage appends line n as a WebSocket message of one unmasked text
// frame (RFC 6455, 5.2).
func appendMessage(b []byte, n, size int, at time.Time) []byte {
	const textFrame, short, long = 0x81, 126, 127
	switch {
	case size < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, textFrame, short), uint16(size))
	default:
		b = binary.BigEndian.AppendUint64(append(b, textFrame, long), uint64(size))
	}
	return appendFrame(b, n, size, at)
}
