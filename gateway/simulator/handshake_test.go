package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The vectors of reference/streamerbot.md section 1.4; the second is obs-websocket's published one.
func TestAuthenticationVectors(t *testing.T) {
	for _, tt := range []struct{ name, password, salt, challenge, want string }{
		{"short", "pw", "salt", "chal", "Q0/N7u40IGqt4Ynf9v3w9R2yCDZxba9npsZLdIyWi8M="},
		{"obs-websocket", "supersecretpassword", "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=",
			"+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=", "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4="},
		{"beyond ASCII", "pässwörd🔒", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
			"//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=", "gU4pmaKjEO9mnFDs5+Bh5lfHJJ5jwgP6VMK8BbbDDlQ="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := challenge{Salt: tt.salt, Challenge: tt.challenge}.answer(tt.password)
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// clientAnswer hashes as a client does, on its own.
func clientAnswer(hello map[string]any, password string) string {
	a := hello["authentication"].(map[string]any)
	secret := sha256.Sum256([]byte(password + a["salt"].(string)))
	sum := sha256.Sum256([]byte(base64.StdEncoding.EncodeToString(secret[:]) + a["challenge"].(string)))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestHandshake(t *testing.T) {
	const authenticates, asks = "Authenticate", "GetInfo"
	for _, tt := range []struct {
		name     string
		opt      Options
		first    string // the client's first request
		password string
		want     string // status of its answer, or "closed"
	}{
		{"off, asks", Options{Hello: true}, asks, "", "ok"},
		{"off, authenticates", Options{Hello: true}, authenticates, "pw", "error"},
		{"no hello, asks", Options{}, asks, "", "ok"},
		{"on, right password", Options{Hello: true, Auth: AuthOn, Password: "pw"}, authenticates, "pw", "ok"},
		{"on, wrong password", Options{Hello: true, Auth: AuthOn, Password: "pw"}, authenticates, "no", "closed"},
		{"on, wrong password told", Options{Hello: true, Auth: AuthOn, Password: "pw", AuthErrorAnswer: true}, authenticates, "no", "error"},
		{"on, asks without", Options{Hello: true, Auth: AuthOn, Password: "pw"}, asks, "", "ok"},
		{"enforced, right password", Options{Hello: true, Auth: AuthEnforced, Password: "pässwörd🔒"}, authenticates, "pässwörd🔒", "ok"},
		{"enforced, wrong password", Options{Hello: true, Auth: AuthEnforced, Password: "pw"}, authenticates, "no", "closed"},
		{"enforced, asks first", Options{Hello: true, Auth: AuthEnforced, Password: "pw"}, asks, "", "closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, tt.opt)
			c := connect(t, url)
			var hello map[string]any
			if tt.opt.Hello {
				hello = c.receive()
				if _, has := hello["authentication"]; has != (tt.opt.Auth != AuthOff) {
					t.Errorf("challenge sent: %v", has)
				}
			}
			r := map[string]string{"request": tt.first, "id": "gw-1"}
			if tt.first == authenticates {
				r["authentication"] = "nothing"
				if hello["authentication"] != nil {
					r["authentication"] = clientAnswer(hello, tt.password)
				}
			}
			body, _ := json.Marshal(r)
			c.send(string(body))
			if tt.want == "closed" {
				if code := c.closed(); code != 4009 {
					t.Errorf("closed with %d, want 4009", code)
				}
				return
			}
			if got := c.receive(); got["status"] != tt.want || got["id"] != "gw-1" {
				t.Errorf("answer %v, want status %s", got, tt.want)
			}
		})
	}
}

func TestEnforcedServerClosesTheSilent(t *testing.T) {
	_, url := serve(t, Options{Hello: true, Auth: AuthEnforced, Password: "pw", AuthTimeout: time.Millisecond})
	if code := connect(t, url).closed(); code != 4009 {
		t.Errorf("closed with %d, want 4009", code)
	}
}

func TestEnforcedServerServesTheAuthenticated(t *testing.T) {
	_, url := serve(t, Options{Hello: true, Auth: AuthEnforced, Password: "pw"})
	c := connect(t, url)
	c.ask(`{"request":"Authenticate","id":1,"authentication":"` + clientAnswer(c.receive(), "pw") + `"}`)
	if got := c.ask(`{"request":"GetInfo","id":2}`); got["status"] != "ok" || got["id"] != 2.0 {
		t.Errorf("answer %v", got)
	}
}

func TestChallengesDiffer(t *testing.T) {
	_, url := serve(t, Options{Hello: true, Auth: AuthOn, Password: "pw"})
	a, b := connect(t, url).receive(), connect(t, url).receive()
	if cmp.Equal(a["authentication"], b["authentication"]) || a["session"] == b["session"] {
		t.Errorf("two connections share %v / %v", a, b)
	}
}

// Messages have the keys and types of the recorded ones.
func TestMessagesHaveTheRecordedKeys(t *testing.T) {
	_, open := serve(t, Options{Hello: true})
	_, locked := serve(t, Options{Hello: true, Auth: AuthOn, Password: "pw"})
	c, l := connect(t, open), connect(t, locked)
	hello, guarded := c.receive(), l.receive()
	for _, tt := range []struct {
		file string
		got  map[string]any
	}{
		{"Hello.noauth", hello},
		{"Hello.auth", guarded},
		{"Authenticate.ok", l.ask(`{"request":"Authenticate","id":"a","authentication":"` + clientAnswer(guarded, "pw") + `"}`)},
		{"GetInfo.response", c.ask(`{"request":"GetInfo","id":"b"}`)},
		{"GetEvents.response", c.ask(`{"request":"GetEvents","id":"c"}`)},
		{"Subscribe.response", c.ask(`{"request":"Subscribe","id":"d","events":{"Twitch":["Follow"]}}`)},
		{"UnSubscribe.response.object", c.ask(`{"request":"UnSubscribe","id":"e","events":{"YouTube":["Message"]}}`)},
	} {
		t.Run(tt.file, func(t *testing.T) {
			for _, folder := range []string{"testdata/protocol", "../../../shared/frames/streamerbot/protocol"} {
				body, err := os.ReadFile(filepath.Join(folder, tt.file+".json"))
				if os.IsNotExist(err) && folder != "testdata/protocol" {
					continue
				}
				var want map[string]any
				if err := json.Unmarshal(body, &want); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(skeleton(want), skeleton(tt.got)); diff != "" {
					t.Errorf("-recorded +simulated:\n%s", diff)
				}
			}
		})
	}
}

// skeleton replaces values by their JSON type; a map of events is data and not structure.
func skeleton(v any) any {
	switch v := v.(type) {
	case map[string]any:
		bones := map[string]any{}
		for k, inner := range v {
			bones[k] = skeleton(inner)
			if k == "events" {
				bones[k] = "events"
			}
		}
		return bones
	case string:
		return "string"
	case bool:
		return "bool"
	case float64:
		return "number"
	}
	return v
}
