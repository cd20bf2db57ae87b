package life

import (
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

// TestRefusals: why a command leads to nothing, for the person who gave it.
func TestRefusals(t *testing.T) {
	approve := schema.TitleCommand{Approve: &schema.TitleApproveCommand{Candidate: 1}}
	named := schema.TitleCommand{Approve: &schema.TitleApproveCommand{Candidate: 1, SuggestionID: "s9"}}
	lock := schema.TitleCommand{Lock: &schema.TitleLockCommand{Locked: true}}
	suggested := func(w *world) { w.says("ada", "!title new"); w.after(time.Second) }
	said := func(text string) func(*world) { return func(w *world) { w.says("ada", text); w.after(time.Second) } }
	for _, tt := range []struct {
		name    string
		mode    string
		happens []func(*world)
		command schema.TitleCommand
		want    string
	}{
		{"nothing was asked for", schema.TitleSuggest, nil, approve, "there is no suggestion to decide about: ask for one first"},
		{"off", schema.TitleOff, nil, approve, "titles are off"},
		{"rejected", schema.TitleSuggest, []func(*world){suggested, said("!title no")}, approve, "there is no suggestion"},
		{"taken by another", schema.TitleSuggest, []func(*world){suggested, said("!title 2")}, approve, "taken already"},
		{"another suggestion is meant", schema.TitleSuggest, []func(*world){suggested}, named, `"s9" is not the suggestion that is open, which is `},
		{"another round of it is meant", schema.TitleSuggest, []func(*world){suggested},
			schema.TitleCommand{Regenerate: &schema.TitleRegenerateCommand{SuggestionID: "s9"}}, "is not the suggestion that is open"},
		{"set by hand", schema.TitleSuggest, []func(*world){func(w *world) { w.updated("Soon") }, suggested, func(w *world) { w.updated("Soup night"); w.after(time.Second) }},
			approve, "set a title by hand, which stays"},
		{"being made", schema.TitleSuggest, []func(*world){func(w *world) {
			w.says("ada", "!title new")
			do, _ := w.state.Due(w.now, false)
			w.do(do)
		}}, approve, "titles are being made"},
		{"no such candidate", schema.TitleSuggest, []func(*world){suggested}, schema.TitleCommand{Approve: &schema.TitleApproveCommand{Candidate: 4}}, "there is no candidate 4: there are 3"},
		{"the gate", schema.TitleSuggest, []func(*world){suggested}, schema.TitleCommand{Approve: &schema.TitleApproveCommand{Title: "bad"}}, "does not pass the gate: it breaks the rule bad"},
		{"locked", schema.TitleSuggest, []func(*world){suggested, said("!title lock")}, approve, "the title is locked: unlock it first"},
		{"locked already", schema.TitleSuggest, []func(*world){said("!title lock")}, lock, "the title is locked already"},
		{"not locked", schema.TitleSuggest, nil, schema.TitleCommand{Lock: &schema.TitleLockCommand{}}, "the title is not locked"},
		{"no title before ours", schema.TitleSuggest, nil, schema.TitleCommand{Rollback: &schema.TitleRollbackCommand{}}, "no title is known that stood before ours"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: tt.mode})
			for _, happen := range tt.happens {
				happen(w)
			}
			tt.command.Deadline = w.now.Add(time.Minute)
			do, err := w.state.Command(tt.command, w.now)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s; due %+v", err, tt.want, do)
			}
		})
	}
}
