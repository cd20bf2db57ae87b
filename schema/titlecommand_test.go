package schema

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseTitleCommand(t *testing.T) {
	at := time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC)
	deadline := NewTime(at.Add(time.Minute))
	envelope := func(typ, payload string) string {
		return `{"id":"c1","type":"` + typ + `","timestamp":"2026-11-25T20:00:00Z","channel":{"id":"","name":"","platform":""},"payload":` + payload + `}`
	}
	for _, tt := range []struct {
		name, body string
		want       TitleCommand
		bad        bool
	}{
		{"suggest", envelope("control.title_suggest", `{"note":"calm"}`), TitleCommand{Suggest: &TitleSuggestCommand{Note: "calm"}, Deadline: at.Add(DefaultDeadline)}, false},
		{"approve by a deadline", envelope("control.title_approve", `{"candidate":2,"deadline":"2026-11-25T20:01:00Z"}`), TitleCommand{Approve: &TitleApproveCommand{Candidate: 2, Deadline: &deadline}, Deadline: deadline.Time}, false},
		{"edit", envelope("control.title_approve", `{"title":"Soup"}`), TitleCommand{Approve: &TitleApproveCommand{Title: "Soup"}, Deadline: at.Add(DefaultDeadline)}, false},
		{"reject", envelope("control.title_reject", `{"suggestionId":"s"}`), TitleCommand{Reject: &TitleRejectCommand{SuggestionID: "s"}, Deadline: at.Add(DefaultDeadline)}, false},
		{"regenerate", envelope("control.title_regenerate", `{}`), TitleCommand{Regenerate: &TitleRegenerateCommand{}, Deadline: at.Add(DefaultDeadline)}, false},
		{"lock", envelope("control.title_lock", `{"locked":true}`), TitleCommand{Lock: &TitleLockCommand{Locked: true}, Deadline: at.Add(DefaultDeadline)}, false},
		{"rollback", envelope("control.title_rollback", `{}`), TitleCommand{Rollback: &TitleRollbackCommand{}, Deadline: at.Add(DefaultDeadline)}, false},
		{"another's", envelope("control.do_action", `{}`), TitleCommand{Deadline: at.Add(DefaultDeadline)}, true},
		{"no object", envelope("control.title_lock", `[1]`), TitleCommand{Lock: &TitleLockCommand{}, Deadline: at.Add(DefaultDeadline)}, true},
		{"no time", envelope("control.title_reject", `{"deadline":"soon"}`), TitleCommand{Reject: &TitleRejectCommand{}, Deadline: at.Add(DefaultDeadline)}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseTitleCommand([]byte(tt.body))
			if errors.Is(err, ErrCommand) != tt.bad || (err != nil) != tt.bad || got.Envelope.ID != "c1" {
				t.Fatalf("envelope %q, error %v", got.Envelope.ID, err)
			}
			got.Envelope = Envelope{}
			if tt.bad { // what was read of it is nobody's affair
				got.Reject, tt.want.Reject = nil, nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := ParseTitleCommand([]byte(`{`)); err == nil || errors.Is(err, ErrCommand) {
		t.Errorf("no envelope: %v", err)
	}
}
