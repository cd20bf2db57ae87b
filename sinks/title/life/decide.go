package life

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
)

// answers are what asks in chat and by Streamer.bot lead to. One that leads to
// nothing now waits, until it is too old.
func (s *State) answers(now time.Time) (Do, bool) {
	for _, a := range s.asks {
		if a.kind == askRaised || apart(now, a.at) > s.c.Fresh {
			continue
		}
		if do, err := s.decide(a, now); err == nil {
			return do, true
		}
	}
	return Do{}, false
}

// Command is what a command leads to. The error says for a person why it leads
// to nothing.
func (s *State) Command(c schema.TitleCommand, now time.Time) (Do, error) {
	a := ask{id: c.Envelope.ID, seq: math.MaxUint64, at: now, by: schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaOperator}}
	switch {
	case now.After(c.Deadline):
		return Do{}, fmt.Errorf("its deadline, %s, has passed; nothing was done", schema.NewTime(c.Deadline))
	case c.Suggest != nil:
		a.kind, a.note, a.fresh = askNew, c.Suggest.Note, true
	case c.Regenerate != nil:
		a.kind, a.note, a.suggestion = askNew, c.Regenerate.Note, c.Regenerate.SuggestionID
	case c.Approve != nil:
		a.kind, a.candidate, a.title, a.suggestion = askTake, c.Approve.Candidate, c.Approve.Title, c.Approve.SuggestionID
		if a.candidate == 0 && a.title == "" {
			a.candidate = 1
		}
	case c.Reject != nil:
		a.kind, a.note, a.suggestion = askReject, c.Reject.Reason, c.Reject.SuggestionID
	case c.Lock != nil && c.Lock.Locked:
		a.kind = askLock
	case c.Lock != nil:
		a.kind = askUnlock
	case c.Rollback != nil:
		return s.rollback(a, now)
	}
	return s.decide(a, now)
}

var (
	errOff    = errors.New("titles are off: BRAIN_TITLE_MODE is off")
	errLocked = errors.New("the title is locked: unlock it first")
	errBusy   = errors.New("titles are being made, or one is on its way; try again in a moment")
	errNone   = errors.New("there is no suggestion to decide about: ask for one first")
	errTaken  = errors.New("one of the suggested titles has been taken already; ask for others")
	errHand   = errors.New("the streamer has set a title by hand, which stays; ask for others")
)

// notMeant says why an ask cannot be about the last request's suggestion.
func (l *life) notMeant(a ask) error {
	switch {
	case l == nil:
		return errNone
	case l.hand != nil || l.overridden:
		return errHand
	case len(l.approvals) > 0:
		return errTaken
	case l.over:
		return errNone
	case l.suggested == nil:
		return errBusy
	case a.suggestion != "" && a.suggestion != l.suggested.SuggestionID:
		return fmt.Errorf("%.64q is not the suggestion that is open, which is %s", a.suggestion, l.suggested.SuggestionID)
	}
	return errNone
}

func (s *State) decide(a ask, now time.Time) (Do, error) {
	switch {
	case s.c.Mode == schema.TitleOff:
		return Do{}, errOff
	case a.kind == askLock || a.kind == askUnlock:
		return s.lock(a, now)
	case a.kind == askShow:
		return Do{ID: a.id, Show: &Show{Ask: a.id, Platform: a.platform, Text: s.showing()}}, nil
	case s.locked:
		return Do{}, errLocked
	}
	l := s.last()
	meant := l.open() && l.hand == nil && a.seq > l.suggestedSeq && (a.suggestion == "" || a.suggestion == l.suggested.SuggestionID)
	switch a.kind {
	case askNew:
		return s.anew(a, l, meant, now)
	case askTake, askReject:
		if !meant {
			return Do{}, l.notMeant(a)
		}
	}
	if a.kind == askReject {
		do, _ := s.reject(l, a, false, now)
		return do, nil
	}
	return s.take(l, a, now)
}

// anew rejects what is open and asks for another round, or asks where nothing is.
func (s *State) anew(a ask, l *life, meant bool, now time.Time) (Do, error) {
	switch {
	case meant && !a.fresh && l.round >= roundsMost:
		return Do{}, fmt.Errorf("%d rounds of titles are enough for one request", roundsMost)
	case meant && !a.fresh:
		do, _ := s.reject(l, a, true, now)
		return do, nil
	case s.pending(now) && !l.open():
		return Do{}, errBusy
	case l.open() && !meant:
		return Do{}, l.notMeant(a)
	}
	trigger := schema.TriggerCommand
	if a.by.Via == schema.ViaOperator {
		trigger = schema.TriggerOperator
	}
	do, _ := s.request(Request{TitleRequestedPayload: schema.TitleRequestedPayload{
		RequestID: RequestID(a.id), Trigger: trigger, Mode: schema.TitleSuggest, By: a.by, Note: a.note}, CausedBy: []string{a.id}}, now)
	return do, nil
}

