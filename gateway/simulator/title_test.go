package simulator

import (
	"cmp"
	"errors"
	"strings"
	"testing"
)

const watchTitle = `{"request":"Subscribe","events":{"Raw":["ActionCompleted"],"General":["Custom"],"Twitch":["StreamUpdate"],"Custom":["Event"]}}`

func TestSetStreamTitle(t *testing.T) {
	for _, tt := range []struct {
		name, title, want string // want is the title afterwards, "" for the old one
	}{
		{"taken", "Calm climb, loud snacks", "Calm climb, loud snacks"},
		{"blanks cut", "  two ducks ", "two ducks"},
		{"as long as may be", strings.Repeat("🦆", 70), strings.Repeat("🦆", 70)},
		{"too long in UTF-16", strings.Repeat("🦆", 70) + "!", ""},
		{"banned", "a BannedWord here", ""},
		{"empty", " ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, url := serve(t, Options{Title: "before"})
			c := connect(t, url)
			c.ask(watchTitle)
			c.ask(`{"request":"DoAction","action":{"id":"` + setTitleID + `"},"args":{"title":"` + tt.title + `","sbClientResponse":"res-1"}}`)
			if tt.want != "" {
				update := c.event("Twitch.StreamUpdate")
				if update["status"] != tt.want || update["oldStatus"] != "before" || update["game"].(map[string]any)["name"] != "Just Chatting" {
					t.Errorf("update %v", update)
				}
			}
			for _, outcome := range []map[string]any{c.event("General.Custom"), c.event("Custom.Event")["args"].(map[string]any)} {
				if outcome["titleSuccess"] != (tt.want != "") || outcome["title"] != tt.title {
					t.Errorf("outcome %v", outcome)
				}
			}
			if end := c.event("Raw.ActionCompleted"); end["success"] != true {
				t.Errorf("end %v", end)
			}
			if want := cmp.Or(tt.want, "before"); s.Title() != want {
				t.Errorf("title %q, want %q", s.Title(), want)
			}
		})
	}
}

func TestTitleFollowsWhatClientsHear(t *testing.T) {
	facts := make(chan map[string]any, 4)
	s, url := serve(t, Options{Title: "before", Facts: func(f map[string]any) { facts <- f }})
	c := connect(t, url)
	c.ask(watchTitle)
	err := s.Inject(c.ctx, []byte(`{"event":{"source":"Twitch","type":"StreamUpdate"},"data":{"status":"by hand","game":{"id":"1","name":"Tower Climb"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	c.event("Twitch.StreamUpdate")
	if f := <-facts; f["title"] != "by hand" || s.Title() != "by hand" {
		t.Errorf("fact %v, title %q", f, s.Title())
	}
	if err := s.SetTitle(c.ctx, "by hand"); err != nil { // nothing new, so nothing is sent
		t.Error(err)
	}
	if err := s.SetTitle(c.ctx, "again"); err != nil {
		t.Error(err)
	}
	update := c.event("Twitch.StreamUpdate")
	if update["status"] != "again" || update["oldStatus"] != "by hand" || update["oldGame"].(map[string]any)["name"] != "Tower Climb" {
		t.Errorf("update %v", update)
	}
	if err := s.SetTitle(c.ctx, strings.Repeat("x", 141)); !errors.As(err, new(*TitleRefused)) || !strings.Contains(err.Error(), "141") {
		t.Errorf("too long: %v", err)
	}
}

// TestSetStreamTitleElsewhere: the action's words for YouTube and Kick, each
// where it is given, in the platform's own bounds.
func TestSetStreamTitleElsewhere(t *testing.T) {
	s, url := serve(t, Options{Title: "before"})
	c := connect(t, url)
	c.ask(`{"request":"Subscribe","events":{"YouTube":["BroadcastUpdated"],"Kick":["ChannelUpdate"],"General":["Custom"]}}`)
	do := func(args string) {
		c.ask(`{"request":"DoAction","action":{"id":"` + setTitleID + `"},"args":` + args + `}`)
	}
	do(`{"title":"two ducks","titleYouTube":" two ducks on air ","titleKick":"two ducks","brainRunId":"run-1"}`)
	if got := c.event("YouTube.BroadcastUpdated"); got["title"] != "two ducks on air" {
		t.Errorf("YouTube %v", got)
	}
	if got := c.event("Kick.ChannelUpdate"); got["title"] != "two ducks" || got["category"] == nil {
		t.Errorf("Kick %v", got)
	}
	if got := c.event("General.Custom"); got["brainRunId"] != "run-1" || got["titleSuccess"] != true {
		t.Errorf("outcome %v", got)
	}
	do(`{"title":"three ducks","titleYouTube":"` + strings.Repeat("y", 101) + `","titleKick":"three ducks"}`)
	if got := c.event("Kick.ChannelUpdate"); got["title"] != "three ducks" {
		t.Errorf("Kick %v", got)
	}
	if s.Title() != "three ducks" {
		t.Errorf("title %q", s.Title())
	}
}
