package simulator

import (
	"context"
	"encoding/json"
	"time"

	"github.com/coder/websocket"
)

// Inject sends a text frame, as it is, to every client that is subscribed to its event, or to every
// client when no event can be read from it. Frames go out in the order of the calls. It returns when
// the frame is queued everywhere; the only error is the context's.
func (s *Server) Inject(ctx context.Context, frame []byte) error {
	m := message{kind: websocket.MessageText, body: frame, event: eventOf(frame)}
	_, err := s.deliver(ctx, m)
	return err
}

// InjectBinary is Inject with a binary WebSocket frame, which no Streamer.bot sends.
func (s *Server) InjectBinary(ctx context.Context, frame []byte) error {
	_, err := s.deliver(ctx, message{kind: websocket.MessageBinary, body: frame, event: &event{}})
	return err
}

// deliver queues a frame for everybody who wants it and says for how many that was.
func (s *Server) deliver(ctx context.Context, m message) (queued int, err error) {
	select {
	case s.order <- struct{}{}:
		defer func() { <-s.order }()
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	// What is remembered is in the order of the frames. Numbered lines, which are in haste and all of one
	// person, are not.
	if m.event != &numbered {
		s.seen.note(*m.event, m.body)
	}
	if *m.event == (event{"Twitch", "StreamUpdate"}) {
		s.updated(m.body)
	}
	if s.opt.Frames != nil && m.event != &numbered && *m.event != (event{}) {
		s.opt.Frames(m.body)
	}
	for range s.copies(m) {
		queued = 0
		for _, c := range s.snapshot() {
			ok, err := c.offer(ctx, m)
			if err != nil {
				return queued, err
			}
			if ok {
				queued++
			}
		}
	}
	return queued, nil
}

// copies says how often a frame goes out.
func (s *Server) copies(m message) int {
	if *m.event == (event{}) || s.doubles.Load() <= 0 {
		return 1
	}
	s.doubles.Add(-1)
	return 2
}

// numbered is what the lines of Number are.
var numbered = event{"Twitch", "ChatMessage"}

// event is what an event frame says it is; both are empty when it does not say.
type event struct{ source, kind string }

// eventOf reads which event a frame is.
func eventOf(frame []byte) *event {
	var head struct {
		Event struct{ Source, Type string }
	}
	if json.Unmarshal(frame, &head) != nil || head.Event.Source == "" || head.Event.Type == "" {
		return &event{}
	}
	return &event{head.Event.Source, head.Event.Type}
}

// Number sends n plain Twitch chat lines as fast as clients take them. Their texts are "line 1",
// "line 2" and so on; a later call counts on. While nobody is subscribed to them it waits, so each
// line is queued for somebody; what a connection takes down with it is in Stats.Lost. Use it on a
// Lossless server: others cut a client that falls behind.
func (s *Server) Number(ctx context.Context, n int) error {
	s.counting.Lock()
	defer s.counting.Unlock()
	for range n {
		m := message{kind: websocket.MessageText, body: s.counter.Next(s.opt.Clock()), event: &numbered}
		if err := s.insist(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// insist delivers a frame to at least one client, however long it takes for one to subscribe.
func (s *Server) insist(ctx context.Context, m message) error {
	for {
		before := s.Stats().Requests
		queued, err := s.deliver(ctx, m)
		if err != nil || queued > 0 {
			return err
		}
		if err := s.Wait(ctx, func(st Stats) bool { return st.Requests != before }); err != nil {
			return err
		}
	}
}

// catchUp is how far the generator may fall behind its rate and still make up for it.
const catchUp = time.Second

// play sends the evening's chat at the rate asked for until the context ends.
func (s *Server) play(ctx context.Context) {
	if s.opt.Rate <= 0 {
		return
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	due := time.Now()
	for {
		due = due.Add(s.chat.Gap(s.opt.Rate))
		if late := time.Since(due); late > catchUp {
			due = due.Add(late)
		}
		timer.Reset(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		s.chat.Titled(s.Title()) // an action may have changed it
		for _, frame := range s.chat.Next(s.opt.Clock()) {
			if s.Inject(ctx, frame) != nil {
				return
			}
		}
	}
}
