package life

import (
	"fmt"
	"time"

	"promethean/schema"
)

// expiry ends a request that nobody decided about, or that came to nothing
// while the worker was not running.
func (s *State) expiry(now time.Time) (Do, bool) {
	l := s.last()
	if l == nil || l.over {
		return Do{}, false
	}
	kind, reason := s.expired(l, now)
	if kind == "" {
		return Do{}, false
	}
	return s.expire(l, kind, reason, nil, now)
}

func (s *State) expire(l *life, kind, reason string, causes []string, now time.Time) (Do, bool) {
	return tell(Tell{Type: schema.TitleExpired, ID: schema.OwnID(l.RequestID, schema.TitleExpired, 0), RequestID: l.RequestID,
		CausedBy: append([]string{l.RequestID}, causes...), Channel: s.session.channel,
		Payload: schema.TitleExpiredPayload{RequestID: l.RequestID, Session: l.Session, Kind: kind, Reason: reason, SentDateTime: schema.NewTime(now)}})
}

func (s *State) expired(l *life, now time.Time) (kind, reason string) {
	late := func(since time.Time) bool { return apart(now, since) > s.c.Fresh }
	switch {
	case l.suggested == nil && late(l.waiting()):
		return schema.ExpiredTooLate, "no titles could be made in time"
	case l.suggested == nil:
		return "", ""
	case len(l.suggested.Candidates) == 0:
		return schema.ExpiredNoCandidate, "no title passed the gate"
	case len(l.approvals) > len(l.sends) && late(l.approvedAt):
		return schema.ExpiredTooLate, "the title could not be sent in time after it was approved"
	case len(l.approvals) > 0:
		return "", ""
	case s.auto(l) && !s.locked && late(l.suggestedAt):
		return schema.ExpiredTooLate, "the title could not be sent in time after it was suggested"
	case now.After(l.suggested.Until.Time), apart(now, l.suggestedAt) > s.c.Valid+s.c.Fresh:
		return schema.ExpiredTimedOut, fmt.Sprintf("nobody decided within %s", s.c.Valid)
	case l.Session == s.session.key && !s.session.ended.IsZero() && apart(now, s.session.ended) > s.c.CoolDown:
		return schema.ExpiredStreamEnded, "the stream has ended"
	}
	return "", ""
}

// waiting is since when a suggestion is waited for.
func (l *life) waiting() time.Time {
	if l.rejectedAt.After(l.at) {
		return l.rejectedAt
	}
	return l.at
}

// requests are what asks for titles by itself: a stream that begins, the
// streamer's own event, an interval.
func (s *State) requests(now time.Time) (Do, bool) {
	if s.c.Mode == schema.TitleOff || s.locked {
		return Do{}, false
	}
	r, ok := s.beginning(now)
	if !ok {
		r, ok = s.raising(now)
	}
	if !ok {
		r, ok = s.interval(now)
	}
	if !ok {
		return Do{}, false
	}
	return s.request(r, now)
}

// request is a request that is due, or first the end of one that it supersedes.
func (s *State) request(r Request, now time.Time) (Do, bool) {
	if l := s.last(); l != nil && !l.over && len(l.approvals) == 0 {
		return s.expire(l, schema.ExpiredSuperseded, "titles were asked for anew", nil, now)
	}
	r.Channel = s.session.channel
	if r.Session, _ = s.Session(); r.Session == "" {
		r.Session = r.RequestID
	}
	r.SentDateTime = schema.NewTime(now)
	return Do{ID: r.RequestID, Request: &r}, true
}

// beginning is the one request of a stream that begins. What the streamer's own
// action raised at the same time belongs to it.
func (s *State) beginning(now time.Time) (Request, bool) {
	z := &s.session
	age := now.Sub(z.opened)
	if !z.on() || z.requested || age < s.c.Settle || age.Abs() > s.c.Fresh || s.decidedJustNow(now) {
		return Request{}, false
	}
	r := Request{TitleRequestedPayload: schema.TitleRequestedPayload{
		RequestID: RequestID(z.key), Trigger: string(z.trigger), Mode: s.c.Mode,
		By: schema.TitleActor{Kind: schema.ActorPolicy, Via: schema.ViaSettings},
	}, CausedBy: []string{z.key}}
	if l := s.last(); l != nil && l.Trigger == schema.TriggerCustom && apart(z.opened, l.at) < s.c.CoolDown {
		f := l.facts()
		r.Note, r.Game, r.Title = l.Note, f.Category, f.Title
	}
	for _, a := range s.asks {
		if a.kind == askRaised && apart(now, a.at) <= s.c.Fresh {
			r.Note, r.Game, r.Title, r.CausedBy = a.note, a.game, a.title, append(r.CausedBy, a.id)
		}
	}
	return r, true
}

// decidedJustNow: somebody has chosen a title a moment before the stream began, or
// after the streamer set one by hand asks for others.
func (s *State) decidedJustNow(now time.Time) bool {
	for _, l := range s.lives {
		if len(l.approvals) > 0 && l.approvals[0].By.Kind != schema.ActorPolicy && apart(now, l.approvedAt) < s.c.CoolDown {
			return true
		}
	}
	l := s.last()
	return s.session.hand != nil && l != nil && !l.over && l.By.Kind == schema.ActorHuman
}

// raising is a request by the streamer's own event where no stream begins.
func (s *State) raising(now time.Time) (Request, bool) {
	if apart(now, s.lastRequest) < s.c.CoolDown || s.pending(now) {
		return Request{}, false
	}
	for _, a := range s.asks {
		if age := now.Sub(a.at); a.kind != askRaised || age < s.c.Settle || age.Abs() > s.c.Fresh || a.seq < s.requestSeq {
			continue
		}
		return Request{TitleRequestedPayload: schema.TitleRequestedPayload{
			RequestID: RequestID(a.id), Trigger: schema.TriggerCustom, Mode: schema.TitleSuggest, By: a.by, Note: a.note,
		}, Game: a.game, Title: a.title, CausedBy: []string{a.id}}, true
	}
	return Request{}, false
}

// interval is a request because so many minutes or messages have passed.
func (s *State) interval(now time.Time) (Request, bool) {
	z := &s.session
	since := min(now.Sub(z.opened), apart(now, s.lastRequest))
	due := s.c.Every > 0 && since >= s.c.Every || s.c.EveryMessages > 0 && s.messages >= s.c.EveryMessages && since >= s.c.CoolDown
	if !z.on() || apart(now, z.opened) > sessionMost || !due || s.pending(now) {
		return Request{}, false
	}
	return Request{TitleRequestedPayload: schema.TitleRequestedPayload{
		RequestID: IntervalID(z.key, s.intervals+1), Trigger: schema.TriggerInterval, Mode: schema.TitleSuggest,
		By: schema.TitleActor{Kind: schema.ActorPolicy, Via: schema.ViaSettings},
	}, CausedBy: []string{z.key}}, true
}

// pending: a request is being answered, or its title is on its way.
func (s *State) pending(now time.Time) bool {
	l := s.last()
	if l == nil || l.over {
		return false
	}
	n := l.sending()
	return n == nil || len(l.approvals) > len(l.sends) || n.refusal != nil ||
		n.awaited() && !s.past(n, now) && !l.everywhere(n)
}

// everywhere: each platform that the title is for has it, as far as they are known.
func (l *life) everywhere(n *send) bool {
	platforms := l.facts().Platforms
	for _, p := range platforms {
		if !n.applied[p] {
			return false
		}
	}
	return len(platforms) > 0
}
