package title

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
)

// TestAuto: a stream starts, and its title is set without anybody's doing.
func TestAuto(t *testing.T) {
	s := newStage(t)
	s.updated("Soon")
	s.work(quick(schema.TitleAuto))
	s.starts()
	events := s.until("requested", "suggested", "approved", "sent", "applied")
	requested := payload[schema.TitleRequestedPayload](t, events[0])
	if requested.Trigger != string(schema.OBSStreamingStarted) || string(requested.Context["category"]) != `"Moss Harbour"` ||
		string(requested.Context["title"]) != `"Soon"` || string(requested.Context["mood"]) != `"cosy"` {
		t.Errorf("requested %+v", requested)
	}
	sent, applied := payload[schema.TitleSentPayload](t, events[3]), payload[schema.TitleAppliedPayload](t, events[4])
	took := s.took()
	if len(took) != 1 || took[0].Envelope.ID != sent.CommandID || argument(took[0], "title") != sent.Title || argument(took[0], "titleYouTube") == "" {
		t.Errorf("commands %+v", took)
	}
	if applied.Title != sent.Title || applied.Platform != "TWITCH" {
		t.Errorf("applied %+v", applied)
	}
	for _, e := range events {
		meta, err := schema.ParseMeta(e.Meta)
		if err != nil || meta.Gateway.CorrelationID != requested.RequestID || len(meta.Gateway.CausedBy) == 0 {
			t.Errorf("%s: meta %s", e.Type, e.Meta)
		}
	}
}

// TestOneRequestAStream: whatever else says that the stream is on asks for
// nothing more, and what the streamer's own action raised belongs to it.
func TestOneRequestAStream(t *testing.T) {
	s := newStage(t)
	o := quick(schema.TitleAuto)
	o.Life.Settle = 5 * time.Second
	s.work(o)
	s.emit("streamerbot.custom.event", schema.StreamerBot, map[string]any{"eventName": "brain.title", "args": map[string]any{"game": "Duck Racer 3", "note": "first run"}})
	s.starts()
	s.emit(schema.ChannelGoLive, schema.Twitch, schema.LivePayload{Platform: "TWITCH"})
	s.emit(schema.OBSStreamingStopped, schema.OBS, schema.OutputPayload{Software: schema.SoftwareOBS})
	s.starts()
	events := s.until("requested", "suggested", "approved", "sent", "applied")
	p := payload[schema.TitleRequestedPayload](t, events[0])
	if p.Mode != schema.TitleAuto || p.Note != "first run" || string(p.Context["category"]) != `"Duck Racer 3"` {
		t.Errorf("requested %+v", p)
	}
	s.starts()
	s.said(false, "a line that is folded after the start")
	s.settled()
	s.until("requested", "suggested", "approved", "sent", "applied")
}

// TestWhatAsksForNothing: tests, replays, what is old, viewers, and everything
// where titles are off.
func TestWhatAsksForNothing(t *testing.T) {
	old := func(d *schema.Draft) { d.Trace.ReceivedAt = time.Now().Add(-6 * time.Minute) }
	started := schema.OutputPayload{Software: schema.SoftwareOBS}
	for _, tt := range []struct {
		name, mode string
		happens    func(*stage)
	}{
		{"a test", schema.TitleAuto, func(s *stage) {
			s.emit(schema.OBSStreamingStarted, schema.OBS, started, func(d *schema.Draft) { d.Trace.Origin = schema.Test })
		}},
		{"a test button", schema.TitleAuto, func(s *stage) {
			s.emit(schema.ChannelGoLive, schema.Twitch, schema.LivePayload{Platform: "TWITCH", IsTest: true})
		}},
		{"a start that waited in an outbox", schema.TitleAuto, func(s *stage) { s.emit(schema.OBSStreamingStarted, schema.OBS, started, old) }},
		{"a viewer", schema.TitleAuto, func(s *stage) { s.said(false, "!title new") }},
		{"a moderator long ago", schema.TitleAuto, func(s *stage) {
			s.emit(schema.ChatMessage, schema.Twitch, schema.ChatPayload{Username: "ada", Message: "!title new", IsModerator: true}, old)
		}},
		{"another tenant", schema.TitleAuto, func(s *stage) {
			s.emit(schema.OBSStreamingStarted, schema.OBS, started, func(d *schema.Draft) { d.Trace.Tenant = "goose" })
		}},
		{"titles are off", schema.TitleOff, func(s *stage) { s.starts(); s.said(true, "!title new") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			s.work(quick(tt.mode))
			tt.happens(s)
			s.settled()
			s.until()
		})
	}
}

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
	s.commands(schema.ControlTitleRollback, schema.TitleRollbackCommand{}, schema.OutcomeRefused) // the one before is still on its way
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

// maker is a model that answers as it is told.
type maker func(facts.Facts) ([]string, error)

func (m maker) Titles(_ context.Context, f facts.Facts, _ uint64) (Made, error) {
	titles, err := m(f)
	return Made{Titles: titles, Model: "duck-1", Rung: "text", PromptHash: "abc"}, err
}

// TestModel: what passes the gate is suggested, what does not is told with its
// rule, and the template answers where nothing is left.
func TestModel(t *testing.T) {
	for _, tt := range []struct {
		name     string
		titles   []string
		err      error
		source   string
		rules    []string
		fallback string
	}{
		{"good titles", []string{"Frogs, fog and one lost oar", "One more lap around the pond", "Lanterns, slowly"}, nil, schema.TitleFromModel, nil, ""},
		{"one is hostile", []string{"see duck.example/win", "One more lap around the pond"}, nil, schema.TitleFromModel, []string{"link"}, ""},
		{"all are hostile", []string{"%boom%", "ring @ada", "two\nlines"}, nil, schema.TitleFromTemplate, []string{"variable", "mention", "lines"}, "none of its titles passed"},
		{"a chat quote", []string{"the ducks have eaten my homework"}, nil, schema.TitleFromTemplate, []string{"quote"}, "none of its titles passed"},
		{"no answer", nil, errors.New("the server does not answer"), schema.TitleFromTemplate, nil, "the server does not answer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			s.updated("Soon")
			s.said(false, "so the ducks have eaten my homework again")
			o := quick(schema.TitleSuggest)
			o.Maker = maker(func(facts.Facts) ([]string, error) { return tt.titles, tt.err })
			s.work(o)
			s.starts()
			s.said(false, "the ducks have eaten my homework, really")
			p := payload[schema.TitleSuggestedPayload](t, s.until("requested", "suggested")[1])
			var rules []string
			for _, r := range p.Rejected {
				rules = append(rules, r.Rule)
			}
			if p.Source != tt.source || !strings.Contains(p.Fallback, tt.fallback) || p.Model != "duck-1" || len(p.Candidates) == 0 {
				t.Errorf("suggested %+v", p)
			}
			if !slices.Equal(rules[:min(len(rules), len(tt.rules))], tt.rules) {
				t.Errorf("rules %v, want %v", rules, tt.rules)
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
