package title

import (
	"context"
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
	// All at one time, and on the log before the worker looks: a busy machine may
	// take longer to tell them than the worker waits.
	at := time.Now()
	together := func(d *schema.Draft) { d.Timestamp, d.Trace.ReceivedAt = at, at }
	started := schema.OutputPayload{Software: schema.SoftwareOBS}
	s.emit("streamerbot.custom.event", schema.StreamerBot, map[string]any{"eventName": "brain.title", "args": map[string]any{"game": "Duck Racer 3", "note": "first run"}}, together)
	s.emit(schema.OBSStreamingStarted, schema.OBS, started, together)
	s.emit(schema.ChannelGoLive, schema.Twitch, schema.LivePayload{Platform: "TWITCH"}, together)
	s.emit(schema.OBSStreamingStopped, schema.OBS, started, together)
	s.emit(schema.OBSStreamingStarted, schema.OBS, started, together)
	s.work(quick(schema.TitleAuto))
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
