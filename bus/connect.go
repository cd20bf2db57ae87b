package bus

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/schema"
)

// Options say where the bus is and as whom to connect.
type Options struct {
	// URL is one NATS URL or several with commas.
	URL string
	// InProcess, when set, is used in place of URL: no socket, no port.
	InProcess nats.InProcessConnProvider
	// Name shows in the server's list of connections.
	Name string
	// Creds is a credentials file; User and Password are the other way.
	Creds, User, Password string
	Log                   zerolog.Logger
}

// Bus is a connection to NATS. It reconnects for ever.
type Bus struct {
	nc  *nats.Conn
	js  jetstream.JetStream
	log zerolog.Logger

	mu sync.Mutex
	// lost is closed when the connection breaks, and replaced.
	lost chan struct{}
	// trouble is why there is no connection, as it was logged last.
	trouble atomic.Pointer[string]
}

// ErrUnreachable: nobody answered at the URL in the time given.
var ErrUnreachable = errors.New("NATS does not answer")

// requestTimeout bounds every request to the server: a time-out means unknown,
// and the same request is made again with the same id.
const requestTimeout = 5 * time.Second

// Connect returns at once, also while nobody answers: the connection is tried
// for ever. [Bus.Wait] waits for it.
func Connect(o Options) (*Bus, error) {
	b := &Bus{log: o.Log.With().Str("component", "bus").Logger(), lost: make(chan struct{})}
	log := b.log
	opts := []nats.Option{
		nats.Name(o.Name),
		nats.MaxReconnects(-1),
		nats.RetryOnFailedConnect(true),
		// A login that is refused twice would otherwise end the connection for
		// good; the server's operator may mend it.
		nats.IgnoreAuthErrorAbort(),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { b.cannotConnect(err) }),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, time.Second),
		// Without a buffer a publish fails at once while disconnected, where
		// one with a buffer would be sent after its time-out, out of order.
		nats.ReconnectBufSize(-1),
		nats.PingInterval(5 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.Timeout(requestTimeout),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn().Err(err).Msg("disconnected from NATS; will reconnect")
			}
			b.breakRequests()
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			b.trouble.Store(nil)
			log.Info().Str("url", nc.ConnectedUrlRedacted()).Msg("connected to NATS again")
		}),
		nats.ConnectHandler(func(*nats.Conn) { b.trouble.Store(nil) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Warn().Err(err).Msg("NATS reports an error") }),
	}
	switch {
	case o.Creds != "":
		opts = append(opts, nats.UserCredentials(o.Creds))
	case o.User != "":
		opts = append(opts, nats.UserInfo(o.User, o.Password))
	}
	if o.InProcess != nil {
		opts = append(opts, nats.InProcessServer(o.InProcess))
	}
	nc, err := nats.Connect(o.URL, opts...)
	if _, ok := errors.AsType[*url.Error](err); ok {
		err = errors.New("BRAIN_NATS_URL is no address") // the reason quotes the password
	}
	if err != nil {
		return nil, fmt.Errorf("bus: connect: %w", err)
	}
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(requestTimeout))
	if err != nil {
		nc.Close()
		return nil, fmt.Errorf("bus: connect: %w", err)
	}
	b.nc, b.js = nc, js
	return b, nil
}

// cannotConnect says once, until it changes, why there is no connection.
func (b *Bus) cannotConnect(err error) {
	why := "no NATS there yet; will keep trying, accepted events wait"
	if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) {
		why = "NATS refuses the login: check BRAIN_NATS_USER and BRAIN_NATS_PASSWORD, or BRAIN_NATS_CREDS; will keep trying"
	}
	if old := b.trouble.Swap(&why); old == nil || *old != why {
		b.log.Warn().Err(err).Msg(why)
	}
}

// unreachable is [ErrUnreachable] with what is known of the cause.
func (b *Bus) unreachable() error {
	if why := b.trouble.Load(); why != nil {
		return fmt.Errorf("%w: %s", ErrUnreachable, *why)
	}
	return ErrUnreachable
}

func (b *Bus) breakRequests() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.lost)
	b.lost = make(chan struct{})
}

// request bounds one request to the server: by time, and by the life of the
// connection, for an answer cannot come on another one.
func (b *Bus) request(ctx context.Context) (context.Context, context.CancelFunc) {
	b.mu.Lock()
	lost := b.lost
	b.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	go func() {
		select {
		case <-lost:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// Wait returns when the server answers and takes messages of
// [schema.MaxPayload] bytes. It returns [ErrUnreachable] when ctx ends first.
func (b *Bus) Wait(ctx context.Context) error {
	changed := b.nc.StatusChanged(nats.CONNECTED)
	defer b.nc.RemoveStatusListener(changed)
	for !b.nc.IsConnected() {
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w (%w)", b.unreachable(), context.Cause(ctx))
		}
	}
	if got := b.nc.MaxPayload(); got < schema.MaxPayload {
		return fmt.Errorf("bus: NATS at %s takes messages of at most %d bytes, the gateway needs %d: set `max_payload: 8MB` in its configuration (see nats.conf)",
			b.nc.ConnectedUrlRedacted(), got, schema.MaxPayload)
	}
	return nil
}

// Connected reports whether the connection stands now.
func (b *Bus) Connected() bool { return b.nc.IsConnected() }

// JetStream is the connection's JetStream context.
func (b *Bus) JetStream() jetstream.JetStream { return b.js }

// Close ends the connection. What publishers and workers hold is theirs to
// finish before.
func (b *Bus) Close() { b.nc.Close() }
