package life

import (
	"slices"
	"strings"
	"time"

	"promethean/schema"
)

// askKind is what somebody asks for.
type askKind int

const (
	// askRaised is brain.title: titles are asked for by the streamer's own action.
	askRaised askKind = iota
	askNew
	askTake
	askReject
	askLock
	askUnlock
	askShow
)

// ask is what a person or action asked for and that may still lead to something.
type ask struct {
	// id and seq are of the event.
	id   string
	seq  uint64
	at   time.Time
	kind askKind
	by   schema.TitleActor
	// candidate or title say what to take.
	candidate int
	title     string
	// suggestion that is meant; "" is the open one.
	suggestion string
	note, game string
	// fresh asks for a request of its own also where one is open.
	fresh bool
	// platform where the answer goes.
	platform string
}

// asksMost wait at a time; more are lost, the oldest first.
const asksMost = 32

// sameAsk is how long the same words of the same person are one ask:
// Streamer.bot tells a command beside the line, and two sources one line twice.
const sameAsk = 10 * time.Second

// hear notes an ask.
func (s *State) hear(a ask) {
	locked := s.toBeLocked(a.at)
	if a.locks() && locked == (a.kind == askLock) || a.decides() && locked {
		return // else it would wait, and undo what somebody decides later
	}
	for _, b := range s.asks {
		if apart(a.at, b.at) < sameAsk && sameWords(a, b) {
			return
		}
	}
	for _, b := range s.answered {
		if apart(a.at, b.at) < sameAsk && sameWords(a, b) {
			return
		}
	}
	s.asks = append(s.asks, a)
	if len(s.asks) > asksMost {
		s.asks = s.asks[1:]
	}
}

func (a ask) locks() bool { return a.kind == askLock || a.kind == askUnlock }

// decides: it is about titles that are suggested, or wants some.
func (a ask) decides() bool { return a.kind == askNew || a.kind == askTake || a.kind == askReject }

// toBeLocked reports whether the title is locked once all asks that may still be
// followed have been.
func (s *State) toBeLocked(at time.Time) bool {
	for _, a := range slices.Backward(s.asks) {
		if a.locks() && apart(at, a.at) <= s.c.Fresh {
			return a.kind == askLock
		}
	}
	return s.locked
}

func sameWords(a, b ask) bool {
	a.id, b.id, a.seq, b.seq, a.at, b.at = "", "", 0, 0, time.Time{}, time.Time{}
	a.by.UserID, b.by.UserID = "", "" // a command may lack it
	a.by.Username, b.by.Username = strings.ToLower(a.by.Username), strings.ToLower(b.by.Username)
	return a == b
}

// answer takes the asks that an event of ours answers off the list.
func (s *State) answer(causes []string) {
	s.settle(func(a ask) bool { return slices.Contains(causes, a.id) })
}

// Answered takes an ask off the list that leads to no event.
func (s *State) Answered(id string) { s.answer([]string{id}) }

// askedBefore takes those off the list that wanted titles, or meant others, before
// some were suggested.
func (s *State) askedBefore(seq uint64) {
	s.settle(func(a ask) bool { return a.seq < seq && a.decides() })
}

func (s *State) settle(is func(ask) bool) {
	s.asks = slices.DeleteFunc(s.asks, func(a ask) bool {
		if !is(a) {
			return false
		}
		if s.answered = append(s.answered, a); len(s.answered) > asksMost {
			s.answered = s.answered[1:]
		}
		return true
	})
}
