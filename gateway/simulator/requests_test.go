package simulator

import (
	"encoding/json"
	"errors"
	"slices"
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
		{"before Kick", "0.2.6", []any{"twitch", "youtube"}},
		{"with Kick", "1.0.7", []any{"twitch", "youtube", "kick"}},
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

func TestCatalogue(t *testing.T) {
	for _, tt := range []struct {
		name   string
		opt    Options
		source string
		kind   string
		want   bool
	}{
		{"built in", Options{}, "YouTube", "Message", true},
		{"no such thing", Options{}, "YouTube", "ChatMessage", false},
		{"since 1.0.5", Options{}, "Twitch", "PowerUpRedemption", true},
		{"not before 1.0.5", Options{Version: "1.0.4"}, "Twitch", "PowerUpRedemption", false},
		{"alpha of a later one", Options{Version: "1.1.0-alpha.3"}, "Twitch", "PowerUpRedemption", true},
		{"Kick since 1.0.0", Options{Version: "1.0.0"}, "Kick", "ChatMessage", true},
		{"no Kick before", Options{Version: "0.2.8"}, "Kick", "ChatMessage", false},
		{"camel case", Options{CamelCaseSources: true}, "youTube", "Message", true},
		{"camel case only", Options{CamelCaseSources: true}, "YouTube", "Message", false},
		{"extra", Options{Events: map[string][]string{"Twitch": {"TideTableUpdated"}}}, "Twitch", "TideTableUpdated", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, tt.opt)
			events := connect(t, url).ask(`{"request":"GetEvents","id":"1"}`)["events"].(map[string]any)
			types, _ := events[tt.source].([]any)
			if got := slices.Contains(types, any(tt.kind)); got != tt.want {
				t.Errorf("%s.%s offered: %v", tt.source, tt.kind, got)
			}
		})
	}
}

func TestCatalogueIsWhole(t *testing.T) {
	types := 0
	c := newCatalogue(Options{Version: "1.0.0"})
	for _, list := range c {
		types += len(list)
	}
	if len(c) != 44 || types != 464 {
		t.Errorf("%d sources, %d types; the client of 2.0.1 knows 44 and 464", len(c), types)
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
	f.Fuzz(func(t *testing.T, body []byte, exact bool) {
		s := New(Options{Queue: 4, ExactCase: exact, Auth: AuthOn, Password: "pw"})
		c := newSession(t.Context(), s)
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
