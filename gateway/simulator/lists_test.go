package simulator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestActiveViewersAreWhoSpoke(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	for _, line := range []string{
		`{"event":{"source":"Twitch","type":"ChatMessage"},"timeStamp":"t1","data":{"user":{"id":"1","login":"fern","name":"Fern","role":3,"subscribed":true},"text":"a"}}`,
		`{"event":{"source":"Twitch","type":"ChatMessage"},"timeStamp":"t2","data":{"message":{"userId":2,"username":"moss","displayName":"Moss","role":2,"subscriber":false}}}`,
		`{"event":{"source":"YouTube","type":"Message"},"timeStamp":"t3","data":{"message":"x","user":{"id":"UC1","name":"Tide","isOwner":false,"isModerator":false,"isSponsor":true}}}`,
		`{"event":{"source":"Twitch","type":"ChatMessage"},"timeStamp":"t4","data":{"user":{"id":"1","login":"fern","name":"Fern","role":99,"subscribed":true}}}`,
		`{"event":{"source":"Twitch","type":"ChatMessage"},"timeStamp":"t5","data":{"user":"nobody"}}`,
		`{"event":{"source":"Twitch","type":"ChatMessage"},"timeStamp":"t5","data":[]}`,
	} {
		if err := s.Inject(c.ctx, []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	got := c.ask(`{"request":"GetActiveViewers","id":"1"}`)
	var told []string
	for _, v := range got["viewers"].([]any) {
		v := v.(map[string]any)
		told = append(told, fmt.Sprint(v["type"], v["id"], v["login"], v["display"], v["role"], v["subscribed"], v["previousActive"]))
	}
	want := []string{"twitch2mossMossVIPfalset2", "youtubeUC1TideTideViewertruet3", "twitch1fernFernBroadcastertruet4"}
	if diff := cmp.Diff(want, told); diff != "" || got["count"] != 3.0 {
		t.Errorf("count %v, -want +got:\n%s", got["count"], diff)
	}
	credits := c.ask(`{"request":"GetCredits","id":"1"}`)
	if diff := cmp.Diff([]any{"Fern", "Moss", "Tide"}, at(credits, "users", "users")); diff != "" {
		t.Error(diff)
	}
}

// TestOnlyWhatWentOutIsRemembered: a frame that is given up while another goes out was seen by nobody.
func TestOnlyWhatWentOutIsRemembered(t *testing.T) {
	s := New(Options{})
	s.order <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	frame := `{"event":{"source":"Kick","type":"ChatMessage"},"data":{"user":{"id":"1","login":"l","name":"n"}}}`
	if err := s.Inject(ctx, []byte(frame)); !errors.Is(err, context.Canceled) {
		t.Fatalf("Inject: %v", err)
	}
	if n := len(s.seen.viewers); n != 0 {
		t.Errorf("%d viewers", n)
	}
}

func TestViewersAreBounded(t *testing.T) {
	s := New(Options{})
	for i := range 2 * seenLimit {
		frame := fmt.Sprintf(`{"event":{"source":"Kick","type":"ChatMessage"},"data":{"user":{"id":"%d","login":"l","name":"n%d"}}}`, i, i)
		if err := s.Inject(t.Context(), []byte(frame)); err != nil {
			t.Fatal(err)
		}
	}
	if n, m := len(s.seen.viewers), len(s.seen.credits["users"]); n != seenLimit || m != seenLimit {
		t.Errorf("%d viewers, %d names", n, m)
	}
}

func TestCredits(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	for _, e := range []struct{ kind, data string }{
		{"Follow", `{"user_id":"1","user_name":"Fern"}`},
		{"Follow", `{"targetUser":{"name":"Moss"}}`},
		{"Raid", `{"from_broadcaster_user_name":"Reef","viewers":9}`},
		{"Sub", `{"displayName":"Old"}`},
		{"Sub", `{"user":{"name":"New"}}`},
		{"StreamUpdate", `{"status":"x","game":{"id":"1","name":"Tower Climb"}}`},
		{"HypeTrainEnd", `{"id":"1","level":3}`},
		{"Cheer", `{}`},
	} {
		if err := s.Inject(c.ctx, []byte(`{"event":{"source":"Twitch","type":"`+e.kind+`"},"data":`+e.data+`}`)); err != nil {
			t.Fatal(err)
		}
	}
	got := c.ask(`{"request":"GetCredits","id":"1"}`)
	for list, want := range map[string][]any{
		"follows": {"Fern", "Moss"}, "raided": {"Reef"}, "subs": {"Old", "New"}, "gameupdates": {"Tower Climb"},
		"hypetrains": {"Level 3"}, "cheers": {}, "pyramids": {},
	} {
		if diff := cmp.Diff(any(want), at(got, "events", list)); diff != "" {
			t.Errorf("%s: %s", list, diff)
		}
	}
	if got := c.ask(`{"request":"TestCredits","id":"1"}`); !slices.Contains(at(got, "events", "cheers").([]any), any("TestUser")) {
		t.Errorf("test: %v", got)
	}
	if got := c.ask(`{"request":"ClearCredits","id":"1"}`); got["status"] != "ok" {
		t.Errorf("clear: %v", got)
	}
	if got := c.ask(`{"request":"GetCredits","id":"1"}`); len(at(got, "events", "follows").([]any)) != 0 {
		t.Errorf("cleared: %v", got)
	}
}

func TestLists(t *testing.T) {
	_, url := serve(t, Options{})
	_, docs := serve(t, Options{DocShapes: true})
	for _, tt := range []struct {
		name, url, request string
		want               func(got map[string]any) bool
	}{
		{"commands", url, `"GetCommands"`, func(m map[string]any) bool {
			first := m["commands"].([]any)[0].(map[string]any)
			_, names := first["sources"].([]any)
			return m["count"] == 3.0 && first["enabled"] == true && names
		}},
		{"commands, documentation", docs, `"GetCommands"`, func(m map[string]any) bool {
			return m["commands"].([]any)[0].(map[string]any)["sources"] == 3.0
		}},
		{"code triggers", url, `"GetCodeTriggers"`, func(m map[string]any) bool {
			return m["count"] == 2.0 && m["triggers"].([]any)[0].(map[string]any)["eventName"] == "brain.spoke"
		}},
		{"Twitch emotes", url, `"TwitchGetEmotes"`, func(m map[string]any) bool { return len(m["emotes"].(map[string]any)) == 4 }},
		{"YouTube emotes", url, `"YouTubeGetEmotes"`, func(m map[string]any) bool { return len(m["emotes"].(map[string]any)) == 3 }},
		{"pronouns", url, `"GetUserPronouns","platform":"twitch","userLogin":"mossduck"`, func(m map[string]any) bool {
			return m["userLogin"] == "mossduck" && at(m, "pronoun", "userFound") == true && at(m, "pronoun", "pronounSubject") == "They"
		}},
		{"nobody's pronouns", url, `"GetUserPronouns","platform":"twitch","userLogin":"fern"`, func(m map[string]any) bool {
			return at(m, "pronoun", "userFound") == false && at(m, "pronoun", "pronouns") == ""
		}},
		{"unsubscribed, documentation", docs, `"UnSubscribe","events":{"Twitch":["Raid"]}`, func(m map[string]any) bool {
			return cmp.Equal(m["events"], []any{"Twitch.Follow", "YouTube.Message"})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := connect(t, tt.url)
			c.ask(`{"request":"Subscribe","events":{"Twitch":["Follow","Raid"],"YouTube":["Message"]}}`)
			if got := c.ask(`{"id":"1","request":` + tt.request + `}`); got["status"] != "ok" || !tt.want(got) {
				t.Errorf("answer %v", got)
			}
		})
	}
}

// The monitored broadcast is the one that the evening's YouTube lines carry.
func TestMonitoredBroadcast(t *testing.T) {
	_, url := serve(t, Options{Seed: 3, Rate: 500, Lossless: true})
	c := connect(t, url)
	list := c.ask(`{"request":"GetMonitoredYouTubeBroadcasts","id":"1"}`)["broadcasts"].([]any)
	c.ask(`{"request":"Subscribe","events":{"YouTube":["Message"]}}`)
	if diff := cmp.Diff(list[0], c.event("YouTube.Message")["broadcast"]); diff != "" {
		t.Error(diff)
	}
}

func TestMonitoredBroadcastFollowsTheFrames(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	for _, tt := range []struct{ frame, want string }{
		{`{"event":{"source":"YouTube","type":"Message"},"data":{"broadcast":{"id":"a"}}}`, "[map[id:a]]"},
		{`{"event":{"source":"YouTube","type":"BroadcastEnded"},"data":{}}`, "[]"},
		{`{"event":{"source":"YouTube","type":"SuperChat"},"data":{"broadcast":null}}`, "[]"},
		{`{"event":{"source":"YouTube","type":"SuperChat"},"data":{"broadcast":{"id":"b"}}}`, "[map[id:b]]"},
	} {
		if err := s.Inject(c.ctx, []byte(tt.frame)); err != nil {
			t.Fatal(err)
		}
		got := c.ask(`{"request":"GetMonitoredYouTubeBroadcasts","id":"1"}`)
		if fmt.Sprint(got["broadcasts"]) != tt.want {
			t.Errorf("after %s: %v", tt.frame, got)
		}
	}
}

func TestCodeTrigger(t *testing.T) {
	_, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"Subscribe","events":{"Custom":["*"]}}`)
	if got := c.ask(`{"request":"ExecuteCodeTrigger","id":"1","triggerName":"brain.spoke","args":{"mood":"calm","sbClientResponse":"r-1"}}`); got["status"] != "ok" {
		t.Fatalf("answer %v", got)
	}
	if got := c.event("Custom.CodeEvent"); got["eventName"] != "brain.spoke" || at(got, "args", "mood") != "calm" {
		t.Errorf("got %v", got)
	}
	if got := c.event("Custom.Event"); got["eventName"] != "r-1" || at(got, "args", "mood") != "calm" {
		t.Errorf("got %v", got)
	}
	if got := c.ask(`{"request":"ExecuteCodeTrigger","id":"1","triggerName":"nope"}`); !strings.Contains(fmt.Sprint(got["error"]), "not found") {
		t.Errorf("answer %v", got)
	}
}
