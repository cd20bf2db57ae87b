package streamerbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// errUnanswered says that a request had no answer in time; whether it was
// carried out is unknown.
var errUnanswered = errors.New("no answer")

// refusedError is an answer whose status is not ok, with the server's text.
type refusedError struct{ request, text string }

func (e *refusedError) Error() string {
	return fmt.Sprintf("Streamer.bot refused %s: %s", e.request, e.text)
}

// requests matches answers to questions by own ids; events may come in
// between. Several goroutines may use it.
type requests struct {
	mu      sync.Mutex
	last    int
	waiting map[string]chan []byte
}

// open takes a new id and the channel that its answer comes by.
func (r *requests) open() (id string, answer chan []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting == nil {
		r.waiting = map[string]chan []byte{}
	}
	r.last++
	id, answer = "gw-"+strconv.Itoa(r.last), make(chan []byte, 1)
	r.waiting[id] = answer
	return id, answer
}

func (r *requests) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, id)
}

// deliver hands an answer over. It reports whether somebody waited for it.
func (r *requests) deliver(id string, answer []byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	waiting, ok := r.waiting[id]
	if ok {
		delete(r.waiting, id)
		waiting <- answer
	}
	return ok
}

// ask sends a request and gives its answer's bytes. fields may be nil. An
// answer that is not ok is a *refusedError. Time in which the reader is held
// up by a full outbox does not count: the answer may be behind events.
func (s *session) ask(ctx context.Context, request string, fields map[string]any) ([]byte, error) {
	return s.askBy(ctx, time.Time{}, request, fields)
}

// askBy is ask, but sends nothing after the time by, unless that is zero.
func (s *session) askBy(ctx context.Context, by time.Time, request string, fields map[string]any) ([]byte, error) {
	id, answer := s.requests.open()
	defer s.requests.forget(id)
	body := map[string]any{"request": request, "id": id}
	maps.Copy(body, fields)
	frame, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", request, err)
	}
	if err := s.write(ctx, by, frame); err != nil {
		return nil, fmt.Errorf("send %s: %w", request, s.ending(ctx, err))
	}
	began, held := time.Now(), s.life.heldUp()
	most := s.source.c.Timings.Request
	limit := time.NewTimer(most)
	defer limit.Stop()
	for {
		select {
		case got := <-answer:
			return got, refusal(request, got)
		case <-s.ended:
			return nil, fmt.Errorf("%s: %w", request, s.readErr)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-limit.C:
			left := most - (time.Since(began) - (s.life.heldUp() - held))
			if left <= 0 {
				return nil, fmt.Errorf("%w to %s within %v", errUnanswered, request, most)
			}
			limit.Reset(left)
		}
	}
}

// ending is why a request could not be sent. The reader may be about to find
// the server's close frame, which says more than a write to a closed
// connection does.
func (s *session) ending(ctx context.Context, err error) error {
	wait := time.NewTimer(s.source.c.Timings.Close)
	defer wait.Stop()
	select {
	case <-s.ended:
		return s.readErr
	case <-ctx.Done():
	case <-wait.C:
	}
	return s.cause(err)
}

func (s *session) write(ctx context.Context, by time.Time, frame []byte) error {
	if !by.IsZero() {
		inTime, cancel := context.WithDeadline(ctx, by)
		defer cancel()
		ctx = inTime
	}
	ctx, cancel := context.WithTimeout(ctx, s.source.c.Timings.Request)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, frame)
}

func refusal(request string, answer []byte) error {
	var a struct {
		Status text `json:"status"`
		Error  text `json:"error"`
	}
	if read(answer, &a) && a.Status == "ok" {
		return nil
	}
	return &refusedError{request, clip(first(a.Error, a.Status, "no status"))}
}

// clip bounds what a server says about itself, in bytes: it goes into logs
// and into every event.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
