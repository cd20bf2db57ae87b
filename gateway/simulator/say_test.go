package simulator

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// authenticated connects and logs in.
func authenticated(t *testing.T, o Options) (*Server, *client) {
	t.Helper()
	o.Hello, o.Auth, o.Password = true, AuthOn, "pw"
	s, url := serve(t, o)
	c := connect(t, url)
	c.ask(`{"request":"Authenticate","id":"a","authentication":"` + clientAnswer(c.receive(), "pw") + `"}`)
	return s, c
}

func TestSendMessageNeedsAuthentication(t *testing.T) {
	for _, tt := range []struct {
		name string
		opt  Options
		want string
	}{
		{"server without password", Options{Hello: true}, "Authentication required to use this method"},
		{"client without password", Options{Hello: true, Auth: AuthOn, Password: "pw"}, "Authentication required to use this method"},
		{"before 0.2.5", Options{Version: "0.2.4"}, "Unknown request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, tt.opt)
			c := connect(t, url)
			if tt.opt.Hello {
				c.receive()
			}
			got := c.ask(`{"request":"SendMessage","id":"gw-8","platform":"twitch","message":"hi"}`)
			if diff := cmp.Diff(map[string]any{"id": "gw-8", "status": "error", "error": tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSendMessage(t *testing.T) {
	for _, tt := range []struct {
		name, request, event string
		want                 func(data map[string]any) bool
	}{
		{"Twitch", `"platform":"twitch","message":"a < b"`, "Twitch.ChatMessage", func(d map[string]any) bool {
			return d["text"] == "a < b" && at(d, "meta", "internal") == true && at(d, "user", "login") == "mossduck" && at(d, "user", "role") == 4.0
		}},
		{"the bot, not internal", `"platform":"TWITCH","message":"hi","bot":true,"internal":false`, "Twitch.ChatMessage", func(d map[string]any) bool {
			return at(d, "meta", "internal") == false && at(d, "user", "login") == "mossduckbot"
		}},
		{"a reply", `"platform":"twitch","message":"hi","replyId":"m-1"`, "Twitch.ChatMessage", func(d map[string]any) bool {
			return d["isReply"] == true && at(d, "reply", "msgId") == "m-1"
		}},
		{"YouTube", `"platform":"youtube","message":"hi"`, "YouTube.Message", func(d map[string]any) bool {
			return d["message"] == "hi" && at(d, "user", "isOwner") == true
		}},
		{"Kick", `"platform":"kick","message":"hi"`, "Kick.ChatMessage", func(d map[string]any) bool {
			return d["text"] == "hi" && d["isInternal"] == true
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, c := authenticated(t, Options{})
			c.ask(everything)
			if got := c.ask(`{"request":"SendMessage","id":"m",` + tt.request + `}`); got["status"] != "ok" {
				t.Fatalf("answer %v", got)
			}
			if data := c.event(tt.event); !tt.want(data) {
				t.Errorf("line %v", data)
			}
		})
	}
}

func at(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func TestSendMessageRefuses(t *testing.T) {
	_, c := authenticated(t, Options{Version: "0.2.6"})
	for _, request := range []string{`"platform":"trovo","message":"hi"`, `"platform":"kick","message":"hi"`, `"message":"hi"`, `"platform":"twitch","message":""`} {
		if got := c.ask(`{"request":"SendMessage","id":"m",` + request + `}`); got["status"] != "error" || got["error"] == "" {
			t.Errorf("%s: %v", request, got)
		}
	}
}

// Own lines have the keys and types of recorded chat.
func TestOwnLinesHaveTheRecordedKeys(t *testing.T) {
	for _, tt := range []struct{ version, platform, file string }{
		{"0.2.4", "twitch", "Twitch.ChatMessage.old"},
		{"0.2.6", "twitch", "Twitch.ChatMessage.v025"},
		{"1.0.4", "kick", "Kick.ChatMessage.v100-doc"},
		{"0.2.4", "youtube", "YouTube.Message.old"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			s, url := serve(t, Options{Version: tt.version})
			c := connect(t, url)
			c.ask(everything)
			if err := s.Say(c.ctx, Line{Platform: tt.platform, Text: "hi"}); err != nil {
				t.Fatal(err)
			}
			body, err := os.ReadFile("internal/evening/testdata/frames/" + tt.file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(skeleton(withoutOwn(want)), skeleton(withoutOwn(c.receive()))); diff != "" {
				t.Errorf("-recorded +simulated:\n%s", diff)
			}
		})
	}
}

// withoutOwn takes out what recorded lines have of themselves: badges, and what only some people have.
func withoutOwn(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			switch key {
			case "badges", "clientNonce", "subscriptionTier", "parts":
				delete(v, key)
			default:
				v[key] = withoutOwn(inner)
			}
		}
	}
	return v
}
