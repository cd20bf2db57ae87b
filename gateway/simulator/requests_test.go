package simulator

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswers(t *testing.T) {
	_, url := serve(t, Options{Version: "0.2.6"})
	c := connect(t, url)
	for _, tt := range []struct{ name, request, want string }{
		{"unknown", `{"request":"SetGlobal","id":"x"}`, `{"error":"Unknown request","id":"x","status":"error"}`},
		{"number as id", `{"request":"Nope","id":12.50}`, `{"error":"Unknown request","id":12.50,"status":"error"}`},
		{"no id", `{"request":"Nope"}`, `{"error":"Unknown request","status":"error"}`},
		{"not JSON", `{"request":`, `{"error":"Invalid request","status":"error"}`},
		{"no request", `{"id":"y"}`, `{"error":"Invalid request","id":"y","status":"error"}`},
		{"mistyped", `{"request":"Subscribe","id":"z","events":["Twitch"]}`, `{"error":"Invalid request","id":"z","status":"error"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c.send(tt.request)
			if got := c.text(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestGetBroadcaster(t *testing.T) {
	for _, tt := range []struct {
		name, version string
		connected     []any
	}{
		{"before Kick", "0.2.6", []any{"twitch", "youtube", "trovo"}},
		{"with Kick", "1.0.7", []any{"twitch", "youtube", "trovo", "kick"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, Options{Version: tt.version})
			got := connect(t, url).ask(`{"request":"GetBroadcaster","id":"1"}`)
			platforms := got["platforms"].(map[string]any)
			if len(platforms) != len(tt.connected) {
				t.Errorf("platforms %v", platforms)
			}
			if diff := cmp.Diff(tt.connected, got["connected"]); diff != "" {
				t.Error(diff)
			}
			for platform, keys := range map[string][]string{
				"twitch":  {"broadcastUser", "broadcastUserName", "broadcastUserId", "broadcasterIsAffiliate", "broadcasterIsPartner", "botUser", "botUserName", "botUserId"},
				"youtube": {"broadcastUserName", "broadcastUserId", "broadcastUserProfileImage"},
			} {
				for _, key := range keys {
					if _, ok := platforms[platform].(map[string]any)[key]; !ok {
						t.Errorf("%s lacks %s", platform, key)
					}
				}
			}
		})
	}
}

func TestSubscribe(t *testing.T) {
	frame := func(event string) string {
		source, kind, _ := strings.Cut(event, ".")
		return `{"timeStamp":"2026-03-04T19:20:00+01:00","event":{"source":"` + source + `","type":"` + kind + `"},"data":{}}`
	}
	for _, tt := range []struct {
		name     string
		opt      Options
		requests []string
		echo     string // events of the last answer
		wants    []string
		not      []string
	}{
		{"named", Options{}, []string{`{"request":"Subscribe","events":{"Twitch":["ChatMessage"]}}`},
			`{"Twitch":["ChatMessage"]}`, []string{"Twitch.ChatMessage"}, []string{"Twitch.Follow", "Kick.ChatMessage"}},
		{"added", Options{}, []string{
			`{"request":"Subscribe","events":{"Twitch":["ChatMessage"]}}`,
			`{"request":"Subscribe","events":{"Twitch":["Follow","ChatMessage"],"YouTube":["Message"]}}`},
			`{"Twitch":["ChatMessage","Follow"],"YouTube":["Message"]}`,
			[]string{"Twitch.ChatMessage", "Twitch.Follow", "YouTube.Message"}, []string{"YouTube.SuperChat"}},
		{"unknown left out", Options{}, []string{`{"request":"Subscribe","events":{"Twitch":["Nope","Raid"],"Nope":["Raid"]}}`},
			`{"Twitch":["Raid"]}`, []string{"Twitch.Raid"}, []string{"Twitch.Nope", "Nope.Raid"}},
		{"all of a source", Options{}, []string{`{"request":"Subscribe","events":{"General":["*"]}}`},
			`{"General":["Custom"]}`, []string{"General.Custom", "General.Unheard"}, []string{"Custom.Event"}},
		{"any case", Options{}, []string{`{"request":"Subscribe","events":{"youtube":["message"]}}`},
			`{"YouTube":["Message"]}`, []string{"YouTube.Message"}, []string{"YouTube.SuperChat"}},
		{"camel case server", Options{CamelCaseSources: true}, []string{`{"request":"Subscribe","events":{"youTube":["Message"]}}`},
			`{"youTube":["Message"]}`, []string{"YouTube.Message"}, nil},
		{"exact case, wrong", Options{CamelCaseSources: true, ExactCase: true}, []string{`{"request":"Subscribe","events":{"General":["Custom"]}}`},
			`{"General":["Custom"]}`, nil, []string{"General.Custom"}},
		{"exact case, right", Options{CamelCaseSources: true, ExactCase: true}, []string{`{"request":"Subscribe","events":{"general":["Custom"]}}`},
			`{"general":["Custom"]}`, []string{"General.Custom"}, nil},
		{"unsubscribed", Options{}, []string{
			`{"request":"Subscribe","events":{"Twitch":["ChatMessage","Follow"],"YouTube":["Message"]}}`,
			`{"request":"UnSubscribe","events":{"Twitch":["Follow"],"YouTube":["*"]}}`},
			`{"Twitch":["ChatMessage"]}`, []string{"Twitch.ChatMessage"}, []string{"Twitch.Follow", "YouTube.Message"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, url := serve(t, tt.opt)
			c := connect(t, url)
			var last map[string]any
			for _, r := range tt.requests {
				last = c.ask(r)
			}
			var want any
			if err := json.Unmarshal([]byte(tt.echo), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, last["events"]); diff != "" {
				t.Errorf("echo, -want +got:\n%s", diff)
			}
			// What is not wanted goes first: the answer to the probe shows that it didn't arrive.
			for _, event := range append(tt.not, tt.wants...) {
				if err := s.Inject(c.ctx, []byte(frame(event))); err != nil {
					t.Fatal(err)
				}
			}
			for _, event := range tt.wants {
				if got := c.text(); got != frame(event) {
					t.Errorf("got %s, want %s", got, event)
				}
			}
			c.send(`{"request":"Probe"}`)
			if got := c.text(); !strings.Contains(got, "Unknown request") {
				t.Errorf("unwanted %s", got)
			}
		})
	}
}

func TestSubscribeToEverything(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	if echo := c.ask(`{"request":"Subscribe","events":{"*":["*"]}}`)["events"].(map[string]any); len(echo) != 44 {
		t.Errorf("%d sources, want all 44", len(echo))
	}
	frame := `{"event":{"source":"Obs","type":"Event"}}`
	if err := s.Inject(c.ctx, []byte(frame)); err != nil {
		t.Fatal(err)
	}
	if got := c.text(); got != frame {
		t.Errorf("got %s", got)
	}
}

// Whatever a client sends, it gets one JSON answer or a goodbye.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		`{"request":"Subscribe","id":"1","events":{"Twitch":["*"],"*":["*"]}}`, `{"request":"UnSubscribe","id":null,"events":{"":[""]}}`,
		`{"request":"Authenticate","id":{"a":[1e400]},"authentication":"x"}`, `{"request":"GetEvents","id":"\ud800"}`, `[]`, ``, `null`, "\xff",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	servers := map[bool]*Server{}
	for _, exact := range []bool{false, true} {
		servers[exact] = New(Options{Queue: 4, ExactCase: exact, Auth: AuthOn, Password: "pw"})
	}
	f.Fuzz(func(t *testing.T, body []byte, exact bool) {
		s := servers[exact]
		c := newSession(t.Context(), s)
		defer func() {
			for len(s.queue) > 0 {
				<-s.queue
			}
		}()
		if err := c.answer(body); err != nil {
			if !errors.As(err, new(*goodbye)) {
				t.Fatalf("%q: %v", body, err)
			}
			return
		}
		if len(c.out) != 1 {
			t.Fatalf("%q: %d answers", body, len(c.out))
		}
		if m := <-c.out; !json.Valid(m.body) || !strings.Contains(string(m.body), `"status":"`) {
			t.Fatalf("%q: answer %q", body, m.body)
		}
	})
}

// The answer is queued before the subscription holds, so no event overtakes it.
func TestSubscriptionBeginsWithItsAnswer(t *testing.T) {
	s := New(Options{Queue: 1})
	c := newSession(t.Context(), s)
	c.out <- message{}
	err := c.answer([]byte(`{"request":"Subscribe","events":{"Twitch":["Raid"]}}`))
	if !errors.Is(err, errTooSlow) {
		t.Fatalf("answer to a full queue: %v", err)
	}
	if c.subs.any() || s.Stats().Subscribed != 0 {
		t.Error("subscribed without an answer")
	}
}

// The document says of every request what is faithful.
func TestRequestsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range requests {
		if i := strings.Index(name, "GetUserGlobal"); i > 0 {
			name = "…" + name[i:]
		}
		if !strings.Contains(string(doc), name) {
			t.Errorf("docs/simulator.md lacks %s", name)
		}
	}
}
