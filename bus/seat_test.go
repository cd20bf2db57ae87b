package bus

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"promethean/schema"
)

// slow is a sink whose first write takes as long as told and fails. The second
// one, if it comes, ends the attempts.
type slow struct {
	takes  time.Duration
	writes int
	stop   context.CancelFunc
}

func (s *slow) Write(context.Context, []schema.Recorded) error {
	s.writes++
	if s.writes > 1 {
		s.stop()
	}
	<-time.After(s.takes)
	return errors.New("connection lost")
}

// Each attempt to write looks first whether the seat is still surely ours. Here
// nothing else could say so: as when the whole program was frozen and this
// goroutine is the first to run again.
func TestNoAttemptWithoutTheSeat(t *testing.T) {
	tests := []struct {
		name          string
		before, takes time.Duration
		writes        int
		want          error
	}{
		{"the seat is ours", 0, time.Second, 2, context.Canceled},
		{"frozen before the first attempt", seatOurs, 0, 0, errSeat},
		{"frozen during the first attempt", 0, seatOurs, 1, errSeat},
		{"frozen for a night", 12 * time.Hour, 0, 0, errSeat},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				sink := &slow{takes: tt.takes, stop: cancel}
				now := time.Now()
				w := &Worker{Name: "ledger", Sink: sink, seat: &seat{}}
				w.seat.end.Store(&ending{now.Add(seatOurs), now.Round(0).Add(seatOurs)})
				<-time.After(tt.before)
				err := w.process(ctx, zerolog.Nop(), delivered{batch: make([]schema.Recorded, 1)})
				if !errors.Is(err, tt.want) || sink.writes != tt.writes {
					t.Errorf("%d writes, then %v; want %d, then %v", sink.writes, err, tt.writes, tt.want)
				}
			})
		})
	}
}
