package eventstream

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
)

// transport makes each request as it ought to be.
type transport struct {
	o       Options
	base    http.RoundTripper
	backOff *backOff
	// lastID is the library's.
	lastID *atomic.Value
}

// RoundTrip sends one request. Of what is no stream, nothing is read and
// nothing stays open.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	parent := req.Context()
	ctx, cancel := context.WithCancelCause(parent)
	out := req.Clone(ctx)
	id := t.o.LastEventID()
	setLastEventID(out.Header, id)
	// The library's own; it has no place in HTTP/2.
	out.Header.Del("Connection")
	t.forget()
	late := time.AfterFunc(t.o.HeaderWait, func() { cancel(errNoHeader) })
	resp, err := t.base.RoundTrip(out)
	inTime := late.Stop()
	if err != nil {
		if errors.Is(context.Cause(ctx), errNoHeader) {
			err = errNoHeader
		}
		cancel(nil)
		return nil, err
	}
	if !inTime {
		_ = resp.Body.Close()
		return nil, errNoHeader
	}
	if !isStream(resp) {
		cancel(nil)
		_ = resp.Body.Close()
		resp.Body = http.NoBody
		if _, err := resp.Location(); err != nil {
			resp.Header.Del("Location") // the client would take it for a fault that passes
		}
		return resp, nil
	}
	t.backOff.open()
	resp.Body = &body{
		real: resp.Body, parent: parent, ctx: ctx, cancel: cancel, idle: t.o.Idle,
		received: t.received, lastID: t.lastID, parser: newParser(t.o.MaxEvent, id),
	}
	return resp, nil
}

// forget closes what connection there still is: it is of a stream that has ended,
// and may be dead. HTTP/2 would send each new request on it for as long as the
// system takes it for alive, a quarter of an hour.
func (t *transport) forget() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (t *transport) received(p *parser) {
	t.backOff.ask(p.retry)
	if len(p.ready) > 0 && !p.endless {
		t.backOff.event()
	}
	t.o.Alive()
}

// maxID is far below what servers take for a header; one that they refuse would
// be refused again and again.
const maxID = 4 << 10

// setLastEventID sends id where a header can carry it. The library's own is one
// event ahead of what is safely kept.
func setLastEventID(h http.Header, id string) {
	const name = "Last-Event-ID"
	h.Del(name)
	if len(id) <= maxID && strings.Trim(id, " \t") != "" && httpguts.ValidHeaderFieldValue(id) {
		h.Set(name, id)
	}
}
