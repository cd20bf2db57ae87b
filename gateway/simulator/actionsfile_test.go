package simulator

import (
	"strings"
	"testing"
)

func TestReadActions(t *testing.T) {
	list, err := ReadActions(strings.NewReader(`[
		{"id":"a-1","name":"Greet","group":"Chat","do":["say twitch Hello, %user% and %nobody%!","wait 1ms","event greeted {\"n\":%n%}"]},
		{"name":"Stop","enabled":false},
		{"name":"Oops","do":["fail of course"]},
		{"name":"Title","do":["set title"]},
		{"name":"Raise","do":["raise event"]}]`))
	if err != nil {
		t.Fatal(err)
	}
	_, url := serve(t, Options{Actions: list})
	c := connect(t, url)
	c.ask(`{"request":"Subscribe","events":{"Twitch":["ChatMessage","StreamUpdate"],"Custom":["Event"],"Raw":["ActionCompleted"]}}`)
	c.ask(`{"request":"DoAction","action":{"id":"a-1"},"args":{"user":"%n%","n":4}}`)
	if got := c.event("Twitch.ChatMessage"); got["text"] != "Hello, %n% and %nobody%!" {
		t.Errorf("said %v", got["text"])
	}
	if got := c.event("Custom.Event"); got["eventName"] != "greeted" || at(got, "args", "n") != 4.0 {
		t.Errorf("raised %v", got)
	}
	if got := c.event("Raw.ActionCompleted"); got["success"] != true {
		t.Errorf("end %v", got)
	}
	c.ask(`{"request":"DoAction","action":{"name":"Oops"}}`)
	if got := c.event("Raw.ActionCompleted"); got["success"] != false {
		t.Errorf("end %v", got)
	}
	c.ask(`{"request":"DoAction","action":{"name":"Title"},"args":{"title":"new"}}`)
	c.event("Twitch.StreamUpdate")
	c.event("Raw.ActionCompleted")
	c.ask(`{"request":"DoAction","action":{"name":"Raise"},"args":{"eventName":"e"}}`)
	c.event("Custom.Event")
}

func TestReadActionsRefuses(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"not a list", `{}`, "read actions"},
		{"unknown key", `[{"name":"a","doo":[]}]`, "doo"},
		{"no name", `[{"do":["drop"]}]`, "action 1"},
		{"no such order", `[{"name":"a","do":["dance"]}]`, `"a": there is no order`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadActions(strings.NewReader(tt.file)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
