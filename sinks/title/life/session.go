package life

import (
	"time"

	"promethean/schema"
)

// session is one stream, from the first word that it began until the last that
// it ended. A short interruption does not end it.
type session struct {
	// key is the id of the event that opened it; "" before the first.
	key     string
	trigger schema.Type
	channel schema.Channel
	opened  time.Time
	// live are those who say that it is on: software, platforms.
	live map[string]bool
	// ended is when the last of them said that it is over; zero while it is on.
	ended time.Time
	// requested: titles have been asked for because it began.
	requested bool
	// hand is a title that the streamer set before they were.
	hand *handTitle
}

// source tells apart who says that a stream is on: each connection of OBS, each
// platform.
func source(e Event) string {
	if p, ok := read[schema.OutputPayload](e); ok && (e.Type == schema.OBSStreamingStarted || e.Type == schema.OBSStreamingStopped) {
		return p.Software + " " + p.ConnectionID
	}
	return e.Provider
}

func (s *State) start(e Event) {
	if !s.sameStream(e) {
		s.session = session{key: e.ID, trigger: e.Type, channel: e.Channel, opened: e.At, live: map[string]bool{}}
		s.locked, s.messages, s.intervals = false, 0, 0
	}
	s.session.live[source(e)] = true
	s.session.ended = time.Time{}
}

// sameStream: the event tells of the stream that is on, or that was interrupted.
func (s *State) sameStream(e Event) bool {
	switch {
	case s.session.key == "":
		return false
	case s.session.ended.IsZero():
		return apart(e.At, s.session.opened) < sessionMost
	}
	return apart(e.At, s.session.ended) < s.c.CoolDown
}

func (s *State) stop(e Event) {
	if s.session.key == "" {
		return
	}
	delete(s.session.live, source(e))
	if len(s.session.live) == 0 && s.session.ended.IsZero() {
		s.session.ended = e.At
	}
}

// on reports whether the stream is on.
func (s *session) on() bool { return s.key != "" && s.ended.IsZero() }

// Session is the key of the stream that is on and since when; "" while none is.
func (s *State) Session() (key string, since time.Time) {
	if !s.session.on() {
		return "", time.Time{}
	}
	return s.session.key, s.session.opened
}
