package bus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"promethean/schema"
)

const (
	// statusQuiet is how long nothing must come until all programs have spoken.
	statusQuiet = 500 * time.Millisecond
	// statusTime bounds the whole question: checks take up to two seconds.
	statusTime = 3500 * time.Millisecond
	// statusMost is how many answers are read, statusBytes how much may wait to
	// be.
	statusMost  = 1000
	statusBytes = 16 << 20
)

// AnswerStatus answers on [schema.StatusSubject] until ctx ends, beside every
// other program that does. look gives the checks and figures of this moment; one
// call at a time is made, for all who have asked meanwhile.
func (b *Bus) AnswerStatus(ctx context.Context, who schema.ProgramStatus, look func(context.Context) (checks map[string]string, figures map[string]float64)) error {
	asked := make(chan *nats.Msg, maxAsked)
	subscription, err := b.nc.ChanSubscribe(schema.StatusSubject, asked)
	if ctx.Err() != nil {
		return nil // a stop may have closed the connection before this began
	}
	if err != nil {
		return fmt.Errorf("bus: answer on %s: %w", schema.StatusSubject, err)
	}
	// An error only says that the connection is closed already.
	defer func() { _ = subscription.Unsubscribe() }()
	here := encodeStatus(who, nil, nil)
	// What looks when ctx ends is not waited for: it changes nothing, and ends
	// with its checks.
	looked := make(chan []byte, 1)
	for waiting := []*nats.Msg(nil); ; {
		select {
		case m := <-asked:
			if len(waiting) == maxAsked {
				continue
			}
			b.respond([]*nats.Msg{m}, here)
			if waiting = append(waiting, m); len(waiting) == 1 {
				go func() {
					checks, figures := look(ctx)
					looked <- encodeStatus(who, checks, figures)
				}()
			}
		case body := <-looked:
			b.respond(waiting, body)
			waiting = nil
		case <-ctx.Done():
			return nil
		}
	}
}

func encodeStatus(who schema.ProgramStatus, checks map[string]string, figures map[string]float64) []byte {
	who.Checks, who.Figures, who.Ready = checks, figures, checks != nil
	for _, why := range checks {
		who.Ready = who.Ready && why == ""
	}
	body, err := json.Marshal(who)
	if err != nil {
		// A figure that is no number: the checks matter more.
		who.Figures = nil
		body, _ = json.Marshal(who)
	}
	return body
}

// Statuses are what running programs said of themselves.
type Statuses struct {
	// Programs are in order of name and instance. One without Checks did not say
	// in time how it is.
	Programs []schema.ProgramStatus
	// Refused counts answers that cannot be read.
	Refused int
}

// AskStatus asks all running programs how they are. It returns when each that
// answered has given its checks and nothing has come for half a second, after
// 3.5 s at the latest. With ctx's error it gives what had come.
func AskStatus(ctx context.Context, nc *nats.Conn) (Statuses, error) {
	inbox := nc.NewInbox()
	subscription, err := nc.SubscribeSync(inbox)
	if err != nil {
		return Statuses{}, fmt.Errorf("bus: ask for status: %w", err)
	}
	defer func() { _ = subscription.Unsubscribe() }()
	if err := subscription.SetPendingLimits(statusMost, statusBytes); err != nil {
		return Statuses{}, fmt.Errorf("bus: ask for status: %w", err)
	}
	if err := nc.PublishRequest(schema.StatusSubject, inbox, nil); err != nil {
		return Statuses{}, fmt.Errorf("bus: ask for status: %w", err)
	}
	heard := hearing{by: map[[2]string]schema.ProgramStatus{}}
	end := time.Now().Add(statusTime)
	for range statusMost {
		m, err := next(ctx, subscription, heard.patience(end))
		if errors.Is(err, nats.ErrSlowConsumer) {
			continue // told once: more came than may wait
		}
		if err != nil {
			if ctx.Err() != nil {
				return heard.statuses(), context.Cause(ctx)
			}
			break // quiet, out of time, or nobody is there
		}
		heard.add(m.Data)
	}
	return heard.statuses(), nil
}

func next(ctx context.Context, s *nats.Subscription, within time.Duration) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return s.NextMsgWithContext(ctx)
}

// hearing gathers answers.
type hearing struct {
	by      map[[2]string]schema.ProgramStatus
	refused int
}

func (h *hearing) add(body []byte) {
	s, err := schema.ParseStatus(body)
	if err != nil {
		h.refused++
		return
	}
	key := [2]string{s.Program, s.Instance}
	if s.Checks == nil && h.by[key].Checks != nil {
		return
	}
	h.by[key] = s
}

// unsaid: a program is there and has not said how it is.
func (h *hearing) unsaid() bool {
	for _, s := range h.by {
		if s.Checks == nil {
			return true
		}
	}
	return false
}

// patience is how long the next answer is waited for.
func (h *hearing) patience(end time.Time) time.Duration {
	if left := time.Until(end); h.unsaid() || left < statusQuiet {
		return left
	}
	return statusQuiet
}

func (h *hearing) statuses() Statuses {
	s := Statuses{Refused: h.refused}
	for _, one := range h.by {
		s.Programs = append(s.Programs, one)
	}
	slices.SortFunc(s.Programs, func(a, b schema.ProgramStatus) int {
		return cmp.Or(cmp.Compare(a.Program, b.Program), cmp.Compare(a.Instance, b.Instance))
	})
	return s
}
