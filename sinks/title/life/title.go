package life

import (
	"slices"
	"strings"

	"promethean/schema"
)

// own folds an event of the worker's. What does not fit what came before it is
// passed over: somebody else may publish under our subjects.
func (s *State) own(e Event) {
	s.answer(e.CausedBy)
	s.caused(e)
	switch e.Type {
	case schema.TitleRequested:
		s.requested(e)
	case schema.TitleSuggested:
		s.suggested(e)
	case schema.TitleApproved:
		s.approved(e)
	case schema.TitleRejected:
		s.rejected(e)
	case schema.TitleSent:
		s.sent(e)
	case schema.TitleLocked:
		if p, ok := read[schema.TitleLockedPayload](e); ok {
			s.locked = p.Locked
		}
	default:
		s.fate(e)
	}
}

func (s *State) requested(e Event) {
	p, ok := read[schema.TitleRequestedPayload](e)
	if !ok || p.RequestID == "" || s.find(p.RequestID) != nil {
		return
	}
	for _, l := range s.lives {
		l.over = true
	}
	s.lives = append(s.lives, &life{TitleRequestedPayload: p, at: e.At, round: 1, note: p.Note})
	if len(s.lives) > recentMost {
		s.lives = s.lives[1:]
	}
	s.lastRequest, s.requestSeq, s.messages = e.At, e.Seq, 0
	switch {
	case p.Trigger == schema.TriggerInterval:
		s.intervals++
	case p.Session == s.session.key && began(p.Trigger):
		s.session.requested = true
		s.last().hand = s.session.hand
	}
}

// began: a stream that begins asked for titles.
func began(trigger string) bool {
	return trigger == string(schema.OBSStreamingStarted) || trigger == string(schema.ChannelGoLive)
}

func (s *State) suggested(e Event) {
	p, ok := read[schema.TitleSuggestedPayload](e)
	l := s.find(p.RequestID)
	if !ok || l == nil || l.over || l.suggested != nil || p.Round != l.round {
		return
	}
	l.suggested, l.suggestedSeq, l.suggestedAt = &p, e.Seq, e.At
	s.askedBefore(e.Seq)
}

func (s *State) approved(e Event) {
	p, ok := read[schema.TitleApprovedPayload](e)
	l := s.find(p.RequestID)
	if !ok || l == nil || l.over || l.suggested == nil || l.suggested.SuggestionID != p.SuggestionID || len(l.approvals) > len(l.sends) {
		return
	}
	l.approvals, l.approvedAt = append(l.approvals, p), e.At
}

func (s *State) rejected(e Event) {
	p, ok := read[schema.TitleRejectedPayload](e)
	l := s.find(p.RequestID)
	if !ok || l == nil || l.suggested == nil || l.suggested.SuggestionID != p.SuggestionID || len(l.approvals) > 0 {
		return
	}
	for _, title := range p.Titles {
		s.remember(title, "rejected", e.At)
	}
	if !p.Again {
		l.over = true
		return
	}
	l.round, l.suggested, l.rejectedAt = l.round+1, nil, e.At
	if p.Note != "" {
		l.note = p.Note
	}
}

func (s *State) sent(e Event) {
	s.sentSeq = max(s.sentSeq, e.Seq)
	p, ok := read[schema.TitleSentPayload](e)
	l := s.find(p.RequestID)
	if !ok || l == nil || len(l.sends) >= attemptsMost {
		return
	}
	for _, n := range l.sends {
		if n.SentID == p.SentID {
			return
		}
	}
	// What came by hand before it was not known when it was sent.
	l.hand = nil
	l.sends = append(l.sends, &send{TitleSentPayload: p, seq: e.Seq, shown: map[string]Event{}, applied: map[string]bool{}})
}

// fate folds what became of a request.
func (s *State) fate(e Event) {
	p, ok := read[struct {
		RequestID, SentID, Title, Platform, Kind string
	}](e)
	l := s.find(p.RequestID)
	if !ok || l == nil {
		return
	}
	n := l.sendOf(p.SentID)
	switch e.Type {
	case schema.TitleApplied:
		if n != nil {
			n.applied[strings.ToLower(p.Platform)] = true
			s.remember(n.Title, "applied", e.At)
		}
	case schema.TitleUnconfirmed:
		if n != nil {
			n.unconfirmed, l.over = true, true
			s.remember(n.Title, "unconfirmed", e.At)
		}
	case schema.TitleRefused:
		s.refusedTold(l, n, e)
	case schema.TitleOverridden:
		l.over, l.overridden, l.hand = true, true, nil
		if n := l.sending(); n != nil && len(n.applied) > 0 {
			s.remember(n.Title, "overridden", e.At)
		}
		s.remember(p.Title, "liked", e.At)
	case schema.TitleExpired:
		l.over = true
	case schema.TitleTainted:
		l.tainted, l.taint = true, nil
	}
}

func (l *life) sendOf(id string) *send {
	for _, n := range l.sends {
		if n.SentID == id {
			return n
		}
	}
	return nil
}

// refusedTold notes a refusal. One about the title leaves room for another
// candidate.
func (s *State) refusedTold(l *life, n *send, e Event) {
	p, ok := read[schema.TitleRefusedPayload](e)
	if !ok {
		return
	}
	if n == nil { // nothing was sent
		l.over = true
		return
	}
	n.refused, n.refusal = &p, nil
	s.remember(n.Title, "refused", e.At)
	if _, more := l.next(); !more || p.Kind == schema.RefusedAction {
		l.over = true
	}
}

// next is the candidate to try after a refusal.
func (l *life) next() (schema.TitleCandidate, bool) {
	if l.suggested == nil {
		return schema.TitleCandidate{}, false
	}
	var sent []string
	for _, n := range l.sends {
		sent = append(sent, n.Title)
	}
	return Next(l.suggested.Candidates, sent)
}

// Next is the candidate to try after a refusal that was about the title: once, and
// none that was sent.
func Next(candidates []schema.TitleCandidate, sent []string) (schema.TitleCandidate, bool) {
	if len(sent) < attemptsMost {
		for _, c := range candidates {
			if !slices.Contains(sent, c.Title) {
				return c, true
			}
		}
	}
	return schema.TitleCandidate{}, false
}
