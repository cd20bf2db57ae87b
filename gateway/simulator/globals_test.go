package simulator

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariables(t *testing.T) {
	fern := &User{Platform: "twitch", ID: "1", Login: "fern", Name: "Fern"}
	moss := &User{Platform: "twitch", ID: "2", Login: "moss", Name: "Moss"}
	globals := []Global{
		{Name: "mood", Value: "calm"}, {Name: "mood", Value: "fleeting", Temporary: true}, {Name: "none", Value: nil},
		{Name: "points", Value: 1.5, User: fern}, {Name: "points", Value: 2, User: moss}, {Name: "rank", Value: true, User: fern},
		{Name: "points", Value: 9, User: &User{Platform: "youtube", ID: "1"}},
	}
	_, types := serve(t, Options{Globals: globals})
	_, docs := serve(t, Options{Globals: globals, DocShapes: true})
	_, old := serve(t, Options{Globals: globals, Version: "0.2.4"})
	_, beforeKick := serve(t, Options{Globals: globals, Version: "0.2.8"})
	for _, tt := range []struct{ name, url, request, want string }{
		{"all", types, `"GetGlobals","persisted":true`, `{"count":2,"variables":{"mood":"calm","none":null}}`},
		{"all temporary", types, `"GetGlobals","persisted":false`, `{"count":1,"variables":{"mood":"fleeting"}}`},
		{"one", types, `"GetGlobal","variable":"mood","persisted":true`, `{"count":1,"variables":{"mood":"calm"}}`},
		{"one, documentation", docs, `"GetGlobal","variable":"mood","persisted":true`, `{"variable":"calm"}`},
		{"one temporary", types, `"GetGlobal","variable":"mood","persisted":false`, `{"count":1,"variables":{"mood":"fleeting"}}`},
		{"none such", types, `"GetGlobal","variable":"Mood"`, `{"error":"Variable not found"}`},
		{"not a user's", types, `"GetGlobal","variable":"points"`, `{"error":"Variable not found"}`},
		{"mistyped", types, `"GetGlobal","variable":7`, `{"error":"Invalid request"}`},
		{"users", types, `"TwitchGetUserGlobals","variable":null`, `{"count":3,"variables":["Fern points 1.5","Moss points 2","Fern rank true"]}`},
		{"users, one variable", types, `"TwitchGetUserGlobals","variable":"rank"`, `{"count":1,"variables":["Fern rank true"]}`},
		{"users of another platform", types, `"TrovoGetUserGlobals"`, `{"count":0,"variables":[]}`},
		{"user", types, `"TwitchGetUserGlobal","userId":"1","variable":null`, `{"count":2,"variables":["Fern points 1.5","Fern rank true"]}`},
		{"user, one", types, `"TwitchGetUserGlobal","userId":1,"variable":"points"`, `{"count":1,"variables":["Fern points 1.5"]}`},
		{"user, one, documentation", docs, `"TwitchGetUserGlobal","userId":"1","variable":"points"`, `{"variable":"Fern points 1.5"}`},
		{"user, none such", types, `"TwitchGetUserGlobal","userId":"1","variable":"nope"`, `{"error":"Variable not found"}`},
		{"nobody", types, `"TwitchGetUserGlobal","variable":"points"`, `{"error":"Invalid request"}`},
		{"Kick", types, `"KickGetUserGlobals"`, `{"count":0,"variables":[]}`},
		{"no Kick before 1.0.0", beforeKick, `"KickGetUserGlobals"`, `{"error":"Unknown request"}`},
		{"before 0.2.5", old, `"GetGlobals"`, `{"error":"Unknown request"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := connect(t, tt.url).ask(`{"id":"v","request":` + tt.request + `}`)
			if got["id"] != "v" {
				t.Errorf("id %v", got["id"])
			}
			delete(got, "id")
			delete(got, "status")
			var want any
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, values(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// values shows each variable as its value, a user's with name before it.
func values(v any) any {
	switch v := v.(type) {
	case map[string]any:
		value, is := v["value"]
		if name := v["userName"]; is && name != nil {
			b, _ := json.Marshal(value)
			return name.(string) + " " + v["name"].(string) + " " + string(b)
		}
		if is {
			return value
		}
		for key, inner := range v {
			v[key] = values(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = values(inner)
		}
	}
	return v
}

func TestSetGlobalIsHeard(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"Subscribe","events":{"Misc":["GlobalVariableUpdated","UserGlobalVariableUpdated"]}}`)
	for _, g := range []Global{{Name: "brain_mood", Value: "hyped"}, {Name: "new", Value: 1, Temporary: true}} {
		if err := s.SetGlobal(c.ctx, g); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(map[string]any{"name": "brain_mood", "oldValue": "calm", "newValue": "hyped", "persisted": true}, c.event("Misc.GlobalVariableUpdated")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"name": "new", "oldValue": nil, "newValue": 1.0, "persisted": false}, c.event("Misc.GlobalVariableUpdated")); diff != "" {
		t.Error(diff)
	}
	if err := s.SetGlobal(c.ctx, Global{Name: "points", Value: 7, User: &User{"twitch", "1", "fern", "Fern"}}); err != nil {
		t.Fatal(err)
	}
	if got := c.event("Misc.UserGlobalVariableUpdated"); got["newValue"] != 7.0 || at(got, "user", "login") != "fern" {
		t.Errorf("got %v", got)
	}
	if got := c.ask(`{"request":"GetGlobal","variable":"brain_mood"}`); at(got, "variables", "brain_mood", "value") != "hyped" {
		t.Errorf("got %v", got)
	}
	if err := s.SetGlobal(c.ctx, Global{Name: "bad", Value: func() {}}); err == nil {
		t.Error("a value that cannot be JSON was taken")
	}
}

// Answers have the keys and types of the recorded and documented ones.
func TestAnswersHaveTheRecordedKeys(t *testing.T) {
	_, url := serve(t, Options{Version: "0.2.8", Globals: []Global{{Name: "mood", Value: "hyped"}}})
	_, locked := serve(t, Options{Hello: true, Auth: AuthOn, Password: "pw", AuthErrorAnswer: true})
	c, l := connect(t, url), connect(t, locked)
	l.receive()
	for _, tt := range []struct {
		file string
		c    *client
		ask  string
	}{
		{"Authenticate.error", l, `"Authenticate","authentication":"x"`},
		{"DoAction.response", c, `"DoAction","action":{"name":"Lights On"}`},
		{"DoAction.error", c, `"DoAction","action":{"name":"no"}`},
		{"SendMessage.error", c, `"SendMessage","platform":"twitch","message":"hi"`},
		{"GetGlobal.response.variables", c, `"GetGlobal","variable":"mood"`},
		{"GetActions.response", c, `"GetActions"`},
	} {
		t.Run(tt.file, func(t *testing.T) {
			body, err := os.ReadFile("testdata/protocol/" + tt.file + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatal(err)
			}
			got := tt.c.ask(`{"id":"gw-1","request":` + tt.ask + `}`)
			for _, m := range []map[string]any{want, got} {
				if list, ok := m["actions"].([]any); ok {
					m["actions"] = skeleton(list[0])
				}
			}
			if diff := cmp.Diff(skeleton(want), skeleton(got)); diff != "" {
				t.Errorf("-recorded +simulated:\n%s", diff)
			}
			if want["error"] != got["error"] {
				t.Errorf("error %v, want %v", got["error"], want["error"])
			}
		})
	}
}
