package eventstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/r3labs/sse/v2"
	"gopkg.in/cenkalti/backoff.v1"
)

// Read calls handle for each event, in order, one at a time and in the
// goroutine that called it, and reconnects for ever. While handle does not come
// back nothing more is read. Read returns ctx's error when ctx ends, with all
// its goroutines ended; *[Refused] when the server will not have it; any other
// error where Options can never work.
func Read(ctx context.Context, o Options, handle func(Event)) error {
	o = o.withDefaults()
	base := o.Transport
	if base == nil {
		own := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
		defer own.CloseIdleConnections()
		base = own
	}
	r := &reader{o: o, backOff: &backOff{first: o.RetryFirst, most: o.RetryMost}}
	client := sse.NewClient(o.URL, sse.ClientMaxBufferSize(frameRoom(o.MaxEvent)))
	for name := range o.Header {
		client.Headers[name] = o.Header.Get(name)
	}
	client.Connection = &http.Client{
		Transport:     &transport{o: o, base: base, backOff: r.backOff, lastID: &client.LastEventID},
		CheckRedirect: sameHost,
	}
	client.ResponseValidator = r.validate
	client.ReconnectNotify = func(err error, wait time.Duration) { o.Closed(plain(err), wait) }
	return r.run(ctx, client, handle)
}

type reader struct {
	o       Options
	backOff *backOff
}

func (r *reader) run(ctx context.Context, client *sse.Client, handle func(Event)) error {
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	client.ReconnectStrategy = backoff.WithContext(r.backOff, running)
	dispatch := func(m *sse.Event) {
		e, err := readFrame(m)
		if err != nil {
			stop(err)
			return
		}
		handle(e)
	}
	for {
		err := client.SubscribeRawWithContext(running, dispatch)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case running.Err() != nil:
			return context.Cause(running)
		case err != nil:
			return plain(err)
		}
		// The body never lets the library see an end; should it all the same, the
		// stream goes on.
		wait := r.backOff.NextBackOff()
		r.o.Closed(errEnded, wait)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// validate decides on an answer. The library knows a final error by its type,
// unwrapped.
func (r *reader) validate(_ *sse.Client, resp *http.Response) error {
	err := judge(resp, time.Now())
	var unavailable *Unavailable
	switch {
	case err == nil:
		r.o.Opened()
		return nil
	case errors.As(err, &unavailable):
		r.backOff.atLeast(unavailable.RetryAfter)
		return err
	}
	return backoff.Permanent(err)
}

// plain is err without the address, which may hold what is nobody's business.
func plain(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return fmt.Errorf("cannot connect: %w", at.Err)
	}
	return err
}
