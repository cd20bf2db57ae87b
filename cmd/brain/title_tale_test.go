package main

import (
	"context"
	"errors"
	"testing"

	"promethean/schema"
	"promethean/sinks/titles"
)

// TestGoesOn: after which refusals another candidate is waited for.
func TestGoesOn(t *testing.T) {
	suggested := func(all ...string) titles.Step {
		s := titles.Step{Type: schema.TitleSuggested, Said: titles.Said{SuggestionID: "s1"}}
		for i, title := range all {
			s.Candidates = append(s.Candidates, titles.Candidate{N: int64(i + 1), Title: title})
		}
		return s
	}
	sent := func(title string) titles.Step {
		return titles.Step{Type: schema.TitleSent, Said: titles.Said{SuggestionID: "s1", SentID: "of " + title, Title: title}}
	}
	refused := func(title string) titles.Step {
		return titles.Step{Type: schema.TitleRefused, EventID: "no " + title, Said: titles.Said{SuggestionID: "s1", SentID: "of " + title, Kind: schema.RefusedBannedWords}}
	}
	other := titles.Step{Type: schema.TitleSuggested, Said: titles.Said{SuggestionID: "s0", Candidates: []titles.Candidate{{N: 1, Title: "x"}, {N: 2, Title: "y"}}}}
	action := refused("a")
	action.Kind = schema.RefusedAction
	for _, tt := range []struct {
		name    string
		story   []titles.Step
		refused titles.Step
		want    bool
	}{
		{"the first of two", []titles.Step{suggested("a", "b"), sent("a"), refused("a")}, refused("a"), true},
		{"the next is on the log already", []titles.Step{suggested("a", "b"), sent("a"), refused("a"), sent("b")}, refused("a"), true},
		{"the second of three", []titles.Step{suggested("a", "b", "c"), sent("a"), refused("a"), sent("b"), refused("b")}, refused("b"), false},
		{"the only one", []titles.Step{other, suggested("a"), sent("a"), refused("a")}, refused("a"), false},
		{"a text of one's own", []titles.Step{suggested("a"), sent("mine"), refused("mine")}, refused("mine"), true},
		{"the action", []titles.Step{suggested("a", "b"), sent("a"), action}, action, false},
		{"nothing was sent", []titles.Step{suggested("a", "b")}, titles.Step{Type: schema.TitleRefused, Said: titles.Said{SuggestionID: "s1"}}, false},
		{"the log cannot be asked", nil, refused("a"), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := tale{story: func(context.Context, string) (titles.Title, error) {
				if tt.story == nil {
					return titles.Title{}, errors.New("NATS is gone")
				}
				return titles.Title{Steps: tt.story}, nil
			}}
			if got := a.goesOn(t.Context(), "r1", tt.refused); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
