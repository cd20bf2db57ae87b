package life

import (
	"fmt"
	"time"

	"promethean/schema"
)

// Do is one thing that is due. One of its pointers is set; the others, which take
// their time, lead to the event with the id ID.
type Do struct {
	ID      string
	Tell    *Tell
	Request *Request
	Suggest *Suggest
	Send    *Send
	Show    *Show
	Ask     *schema.TitleSuggestedPayload
}

// Tell is an event of the worker's to publish.
type Tell struct {
	Type      schema.Type
	ID        string
	RequestID string
	CausedBy  []string
	Channel   schema.Channel
	// Payload is one of schema's; SetTime has given it its time.
	Payload any
}

// Request is a title.requested to make, once its context is known.
type Request struct {
	schema.TitleRequestedPayload
	// Game and Title, where set, are fresher than what the log says.
	Game, Title string
	CausedBy    []string
	Channel     schema.Channel
}

// Suggest is a round of titles to make.
type Suggest struct {
	Requested schema.TitleRequestedPayload
	Round     int
	Note      string
	Until     time.Time
	Channel   schema.Channel
}

// Send is an approved title to hand over.
type Send struct {
	Requested schema.TitleRequestedPayload
	Approved  schema.TitleApprovedPayload
	Attempt   int
	Until     time.Time
	Channel   schema.Channel
}

// Show answers a person in chat.
type Show struct {
	Ask, Platform, Text string
}

// Due is what is to be done first, if anything. While something that takes its
// time is being done (busy), only what does not is due.
func (s *State) Due(now time.Time, busy bool) (Do, bool) {
	for _, look := range []func(time.Time) (Do, bool){s.outcomes, s.expiry, s.answers, s.policy, s.asking} {
		if do, ok := look(now); ok && (!busy || do.quick()) {
			return do, true
		}
	}
	if busy {
		return Do{}, false
	}
	for _, look := range []func(time.Time) (Do, bool){s.requests, s.suggesting, s.sendings} {
		if do, ok := look(now); ok {
			return do, true
		}
	}
	return Do{}, false
}

func (d Do) quick() bool { return d.Tell != nil || d.Show != nil || d.Ask != nil }

func tell(t Tell) (Do, bool) { return Do{ID: t.ID, Tell: &t}, true }

// policy decides where a setting or a rollback does, and for the next candidate
// after a refusal.
func (s *State) policy(now time.Time) (Do, bool) {
	l := s.last()
	if l == nil || l.over || l.suggested == nil || len(l.suggested.Candidates) == 0 || l.hand != nil || s.locked || s.c.Mode == schema.TitleOff {
		return Do{}, false
	}
	by := schema.TitleActor{Kind: schema.ActorPolicy, Via: schema.ViaSettings}
	switch n := l.sending(); {
	case len(l.approvals) == 0 && s.auto(l):
		if l.Trigger == schema.TriggerRollback {
			by = l.By
		}
		return s.approve(l, l.suggested.Candidates[0], by, now, l.suggested.SuggestionID)
	case n != nil && n.refused != nil && len(l.approvals) == len(l.sends):
		if c, more := l.next(); more {
			return s.approve(l, c, by, now, n.SentID)
		}
	}
	return Do{}, false
}

// auto: nobody has to approve. A request of a time when the settings were others
// is no reason to send what they forbid now.
func (s *State) auto(l *life) bool {
	return l.Mode == schema.TitleAuto && (s.c.Mode == schema.TitleAuto || l.Trigger == schema.TriggerRollback)
}

func (s *State) approve(l *life, c schema.TitleCandidate, by schema.TitleActor, now time.Time, cause string) (Do, bool) {
	id := ApprovalID(l.suggested.SuggestionID, len(l.approvals)+1)
	return tell(Tell{Type: schema.TitleApproved, ID: id, RequestID: l.RequestID, CausedBy: []string{cause}, Channel: s.session.channel,
		Payload: schema.TitleApprovedPayload{RequestID: l.RequestID, SuggestionID: l.suggested.SuggestionID, Session: l.Session,
			Candidate: c.N, Title: c.Title, By: by, SentDateTime: schema.NewTime(now)}})
}

// askTime is how long after it was made a suggestion is worth showing.
const askTime = time.Minute

// asking has an action of the streamer's show what somebody may decide about. That
// it did is on no log; the command's id says that it is the same one.
func (s *State) asking(now time.Time) (Do, bool) {
	l := s.last()
	if !s.c.Ask || !l.open() || l.hand != nil || len(l.suggested.Candidates) == 0 || s.auto(l) || s.asked == l.suggested.SuggestionID ||
		s.locked || s.c.Mode == schema.TitleOff || apart(now, l.suggestedAt) > askTime {
		return Do{}, false
	}
	return Do{ID: AskCommandID(l.suggested.SuggestionID), Ask: l.suggested}, true
}

