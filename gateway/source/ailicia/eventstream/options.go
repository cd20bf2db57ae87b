package eventstream

import (
	"net/http"
	"time"
)

// Options say what to read and how patiently. Only URL is needed; zero values
// are replaced by the defaults named here.
type Options struct {
	URL string
	// Header is sent with every request, also after a redirect.
	Header http.Header
	// Transport makes the requests; nil is one of Read's own, which is gone when
	// Read returns.
	Transport http.RoundTripper
	// MaxEvent is how many bytes of data an event may have, 2 MiB by default. A
	// larger one is read past and handed on with Size and SHA256; one of more
	// than 32 times as many ends the connection.
	MaxEvent int
	// Idle is how long a connection may be silent, comments being no silence,
	// before it counts as dead: 90 s. HeaderWait bounds the time from dialling to
	// the response's header: 15 s.
	Idle, HeaderWait time.Duration
	// RetryFirst and RetryMost bound the pause between connections, which doubles
	// until a connection gives an event or outlives the pause before it: 0.5 s,
	// 30 s. The server may ask for more.
	RetryFirst, RetryMost time.Duration

	// LastEventID is what the next request sends: the id of the last event that
	// is safely kept. Empty sends none. nil is always empty.
	LastEventID func() string
	// Opened is called when a stream stands, before its first event; Closed when
	// it ended or could not be made and is tried again after wait. Both are
	// called by the goroutine that Read runs in, as the handler is.
	Opened func()
	Closed func(err error, wait time.Duration)
	// Alive is called whenever bytes have come, by another goroutine.
	Alive func()
}

const defaultMaxEvent = 2 << 20

func (o Options) withDefaults() Options {
	if o.MaxEvent <= 0 {
		o.MaxEvent = defaultMaxEvent
	}
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&o.Idle, 90 * time.Second},
		{&o.HeaderWait, 15 * time.Second},
		{&o.RetryFirst, 500 * time.Millisecond},
		{&o.RetryMost, 30 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.fallback
		}
	}
	if o.LastEventID == nil {
		o.LastEventID = func() string { return "" }
	}
	if o.Opened == nil {
		o.Opened = func() {}
	}
	if o.Closed == nil {
		o.Closed = func(error, time.Duration) {}
	}
	if o.Alive == nil {
		o.Alive = func() {}
	}
	return o
}
