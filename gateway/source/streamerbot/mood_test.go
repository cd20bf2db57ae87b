package streamerbot

import (
	"context"
	"testing"
	"time"

	"promethean/gateway/simulator"
	"promethean/schema"
)

// TestMood: both shapes of the answer, none, and what is no text.
func TestMood(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    simulator.Options
		want string
	}{
		{"as the client's types have it", simulator.Options{Hello: true, Globals: []simulator.Global{{Name: "brain_mood", Value: " cosy, no drama "}}}, "cosy, no drama"},
		{"as the documentation has it", simulator.Options{Hello: true, DocShapes: true, Globals: []simulator.Global{{Name: "brain_mood", Value: "calm"}}}, "calm"},
		{"a number", simulator.Options{Hello: true, Globals: []simulator.Global{{Name: "brain_mood", Value: 7}}}, "7"},
		{"null", simulator.Options{Hello: true, Globals: []simulator.Global{{Name: "brain_mood", Value: nil}}}, ""},
		{"only for this run", simulator.Options{Hello: true, Globals: []simulator.Global{{Name: "brain_mood", Value: "x", Temporary: true}}}, ""},
		{"none", simulator.Options{Hello: true, Globals: []simulator.Global{}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			sim, url := serveSimulator(t, ctx, tt.o)
			s, drafts := runSource(t, ctx, Config{URL: url, Tenant: "duck"})
			if err := sim.WaitSubscribed(ctx, 1); err != nil {
				t.Fatal(err)
			}
			for next(t, ctx, drafts).Type != schema.SourceConnected {
			}
			got, err := s.Mood(ctx)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestMoodWithoutStreamerBot(t *testing.T) {
	s, err := New(Config{URL: "ws://127.0.0.1:1/", Tenant: "duck"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Mood(t.Context()); err == nil {
		t.Error("a mood without a connection")
	}
}
