package life

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"promethean/schema"
)

// TestAnyOrder: whatever happens in whatever order, with the worker killed at
// any point, at most one command a candidate and two a suggestion are given,
// each for what was approved, and never over a title that was set by hand.
func TestAnyOrder(t *testing.T) {
	worlds := 800
	if testing.Short() {
		worlds = 100
	}
	commands, applied := 0, 0
	for seed := range uint64(worlds) {
		w := newWorld(t, seed)
		for range 60 {
			w.happen()
			w.check()
			w.doAll()
			w.check()
			if w.r.IntN(8) == 0 {
				w.sameAgain()
			}
			w.now = w.now.Add(time.Duration(w.r.IntN(20)) * time.Second)
			if w.r.IntN(15) == 0 {
				w.now = w.now.Add(time.Duration(w.r.IntN(40)) * time.Minute)
			}
		}
		w.ends()
		commands += len(w.commands)
		for _, e := range w.log {
			if e.Type == schema.TitleApplied {
				applied++
			}
		}
	}
	if commands < worlds/2 || applied < worlds/10 {
		t.Errorf("only %d commands and %d titles applied in %d worlds: little was tried", commands, applied, worlds)
	}
}

// happen lets one thing happen outside.
func (w *world) happen() {
	chat := func(text string) {
		w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{Username: fmt.Sprint("mod", w.r.IntN(3)), Message: text, Platform: "TWITCH", IsModerator: w.r.IntN(4) > 0})
	}
	switch w.r.IntN(16) {
	case 0, 1:
		w.put(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: "obs"})
	case 2:
		w.put(schema.ChannelGoLive, schema.Twitch, schema.LivePayload{Platform: "TWITCH"})
	case 3:
		w.put(schema.OBSStreamingStopped, schema.OBS, schema.OutputPayload{Software: "obs"})
		w.put(schema.ChannelGoOffline, schema.Twitch, schema.LivePayload{Platform: "TWITCH"})
	case 4:
		w.updated(fmt.Sprint("by hand ", w.r.IntN(4)))
	case 5, 6, 7:
		w.answered()
	case 8:
		chat([]string{"!title 1", "!title 2", "!title 3"}[w.r.IntN(3)])
	case 9:
		chat([]string{"!title new", "!title no", "!title", "!title set mine", "!title set bad", "hello"}[w.r.IntN(6)])
	case 10:
		chat([]string{"!title lock", "!title unlock", "!title unlock"}[w.r.IntN(3)])
	case 11:
		w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.title", "args": map[string]any{"note": "x"}})
	case 12:
		w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.approve", "args": map[string]any{"candidate": w.r.IntN(4)}})
	case 13:
		w.put(schema.ChatMessageDeleted, schema.Twitch, schema.MessageDeletedPayload{ID: "line"})
	default:
		w.commanded()
	}
}

func (w *world) updated(title string) {
	w.put(schema.ChannelUpdated, schema.Twitch, schema.ChannelUpdatedPayload{Title: title, Platform: "TWITCH"})
}

func (w *world) refused(title string) {
	w.put(broadcast, schema.StreamerBot, map[string]any{"titleSuccess": false, "title": title, "reason": "Status contains banned words."})
}

// answered has the outside answer one of the commands, well or badly, or late.
func (w *world) answered() {
	for id, c := range w.commands {
		switch w.r.IntN(6) {
		case 0, 1, 2:
			w.updated(c.title)
		case 3:
			w.refused(c.title)
		case 4:
			w.put(schema.ActionFailed, schema.StreamerBot, schema.ActionPayload{CommandID: id, Outcome: schema.OutcomeRefused})
		case 5:
			w.put(schema.ActionCompleted, schema.StreamerBot, schema.ActionPayload{CommandID: id, Outcome: schema.OutcomeCompleted})
		}
		return
	}
}

// commanded has the operator command something.
func (w *world) commanded() {
	c := schema.TitleCommand{Envelope: schema.Envelope{ID: fmt.Sprint("c", len(w.log), w.r.IntN(1000))}, Deadline: w.now.Add(time.Minute)}
	switch w.r.IntN(6) {
	case 0:
		c.Suggest = &schema.TitleSuggestCommand{}
	case 1:
		c.Approve = &schema.TitleApproveCommand{Candidate: w.r.IntN(3)}
	case 2:
		c.Reject = &schema.TitleRejectCommand{}
	case 3:
		c.Regenerate = &schema.TitleRegenerateCommand{}
	case 4:
		c.Lock = &schema.TitleLockCommand{Locked: w.r.IntN(2) == 0}
	case 5:
		c.Rollback = &schema.TitleRollbackCommand{}
	}
	for range 3 {
		do, err := w.state.Command(c, w.now)
		if err != nil {
			return
		}
		w.do(do)
		if do.Tell == nil || do.Tell.Type != schema.TitleExpired {
			return
		}
	}
}

