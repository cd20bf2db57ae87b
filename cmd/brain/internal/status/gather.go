package status

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

// stepTime bounds each question to NATS.
const stepTime = 4 * time.Second

// Places say where to ask.
type Places struct {
	// NATS and Store are their addresses without passwords.
	NATS, Store string
	// Dial connects to NATS; its error is what a person is told.
	Dial func(more ...nats.Option) (*nats.Conn, error)
	// MongoURI may hold a password.
	MongoURI, Database string
}

// Gather asks everybody, bus and store side by side.
func Gather(ctx context.Context, p Places) Report {
	r := Report{At: schema.NewTime(time.Now()), NATS: NATS{Address: p.NATS, Newest: []Letter{}}, Store: Store{Address: p.Store, Database: p.Database}}
	var store database
	var side sync.WaitGroup
	side.Go(func() { store = r.Store.open(ctx, p.MongoURI) })
	r.askNATS(ctx, p.Dial)
	side.Wait()
	if store.db != nil {
		defer store.close()
		r.Store.look(ctx, store, r.NATS)
	}
	r.judge()
	return r
}

func (r *Report) askNATS(ctx context.Context, dial func(...nats.Option) (*nats.Conn, error)) {
	a := &asking{n: &r.NATS}
	nc, err := dial(nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { a.refused(err) }))
	if err != nil {
		r.NATS.Error = err.Error()
		return
	}
	defer nc.Close()
	stop := context.AfterFunc(ctx, nc.Close)
	defer stop()
	r.NATS.Server, r.NATS.Version, r.NATS.Cluster = nc.ConnectedServerName(), nc.ConnectedServerVersion(), nc.ConnectedClusterName()
	if a.js, err = jetstream.New(nc); err != nil {
		r.NATS.Error = err.Error()
		return
	}
	a.step(ctx, "running programs", func(ctx context.Context) (err error) {
		r.Programs, err = askPrograms(ctx, nc)
		return err
	})
	a.step(ctx, "streams", a.streams)
	a.step(ctx, "positions on the log", a.durables)
	a.step(ctx, "dead letters", a.letters)
	a.step(ctx, "the newest event that is stored", a.newest)
}

// asking is a conversation with NATS, one question after the other.
type asking struct {
	n  *NATS
	js jetstream.JetStream

	mu     sync.Mutex
	cancel context.CancelCauseFunc
}

// step asks one question; what keeps it from being answered is noted.
func (a *asking) step(ctx context.Context, what string, ask func(context.Context) error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a.mu.Lock()
	a.cancel = cancel
	a.mu.Unlock()
	ctx, stop := context.WithTimeout(ctx, stepTime)
	defer stop()
	err := ask(ctx)
	if err == nil {
		return
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer within %s", stepTime)
	}
	a.n.Unasked = append(a.n.Unasked, Unasked{what, err.Error()})
}

// refused ends the step that is asking: the server says beside the request, not
// as its answer, that the user may not make it.
func (a *asking) refused(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancel == nil || !errors.Is(err, nats.ErrPermissionViolation) {
		return
	}
	// "…: Permissions Violation for Publish to "promethean.status""
	_, what, _ := strings.Cut(err.Error(), "Violation for ")
	a.cancel(errors.New(notPermitted + ": " + what))
}

// notPermitted begins the reason for what the user may not ask.
const notPermitted = "NATS does not permit it"