// Asked notes that a suggestion is shown.
func (s *State) Asked(suggestion string) { s.asked = suggestion }

func (s *State) suggesting(now time.Time) (Do, bool) {
	l := s.last()
	if l == nil || l.over || l.suggested != nil || s.c.Mode == schema.TitleOff {
		return Do{}, false
	}
	return Do{ID: SuggestionID(l.RequestID, l.round), Suggest: &Suggest{
		Requested: l.TitleRequestedPayload, Round: l.round, Note: l.note, Until: now.Add(s.c.Valid), Channel: s.session.channel}}, true
}

func (s *State) sendings(now time.Time) (Do, bool) {
	l := s.last()
	if l == nil || l.over || l.hand != nil || len(l.approvals) <= len(l.sends) || s.locked || s.c.Mode == schema.TitleOff {
		return Do{}, false
	}
	attempt := len(l.sends) + 1
	return Do{ID: SentID(l.suggested.SuggestionID, attempt), Send: &Send{
		Requested: l.TitleRequestedPayload, Approved: *l.approval(), Attempt: attempt, Until: now.Add(s.c.Confirm), Channel: s.session.channel}}, true
}

// outcomes tell what became of what was sent, of every request that is still
// remembered.
func (s *State) outcomes(now time.Time) (Do, bool) {
	for _, l := range s.lives {
		for _, n := range l.sends {
			if do, ok := s.outcome(l, n, now); ok {
				return do, true
			}
		}
		if h := l.hand; h != nil {
			was := ""
			if n := l.sending(); n != nil {
				was = n.Title
			}
			return tell(Tell{Type: schema.TitleOverridden, ID: schema.OwnID(l.RequestID, schema.TitleOverridden, 0), RequestID: l.RequestID,
				CausedBy: []string{h.event.ID}, Channel: h.event.Channel, Payload: schema.TitleOverriddenPayload{
					RequestID: l.RequestID, Session: l.Session, Platform: platformName(h.platform), Title: h.title, Was: was, SentDateTime: schema.NewTime(now)}})
		}
		if l.taint != nil {
			p := *l.taint
			if n := l.sending(); n != nil {
				p.Title = n.Title
			}
			p.SentDateTime = schema.NewTime(now)
			return tell(Tell{Type: schema.TitleTainted, ID: schema.OwnID(l.RequestID, schema.TitleTainted, 0), RequestID: l.RequestID,
				CausedBy: []string{l.taintedBy}, Channel: s.session.channel, Payload: p})
		}
	}
	return Do{}, false
}

func (s *State) outcome(l *life, n *send, now time.Time) (Do, bool) {
	at := schema.NewTime(now)
	for _, platform := range Platforms() {
		e, shows := n.shown[platform]
		if !shows || n.applied[platform] {
			continue
		}
		return tell(Tell{Type: schema.TitleApplied, ID: appliedID(n.SentID, platform), RequestID: l.RequestID, CausedBy: []string{e.ID, n.SentID}, Channel: e.Channel,
			Payload: schema.TitleAppliedPayload{RequestID: l.RequestID, SuggestionID: n.SuggestionID, SentID: n.SentID, Session: l.Session,
				Candidate: n.Candidate, Title: n.titleOn(platform), Platform: platformName(platform), SentDateTime: at}})
	}
	switch {
	case n.refusal != nil:
		return tell(Tell{Type: schema.TitleRefused, ID: schema.OwnID(n.SentID, schema.TitleRefused, 0), RequestID: l.RequestID,
			CausedBy: []string{n.refusal.cause, n.SentID}, Channel: s.session.channel,
			Payload: schema.TitleRefusedPayload{RequestID: l.RequestID, SuggestionID: n.SuggestionID, SentID: n.SentID, Session: l.Session,
				Candidate: n.Candidate, Title: n.Title, Kind: n.refusal.kind, Reason: n.refusal.reason, SentDateTime: at}})
	case n.awaited() && len(n.shown) == 0 && s.past(n, now):
		return tell(Tell{Type: schema.TitleUnconfirmed, ID: schema.OwnID(n.SentID, schema.TitleUnconfirmed, 0), RequestID: l.RequestID,
			CausedBy: []string{n.SentID}, Channel: s.session.channel,
			Payload: schema.TitleUnconfirmedPayload{RequestID: l.RequestID, SuggestionID: n.SuggestionID, SentID: n.SentID, Session: l.Session,
				Candidate: n.Candidate, Title: n.Title, Reason: fmt.Sprintf("no platform showed the title within %s; it is not sent again", s.c.Confirm), SentDateTime: at}})
	}
	return Do{}, false
}

// lateWord is how long a word in time may be on its way to us.
const lateWord = 2 * time.Second

// past: the time in which a platform had to show a title is over, or was never to
// come.
func (s *State) past(n *send, now time.Time) bool {
	return now.After(n.Until.Add(lateWord)) || n.Until.Sub(now) > s.c.Confirm+s.c.Fresh
}
