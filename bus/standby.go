package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
)

// Role says whether a worker is the active one of its name.
type Role struct {
	// Standby: another worker of the name is active.
	Standby bool
	// Active is host and process of the active one, and Since when it became
	// that; both are zero while nobody is known to be.
	Active string
	Since  time.Time
}

// Role is what was last known. It may be called at any time by any goroutine.
func (w *Worker) Role() Role {
	if r := w.progress.role.Load(); r != nil {
		return *r
	}
	return Role{}
}

// Active reports whether surely no other worker of the name is active now. It
// may be called by any goroutine once Run has begun.
func (w *Worker) Active() bool {
	s := w.occupied.Load()
	return s != nil && s.ours()
}

// attend waits until this worker is the active one of its name and consumes for
// one stretch. Each stretch begins with the seat confirmed: deliveries break
// off, too, when the server that knew of it has restarted.
func (w *Worker) attend(ctx context.Context, log zerolog.Logger) error {
	if err := w.take(ctx, log); err != nil {
		return err
	}
	turn, end := context.WithCancel(ctx)
	kept := make(chan struct{})
	go func() { defer close(kept); defer end(); w.seat.keep(turn) }()
	err := w.consume(turn, log)
	lost := turn.Err() != nil && ctx.Err() == nil
	end()
	<-kept
	if lost {
		return errSeat
	}
	return err
}

// take returns when the seat is ours. As a stand-by it asks for it when it hears
// that it was given up, and now and then.
func (w *Worker) take(ctx context.Context, log zerolog.Logger) error {
	wait, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	if err := w.Bus.Wait(wait); err != nil {
		return err
	}
	said, err := w.seat.listen()
	if err != nil {
		return err
	}
	// An error only says that the connection is closed already.
	defer func() { _ = said.Unsubscribe() }()
	for {
		other, err := w.seat.confirm(ctx)
		if err != nil {
			return err
		}
		if other == nil {
			w.activate(log)
			return nil
		}
		w.standBy(log, *other)
		w.seat.givenUp(ctx, said)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// listen hears what is written about the seat.
func (s *seat) listen() (*nats.Subscription, error) {
	said, err := s.bus.nc.SubscribeSync("$KV." + bucketSeats + "." + s.name)
	if err != nil {
		return nil, fmt.Errorf("bus: listen for the seat of %s: %w", s.name, err)
	}
	return said, nil
}

// givenUp returns when somebody gave the seat up, or after seatAsk.
func (s *seat) givenUp(ctx context.Context, said *nats.Subscription) {
	ctx, cancel := context.WithTimeout(ctx, seatAsk)
	defer cancel()
	for {
		m, err := said.NextMsgWithContext(ctx)
		if err != nil {
			// Not sooner, whatever the error is.
			<-ctx.Done()
			return
		}
		if m.Header.Get("KV-Operation") == "DEL" {
			return
		}
	}
}

// keep confirms the seat until ctx ends or it is not surely ours any more.
func (s *seat) keep(ctx context.Context) {
	for pause := seatConfirm; ; {
		sleep(ctx, min(pause, s.left()))
		if ctx.Err() != nil || !s.ours() {
			return
		}
		bounded, cancel := context.WithTimeout(ctx, s.left())
		other, err := s.confirm(bounded)
		cancel()
		if other != nil {
			return
		}
		pause = seatConfirm
		if err != nil {
			pause = seatConfirm / 10
		}
	}
}

// giveUp is the last that a worker does: a stand-by takes over at once. What
// fails here only costs the time that the server keeps the seat.
func (w *Worker) giveUp(log zerolog.Logger) {
	if !w.Bus.Connected() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := w.seat.leave(ctx); err != nil {
		log.Debug().Err(err).Msg("the seat was not given up; a stand-by takes over when it has expired")
	}
}

// activate and standBy say it once when the role changes. That a worker is
// active from the start goes without saying.
func (w *Worker) activate(log zerolog.Logger) {
	me := w.seat.me
	before := w.progress.role.Swap(&Role{Active: me.Where, Since: me.Since})
	if before != nil && before.Standby {
		log.Info().Msg("active: the worker of this name that was has ended")
	}
}

func (w *Worker) standBy(log zerolog.Logger, other occupant) {
	before := w.progress.role.Swap(&Role{Standby: true, Active: other.Where, Since: other.Since})
	// A stand-by stores nothing, and that is as it should be.
	w.progress.held.Store(nil)
	if before == nil || !before.Standby || before.Since != other.Since {
		log.Info().Str("active", other.Where).Time("since", other.Since).Msg("stand-by: another worker of this name is active")
	}
}
