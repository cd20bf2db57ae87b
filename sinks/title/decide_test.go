package title

import (
	"fmt"
	"testing"
	"time"

	"promethean/schema"
)

// TestSuggest: nothing is sent before a person says so.
func TestSuggest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(s *stage, suggested schema.TitleSuggestedPayload)
		want   func(schema.TitleSuggestedPayload) string
		by     schema.TitleActor
	}{
		{"a moderator in chat", func(s *stage, _ schema.TitleSuggestedPayload) { s.said(true, "!title 2") },
			func(p schema.TitleSuggestedPayload) string { return p.Candidates[1].Title },
			schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaChat, UserID: "7", Username: "ada"}},
		{"an action of Streamer.bot", func(s *stage, p schema.TitleSuggestedPayload) {
			s.emit("streamerbot.custom.event", schema.StreamerBot, map[string]any{"eventName": "brain.approve", "args": map[string]any{"suggestionId": p.SuggestionID, "candidate": "3"}})
		}, func(p schema.TitleSuggestedPayload) string { return p.Candidates[2].Title }, schema.TitleActor{Kind: schema.ActorBot, Via: schema.ViaStreamerBot}},
		{"an edited one in chat", func(s *stage, _ schema.TitleSuggestedPayload) {
			s.said(true, "!title set a link.example is none")
			s.said(true, "!title set Soup, slowly")
		}, func(schema.TitleSuggestedPayload) string { return "Soup, slowly" },
			schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaChat, UserID: "7", Username: "ada"}},
		{"the operator", func(s *stage, p schema.TitleSuggestedPayload) {
			s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{Candidate: 9}, schema.OutcomeRefused)
			s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{SuggestionID: "another"}, schema.OutcomeRefused)
			s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{Title: "%boom%"}, schema.OutcomeRefused)
			s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{SuggestionID: p.SuggestionID}, schema.OutcomeCompleted)
		}, func(p schema.TitleSuggestedPayload) string { return p.Candidates[0].Title }, schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaOperator}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			o := quick(schema.TitleSuggest)
			o.Ask = "Show Titles"
			s.work(o)
			s.starts()
			p := payload[schema.TitleSuggestedPayload](t, s.until("requested", "suggested")[1])
			s.eventually("the suggestion is shown", func() bool {
				took := s.took()
				return len(took) == 1 && took[0].DoAction.Action.Name == "Show Titles" && argument(took[0], "title3") == p.Candidates[2].Title && argument(took[0], "suggestionId") == p.SuggestionID
			})
			s.said(false, "!title 1")
			tt.answer(s, p)
			events := s.until("requested", "suggested", "approved", "sent", "applied")
			approved := payload[schema.TitleApprovedPayload](t, events[2])
			if approved.Title != tt.want(p) || approved.By != tt.by {
				t.Errorf("approved %+v", approved)
			}
			if sent := s.took()[1]; argument(sent, "title") != tt.want(p) {
				t.Errorf("sent %+v", sent)
			}
		})
	}
}

// TestAgain: none is wanted, then others are, then none at all.
func TestAgain(t *testing.T) {
	s := newStage(t)
	s.work(quick(schema.TitleSuggest))
	s.starts()
	first := payload[schema.TitleSuggestedPayload](t, s.until("requested", "suggested")[1])
	s.said(true, "!title new shorter please")
	events := s.until("requested", "suggested", "rejected", "suggested")
	if p := payload[schema.TitleRejectedPayload](t, events[2]); !p.Again || p.Note != "shorter please" || len(p.Titles) != len(first.Candidates) {
		t.Errorf("rejected %+v", p)
	}
	second := payload[schema.TitleSuggestedPayload](t, events[3])
	if second.Round != 2 || second.SuggestionID == first.SuggestionID {
		t.Errorf("second round %+v", second)
	}
	for _, a := range first.Candidates {
		for _, b := range second.Candidates {
			if a.Title == b.Title {
				t.Errorf("%q again", a.Title)
			}
		}
	}
	s.commands(schema.ControlTitleRegenerate, schema.TitleRegenerateCommand{Note: "longer"}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "rejected", "suggested", "rejected", "suggested")
	s.commands(schema.ControlTitleReject, schema.TitleRejectCommand{Reason: "not tonight"}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "rejected", "suggested", "rejected", "suggested", "rejected")
	s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{}, schema.OutcomeRefused)
	if took := s.took(); len(took) != 0 {
		t.Errorf("commands %+v", took)
	}
}

