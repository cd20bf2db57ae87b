package schema

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseCommand(t *testing.T) {
	const head = `{"id":"c-1","timestamp":"2026-11-25T20:00:00Z","channel":{"id":"","name":"duck","platform":"BRAIN"},`
	deadline := time.Date(2026, 11, 25, 20, 0, 5, 0, time.UTC)
	byDefault := time.Date(2026, 11, 25, 20, 0, 30, 0, time.UTC)
	for _, tt := range []struct {
		name, rest string
		deadline   time.Time
		refused    string
	}{
		{"action by id", `"type":"control.do_action","payload":{"action":{"id":"a"},"args":{"n":1,"o":{"x":[2]}}}}`, byDefault, ""},
		{"action by name, own deadline", `"type":"control.do_action","payload":{"action":{"name":"Lights"},"deadline":"2026-11-25T20:00:05Z"}}`, deadline, ""},
		{"message", `"type":"control.send_message","payload":{"platform":"Twitch","message":"quack"}}`, byDefault, ""},
		{"no action", `"type":"control.do_action","payload":{"args":{}}}`, byDefault, "no action"},
		{"args are a list", `"type":"control.do_action","payload":{"action":{"id":"a"},"args":[1]}}`, byDefault, "args"},
		{"no such platform", `"type":"control.send_message","payload":{"platform":"radio","message":"quack"}}`, byDefault, "radio"},
		{"nothing to say", `"type":"control.send_message","payload":{"platform":"kick","message":" "}}`, byDefault, "no message"},
		{"another type", `"type":"control.fly","payload":{}}`, byDefault, "control.fly"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := ParseCommand([]byte(head + tt.rest))
			if (err != nil) != (tt.refused != "") || err != nil && (!errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), tt.refused)) {
				t.Fatalf("error %v, want %q", err, tt.refused)
			}
			if c.Envelope.ID != "c-1" || !c.Deadline.Equal(tt.deadline) {
				t.Errorf("command %q until %v, want %v", c.Envelope.ID, c.Deadline, tt.deadline)
			}
		})
	}
	if _, err := ParseCommand([]byte(`{"type":"control.do_action"}`)); !errors.Is(err, ErrEnvelope) {
		t.Errorf("no envelope: %v", err)
	}
}

// A command's subject is under control, and no filter for events matches it.
func TestCommandsHaveTheirOwnSubjects(t *testing.T) {
	m, err := Seal(Draft{
		ID: "c-1", Type: ControlDoAction, Provider: StreamerBot, Payload: []byte(`{"action":{"id":"a"}}`),
		Trace: Trace{Tenant: "duck", ReceivedAt: time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC), Source: "brain", Origin: Live},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "promethean.p.streamerbot.t.duck.control.do_action"; m.Subject != want {
		t.Errorf("subject %s, want %s", m.Subject, want)
	}
	if !matches(ControlFilter(StreamerBot, "duck"), m.Subject) || matches(ControlFilter(StreamerBot, "other"), m.Subject) || matches(AllEvents, m.Subject) {
		t.Error("the filters do not tell commands from events")
	}
	ask := AskSubject(StreamerBot, "duck", AskActions)
	if matches(AllEvents, ask) || matches("promethean.p.*.t.*.control.>", ask) || !publishable(ask) {
		t.Errorf("a stream would keep the question %s", ask)
	}
	if f := TenantEvents("*", "duck", "action"); !matches(f, EventSubject(StreamerBot, "duck", ActionFailed)) || matches(f, EventSubject(StreamerBot, "duck", ChatMessage)) {
		t.Errorf("%s", f)
	}
}

func TestTypeCommand(t *testing.T) {
	for typ, want := range map[Type]string{ControlSendMessage: "send_message", ChatMessage: "", "control": "", "control.": ""} {
		if got := typ.Command(); got != want {
			t.Errorf("%s: %q, want %q", typ, got, want)
		}
	}
}