// check holds what must be so at every moment.
func (w *world) check() {
	w.t.Helper()
	bySuggestion, byCandidate := map[string]int{}, map[string]int{}
	for _, c := range w.commands {
		bySuggestion[c.suggestion]++
		byCandidate[c.suggestion+" "+c.title]++
	}
	for s, n := range bySuggestion {
		if n > 2 {
			w.failf("%d commands for suggestion %s", n, s)
		}
	}
	for s, n := range byCandidate {
		if n > 1 {
			w.failf("%d commands for candidate %s", n, s)
		}
	}
	approved, sessions := map[string]bool{}, map[string]int{}
	sent := map[string]schema.TitleSentPayload{}
	overridden := map[string]bool{}
	for _, e := range w.log {
		switch e.Type {
		case schema.TitleApproved:
			p, _ := read[schema.TitleApprovedPayload](e)
			approved[p.SuggestionID+" "+p.Title] = true
		case schema.TitleRequested:
			if p, _ := read[schema.TitleRequestedPayload](e); began(p.Trigger) {
				sessions[p.Session]++
			}
		case schema.TitleOverridden:
			p, _ := read[schema.TitleOverriddenPayload](e)
			overridden[p.RequestID] = true
		case schema.TitleSent:
			p, _ := read[schema.TitleSentPayload](e)
			sent[p.SentID] = p
			if !approved[p.SuggestionID+" "+p.Title] {
				w.failf("%q was sent and not approved", p.Title)
			}
			if overridden[p.RequestID] {
				w.failf("%q was sent over a title that was set by hand", p.Title)
			}
		case schema.TitleApplied:
			p, _ := read[schema.TitleAppliedPayload](e)
			if n, ok := sent[p.SentID]; !ok || n.Title != p.Title {
				w.failf("%q is applied and was not sent", p.Title)
			}
		}
	}
	for s, n := range sessions {
		if n > 1 {
			w.failf("%d requests because stream %s began", n, s)
		}
	}
	w.checkHands()
	if w.c.Mode == schema.TitleOff && len(w.commands) > 0 {
		w.failf("titles are off")
	}
}

// sameAgain: whoever reads the log anew knows the same.
func (w *world) sameAgain() {
	w.t.Helper()
	again := New(w.c)
	for _, e := range w.log {
		again.Add(e)
	}
	for _, later := range []time.Duration{0, 10 * time.Second, 40 * time.Second, 6 * time.Minute, time.Hour} {
		a, _ := json.Marshal(first(w.state.Due(w.now.Add(later), false)))
		b, _ := json.Marshal(first(again.Due(w.now.Add(later), false)))
		if string(a) != string(b) && !w.isShow(string(b)) {
			w.failf("due in %s is %s; after reading the log again %s", later, a, b)
		}
	}
}

// isShow: an answer in chat is no event, and given again after a restart; by its
// id the gateway knows it.
func (w *world) isShow(do string) bool {
	var d Do
	return json.Unmarshal([]byte(do), &d) == nil && d.Show != nil
}

func first(d Do, _ bool) Do {
	if d.Tell != nil { // the payload is one of several types
		d.Tell = &Tell{Type: d.Tell.Type, ID: d.Tell.ID}
	}
	return d
}

// ends: when nothing happens any more, everything comes to an end.
func (w *world) ends() {
	w.t.Helper()
	w.c.Every, w.c.EveryMessages = 0, 0
	w.reborn()
	for range 20 {
		w.now = w.now.Add(10 * time.Minute)
		w.doAll()
	}
	if l := w.state.last(); l != nil && l.open() {
		w.failf("request %s is open for ever", l.RequestID)
	}
	for _, l := range w.state.lives {
		for _, n := range l.sends {
			if n.refused == nil && !n.unconfirmed && len(n.applied) == 0 {
				w.failf("%q has no outcome", n.Title)
			}
		}
	}
}
