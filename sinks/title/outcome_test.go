package title

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
)

// TestRefused: the next candidate once, and no third.
func TestRefused(t *testing.T) {
	s := newStage(t)
	s.act = refuses
	s.work(quick(schema.TitleAuto))
	s.starts()
	events := s.until("requested", "suggested", "approved", "sent", "refused", "approved", "sent", "refused")
	if p := payload[schema.TitleRefusedPayload](t, events[4]); p.Kind != schema.RefusedBannedWords || p.Candidate != 1 {
		t.Errorf("refused %+v", p)
	}
	s.settled()
	took := s.took()
	if len(took) != 2 || argument(took[0], "title") == argument(took[1], "title") {
		t.Errorf("commands %+v", took)
	}
	s.until("requested", "suggested", "approved", "sent", "refused", "approved", "sent", "refused")
}

// TestUnconfirmed: no word of it is no reason to send it again.
func TestUnconfirmed(t *testing.T) {
	s := newStage(t)
	s.act = ignores
	o := quick(schema.TitleAuto)
	o.Life.Confirm = 100 * time.Millisecond
	s.work(o)
	s.starts()
	s.until("requested", "suggested", "approved", "sent", "unconfirmed")
	s.settled()
	s.until("requested", "suggested", "approved", "sent", "unconfirmed")
	if took := s.took(); len(took) != 1 {
		t.Errorf("commands %+v", took)
	}
}

// TestOverridden: a title set by hand wins, before and after ours.
func TestOverridden(t *testing.T) {
	t.Run("ours had been applied", func(t *testing.T) {
		s := newStage(t)
		s.updated("Soon")
		s.work(quick(schema.TitleAuto))
		s.starts()
		s.until("requested", "suggested", "approved", "sent", "applied")
		s.updated("Soup night")
		p := payload[schema.TitleOverriddenPayload](t, s.until("requested", "suggested", "approved", "sent", "applied", "overridden")[5])
		if p.Title != "Soup night" || p.Was == "" {
			t.Errorf("overridden %+v", p)
		}
		s.commands(schema.ControlTitleSuggest, schema.TitleSuggestCommand{}, schema.OutcomeCompleted)
		events := s.until("requested", "suggested", "approved", "sent", "applied", "overridden", "requested", "suggested")
		var tried []facts.Tried
		if err := json.Unmarshal(payload[schema.TitleRequestedPayload](t, events[6]).Context["tried"], &tried); err != nil {
			t.Fatal(err)
		}
		liked := slices.ContainsFunc(tried, func(x facts.Tried) bool { return x.Title == "Soup night" && x.Fate == "liked" })
		over := slices.ContainsFunc(tried, func(x facts.Tried) bool { return x.Title == p.Was && x.Fate == "overridden" })
		if !liked || !over {
			t.Errorf("tried %+v", tried)
		}
	})
	t.Run("ours waits for a person", func(t *testing.T) {
		s := newStage(t)
		s.updated("Soon")
		s.work(quick(schema.TitleSuggest))
		s.starts()
		s.until("requested", "suggested")
		s.updated("Soup night")
		s.until("requested", "suggested", "overridden")
		s.commands(schema.ControlTitleApprove, schema.TitleApproveCommand{}, schema.OutcomeRefused)
	})
	t.Run("only the category changed", func(t *testing.T) {
		s := newStage(t)
		s.updated("Soon")
		s.work(quick(schema.TitleSuggest))
		s.starts()
		s.until("requested", "suggested")
		s.updated("Soon")
		s.settled()
		s.until("requested", "suggested")
	})
}

// TestNoAction: what is wrong with the action is said, and nothing is sent.
func TestNoAction(t *testing.T) {
	for _, tt := range []struct {
		name    string
		actions []schema.Action
		want    string
	}{
		{"none of the name", []schema.Action{{ID: "1", Name: "Lights", Enabled: true}}, "has no action"},
		{"disabled", []schema.Action{{ID: "1", Name: "Set Stream Title"}}, "is disabled"},
		{"two of the name", []schema.Action{{ID: "1", Name: "Set Stream Title", Enabled: true}, {ID: "2", Name: "Set Stream Title", Enabled: true}}, "2 enabled actions"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			s.actions = tt.actions
			s.work(quick(schema.TitleAuto))
			s.starts()
			p := payload[schema.TitleRefusedPayload](t, s.until("requested", "suggested", "approved", "refused")[3])
			if p.Kind != schema.RefusedAction || !strings.Contains(p.Reason, tt.want) || p.SentID != "" {
				t.Errorf("refused %+v", p)
			}
			if took := s.took(); len(took) != 0 {
				t.Errorf("commands %+v", took)
			}
		})
	}
}

// TestTainted: a line that the context drew on was taken away.
func TestTainted(t *testing.T) {
	s := newStage(t)
	o := quick(schema.TitleSuggest)
	o.Life.Settle = 2 * time.Second
	s.work(o)
	s.starts()
	s.emit(schema.ChatMessage, schema.Twitch, schema.ChatPayload{ID: "line-1", UserID: "1", Username: "ada", Message: "look at the lighthouse"})
	s.emit(schema.ChatMessage, schema.Twitch, schema.ChatPayload{ID: "line-2", UserID: "2", Username: "bob", Message: "what a lighthouse"})
	events := s.until("requested", "suggested")
	if p := payload[schema.TitleRequestedPayload](t, events[0]); len(p.DrawnFrom) != 2 || !strings.Contains(string(p.Context["chat"]), "lighthouse") {
		t.Fatalf("requested %+v %s", p, p.Context["chat"])
	}
	s.emit(schema.ChatMessageDeleted, schema.Twitch, schema.MessageDeletedPayload{ID: "line-9"})
	s.emit(schema.ChatMessageDeleted, schema.Twitch, schema.MessageDeletedPayload{ID: "line-2"})
	p := payload[schema.TitleTaintedPayload](t, s.until("requested", "suggested", "tainted")[2])
	if p.Line.MessageID != "line-2" || p.Cause != string(schema.ChatMessageDeleted) {
		t.Errorf("tainted %+v", p)
	}
}