// TestOperator: titles on demand, with no stream on; the same command again is
// none.
func TestOperator(t *testing.T) {
	s := newStage(t)
	s.work(quick(schema.TitleAuto))
	s.updated("Before")
	id := s.commands(schema.ControlTitleSuggest, schema.TitleSuggestCommand{Note: "soup"}, schema.OutcomeCompleted)
	events := s.until("requested", "suggested")
	if p := payload[schema.TitleRequestedPayload](t, events[0]); p.RequestID != schema.OwnID(id, schema.TitleRequested, 0) || p.Mode != schema.TitleSuggest || p.Note != "soup" || p.Session != p.RequestID {
		t.Errorf("requested %+v", p)
	}
	s.commands(schema.ControlTitleSuggest, schema.TitleSuggestCommand{}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "expired", "requested", "suggested")
	s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{Candidate: 1}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "expired", "requested", "suggested", "approved", "sent", "applied")
	s.commands(schema.ControlTitleRollback, schema.TitleRollbackCommand{}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "expired", "requested", "suggested", "approved", "sent", "applied", "requested", "suggested", "approved", "sent", "applied")
}

// TestRollback: the title that stood before comes back.
func TestRollback(t *testing.T) {
	s := newStage(t)
	o := quick(schema.TitleAuto)
	o.Life.Confirm = 300 * time.Millisecond
	s.work(o)
	s.updated("Soup night, as ever")
	s.starts()
	s.until("requested", "suggested", "approved", "sent", "applied")
	s.eventually("the rollback is taken", func() bool {
		return s.command(schema.ControlTitleRollback, schema.TitleRollbackCommand{}).Outcome == schema.OutcomeCompleted
	})
	events := s.until("requested", "suggested", "approved", "sent", "applied", "requested", "suggested", "approved", "sent", "applied")
	p := payload[schema.TitleAppliedPayload](t, events[9])
	if approved := payload[schema.TitleApprovedPayload](t, events[7]); p.Title != "Soup night, as ever" || approved.By.Via != schema.ViaOperator {
		t.Errorf("applied %+v, approved %+v", p, approved)
	}
}

// TestLock: while the title is locked nothing is made or sent.
func TestLock(t *testing.T) {
	s := newStage(t)
	s.work(quick(schema.TitleSuggest))
	s.starts()
	s.until("requested", "suggested")
	s.said(true, "!title lock")
	s.until("requested", "suggested", "locked")
	s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{}, schema.OutcomeRefused)
	s.commands(schema.ControlTitleLock, schema.TitleLockCommand{Locked: true}, schema.OutcomeRefused)
	s.commands(schema.ControlTitleLock, schema.TitleLockCommand{}, schema.OutcomeCompleted)
	s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "locked", "locked", "approved", "sent", "applied")
}

// TestCommandThatHasEnded: a command that comes again after its end was told, the
// worker having died before it could acknowledge it, does nothing: who gave it
// knows that it was refused.
func TestCommandThatHasEnded(t *testing.T) {
	s := newStage(t)
	s.work(quick(schema.TitleSuggest))
	s.starts()
	s.until("requested", "suggested")
	id := fmt.Sprint("command-", s.n+2)
	s.emit(schema.ActionFailed, schema.Brain, schema.ActionPayload{
		CommandID: id, Command: schema.ControlTitleApprove, Outcome: schema.OutcomeRefused, Reason: "there was none", SentDateTime: schema.NewTime(time.Now())},
		func(d *schema.Draft) { d.ID = schema.OwnID(id, "action", 0) })
	s.settled()
	s.command(schema.ControlTitleApprove, schema.TitleApproveCommand{})
	s.commands(schema.ControlTitleLock, schema.TitleLockCommand{Locked: true}, schema.OutcomeCompleted)
	s.until("requested", "suggested", "locked")
	ends := 0
	_, err := s.bus.History(t.Context(), []string{schema.TenantEvents(schema.Brain, "duck", "action")}, time.Time{}, func(schema.Recorded) { ends++ })
	if err != nil || ends != 2 { // and the lock's
		t.Errorf("%d ends, %v", ends, err)
	}
}