func (s *State) rollback(a ask, now time.Time) (Do, error) {
	before := "" // one for all: that of the platform that says most
	for _, platform := range Platforms() {
		before = cmp.Or(before, s.before[platform])
	}
	switch {
	case s.c.Mode == schema.TitleOff:
		return Do{}, errOff
	case s.locked:
		return Do{}, errLocked
	case before == "":
		return Do{}, errors.New("no title is known that stood before ours")
	case s.pending(now) && !s.last().open():
		return Do{}, errBusy
	}
	do, _ := s.request(Request{TitleRequestedPayload: schema.TitleRequestedPayload{
		RequestID: RequestID(a.id), Trigger: schema.TriggerRollback, Mode: schema.TitleAuto, By: a.by, Note: before}, CausedBy: []string{a.id}}, now)
	return do, nil
}

func (s *State) reject(l *life, a ask, again bool, now time.Time) (Do, bool) {
	p := schema.TitleRejectedPayload{RequestID: l.RequestID, SuggestionID: l.suggested.SuggestionID, Session: l.Session,
		Titles: []string{}, Again: again, By: a.by, SentDateTime: schema.NewTime(now)}
	for _, c := range l.suggested.Candidates {
		p.Titles = append(p.Titles, c.Title)
	}
	if again {
		p.Note = a.note
	} else {
		p.Reason = a.note
	}
	return tell(Tell{Type: schema.TitleRejected, ID: schema.OwnID(p.SuggestionID, schema.TitleRejected, 0), RequestID: l.RequestID,
		CausedBy: []string{a.id, p.SuggestionID}, Channel: s.session.channel, Payload: p})
}

// take approves a candidate, or a text of one's own that passes the gate.
func (s *State) take(l *life, a ask, now time.Time) (Do, error) {
	p := schema.TitleApprovedPayload{RequestID: l.RequestID, SuggestionID: l.suggested.SuggestionID, Session: l.Session,
		Candidate: a.candidate, By: a.by, SentDateTime: schema.NewTime(now)}
	for _, c := range l.suggested.Candidates {
		if c.N == a.candidate {
			p.Title = c.Title
		}
	}
	if a.candidate != 0 && p.Title == "" {
		return Do{}, fmt.Errorf("there is no candidate %d: there are %d", a.candidate, len(l.suggested.Candidates))
	}
	if a.title != "" {
		title, err := s.c.Pass(a.title, l.facts())
		if err != nil {
			return Do{}, fmt.Errorf("this title does not pass the gate: %w", err)
		}
		p.Edited = title != p.Title
		p.Title = title
	}
	do, _ := tell(Tell{Type: schema.TitleApproved, ID: ApprovalID(p.SuggestionID, 1), RequestID: l.RequestID,
		CausedBy: []string{a.id, p.SuggestionID}, Channel: s.session.channel, Payload: p})
	return do, nil
}

func (s *State) lock(a ask, now time.Time) (Do, error) {
	want := a.kind == askLock
	switch {
	case want && s.locked:
		return Do{}, errors.New("the title is locked already")
	case !want && !s.locked:
		return Do{}, errors.New("the title is not locked")
	}
	p := schema.TitleLockedPayload{Locked: want, Session: s.session.key, By: a.by, SentDateTime: schema.NewTime(now)}
	do, _ := tell(Tell{Type: schema.TitleLocked, ID: schema.OwnID(a.id, schema.TitleLocked, 0), CausedBy: []string{a.id}, Channel: s.session.channel, Payload: p})
	return do, nil
}

// showing says what may be decided about.
func (s *State) showing() string {
	l := s.last()
	if !l.open() {
		return "no title is suggested; !title new asks for some"
	}
	var b strings.Builder
	for _, c := range l.suggested.Candidates {
		fmt.Fprintf(&b, "%d: %s · ", c.N, c.Title)
	}
	return b.String() + "!title 1 takes the first, !title new, !title no"
}

// facts are the request's context.
func (l *life) facts() facts.Facts {
	var f facts.Facts
	body, err := json.Marshal(l.Context)
	if err == nil {
		// The worker wrote it; what another program wrote may say nothing.
		_ = json.Unmarshal(body, &f)
	}
	return f
}

// platformName is upper case, as in payloads.
func platformName(provider string) string { return strings.ToUpper(provider) }
