package streamerbot

import (
	"fmt"
	"testing"

	"promethean/gateway/source/ignore"
	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

func TestAnswerChallenge(t *testing.T) {
	for _, tt := range []struct{ name, password, salt, challenge, want string }{
		{"short", "pw", "salt", "chal", "Q0/N7u40IGqt4Ynf9v3w9R2yCDZxba9npsZLdIyWi8M="},
		{
			"obs-websocket's own", "supersecretpassword", "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=",
			"+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY=", "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=",
		},
		{
			"not ASCII", "pässwörd🔒", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
			"//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=", "gU4pmaKjEO9mnFDs5+Bh5lfHJJ5jwgP6VMK8BbbDDlQ=",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want(t, answerChallenge(tt.password, tt.salt, tt.challenge), tt.want)
		})
	}
}

func TestPassThroughType(t *testing.T) {
	for _, tt := range []struct {
		name, source, kind string
		want               schema.Type
	}{
		{"plain", "Twitch", "Follow", "streamerbot.twitch.follow"},
		{"YouTube is one word", "YouTube", "SuperChat", "streamerbot.youtube.super_chat"},
		{"camel case of old servers", "youTube", "newSponsor", "streamerbot.youtube.new_sponsor"},
		{"run of capitals", "VTubeStudio", "LEffectEnabledStateChanged", "streamerbot.v_tube_studio.l_effect_enabled_state_changed"},
		{"capital after a digit", "Foo2Bar", "AB", "streamerbot.foo2_bar.ab"},
		{"foreign letters", "Ünï", "x.y", "streamerbot._n_.x_y"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := passThroughType(tt.source, tt.kind)
			want(t, got, tt.want)
			want(t, got.Valid(), true)
		})
	}
}

func TestPlan(t *testing.T) {
	offered := map[string][]string{
		"twitch":  {"chatMessage", "Follow", "Whisper"},
		"Obs":     {"SceneChanged", "Event"},
		"Raw":     {"Action", "NewThing"},
		"Inputs":  {"InputKeyPress"},
		"Patreon": {"PledgeCreated"},
		"Misc":    {"TimedAction", "StreamerbotStarted", "GlobalVariableUpdated"},
	}
	for _, tt := range []struct {
		name            string
		events, private []string
		want            map[string][]string
		lacking         []string
	}{
		{
			"the server's spelling, without private and flood", []string{"Twitch.*", "Obs.*", "Raw.*", "Patreon.*"}, nil,
			map[string][]string{"twitch": {"Follow", "chatMessage"}, "Obs": {"SceneChanged"}}, nil,
		},
		{
			"flood by its exact name", []string{"obs.event"}, nil,
			map[string][]string{"Obs": {"Event"}}, nil,
		},
		{
			"private by its exact name in Events stays shut", []string{"Inputs.InputKeyPress"}, nil,
			map[string][]string{}, nil,
		},
		{
			"private opens exactly one", []string{"Twitch.Follow"}, []string{"inputs.inputkeypress", "Raw.Action"},
			map[string][]string{"twitch": {"Follow"}, "Inputs": {"InputKeyPress"}, "Raw": {"Action"}}, nil,
		},
		{
			"lacking", []string{"Kofi.*", "Twitch.ChatMessage"}, []string{"Twitch.Nothing"},
			map[string][]string{"twitch": {"chatMessage"}}, []string{"Kofi.*", "Twitch.Nothing"},
		},
		{
			"by default", DefaultEvents(), nil,
			map[string][]string{"twitch": {"Follow", "chatMessage"}, "Obs": {"SceneChanged"}, "Misc": {"StreamerbotStarted"}}, nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, lacking := plan(offered, tt.events, tt.private)
			for source, types := range got {
				if len(types) == 0 {
					delete(got, source)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if tt.name != "by default" {
				if diff := cmp.Diff(tt.lacking, lacking); diff != "" {
					t.Errorf("lacking -want +got:\n%s", diff)
				}
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	frame := func(kind, data string) string {
		return `{"timeStamp":"2026-03-04T19:21:44+01:00","event":` + kind + `,"data":` + data + `}`
	}
	const twitch, youtube = `{"source":"Twitch","type":"ChatMessage"}`, `{"source":"YouTube","type":"Message"}`
	for _, tt := range []struct {
		name, frame string
		users       []string
		want        bool
	}{
		{"login", frame(twitch, `{"user":{"login":"restreambot","name":"x"},"text":"a"}`), ignore.Default(), true},
		{"display name in any case", frame(youtube, `{"user":{"name":"ReStream"},"message":"a"}`), ignore.Default(), true},
		{"old shape", frame(twitch, `{"message":{"username":"restream","message":"a"}}`), ignore.Default(), true},
		{"any type", frame(`{"source":"Twitch","type":"Follow"}`, `{"user_login":"restream"}`), ignore.Default(), true},
		{"who it was done to", frame(`{"source":"Twitch","type":"UserBanned"}`, `{"targetUser":{"login":"restream"}}`), ignore.Default(), true},
		{"YouTube's handle", frame(youtube, `{"user":{"name":"@RestreamBot"},"message":"a"}`), ignore.Default(), true},
		{"a handle in the setting", frame(youtube, `{"user":{"name":"Bob"},"message":"a"}`), []string{"@bob"}, true},
		{"a platform's handle in the setting", frame(youtube, `{"user":{"name":"@Bob"},"message":"a"}`), []string{"youtube:@bob"}, true},
		{"nothing but an at sign", frame(youtube, `{"user":{"name":"@"},"message":"a"}`), []string{"@"}, false},
		{"flat login", frame(twitch, `{"userLogin":"restream","text":"a"}`), ignore.Default(), true},
		{"only a part of the name", frame(twitch, `{"user":{"login":"restreamer"},"text":"a"}`), ignore.Default(), false},
		{"on its platform", frame(twitch, `{"user":{"login":"bob"},"text":"a"}`), []string{"Twitch:BOB"}, true},
		{"on another platform", frame(youtube, `{"user":{"name":"bob"},"message":"a"}`), []string{"twitch:bob"}, false},
		{"a command's platform", frame(`{"source":"Command","type":"Triggered"}`, `{"user":{"name":"bob","type":"twitch"}}`), []string{"twitch:bob"}, true},
		{"a name with a colon", frame(youtube, `{"user":{"name":"re:bob"},"message":"a"}`), []string{"re:bob"}, true},
		{"a display name like an entry", frame(youtube, `{"user":{"name":"twitch:bob"},"message":"a"}`), []string{"twitch:bob"}, false},
		{"the word in the text", frame(twitch, `{"user":{"login":"bob"},"text":"restream"}`), ignore.Default(), false},
		{"nobody", frame(twitch, `{"user":{"login":"restream"},"text":"a"}`), nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got := Normalise([]byte(tt.frame), Facts{Tenant: "duck", Ignored: ignore.New(tt.users)})
			want(t, got, tt.want)
		})
	}
}

func TestOrdinalsForgetTheOldest(t *testing.T) {
	var o Ordinals
	want(t, o.Next("a"), 0)
	for i := range rememberedFrames - 1 {
		want(t, o.Next(fmt.Sprint(i)), 0)
	}
	want(t, o.Next("a"), 1) // now the newest
	want(t, o.Next("one more"), 0)
	want(t, o.Next("a"), 2)
	want(t, o.Next("0"), 0) // was forgotten
	want(t, len(o.seen), rememberedFrames)
}

func TestReadChannels(t *testing.T) {
	got := readChannels([]byte(`{"platforms":{"twitch":{"broadcastUser":"Gatiso","broadcastUserName":"gatiso","broadcastUserId":123},
		"youtube":{"broadcastUserName":"Gatiso TV","broadcastUserId":"UC1"},"kick":{"broadcasterLogin":"gat","broadcasterUserName":"Gat","broadcasterUserId":"9"},
		"trovo":null,"vstream":{"broadcasterUserId":"4"}},"connected":["twitch"]}`))
	if diff := cmp.Diff(map[schema.Provider]schema.Channel{
		schema.Twitch:  {ID: "123", Name: "gatiso", Platform: "TWITCH"},
		schema.YouTube: {ID: "UC1", Name: "Gatiso TV", Platform: "YOUTUBE"},
		schema.Kick:    {ID: "9", Name: "gat", Platform: "KICK"},
	}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTwitchLogin(t *testing.T) {
	for _, tt := range []struct {
		name  string
		names []text
		want  string
	}{
		{"login first", []text{"gatiso", "Gatiso"}, "gatiso"},
		{"display name first", []text{"Gatiso", "gatiso"}, "gatiso"},
		{"only the display name", []text{"", "Gatiso_TV"}, "gatiso_tv"},
		{"a display name of another script", []text{"鴨", "kamo"}, "kamo"},
		{"nothing else", []text{"鴨"}, "鴨"},
		{"nothing", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { want(t, twitchLogin(tt.names...), tt.want) })
	}
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    Config
		ok   bool
	}{
		{"good", Config{URL: "ws://127.0.0.1:8080/", Tenant: "duck"}, true},
		{"http", Config{URL: "http://127.0.0.1:8080/", Tenant: "duck"}, false},
		{"no address", Config{Tenant: "duck"}, false},
		{"tenant", Config{URL: "ws://x/", Tenant: "a.b"}, false},
		{"everything", Config{URL: "ws://x/", Tenant: "a", Events: []string{"*"}}, false},
		{"every source", Config{URL: "ws://x/", Tenant: "a", Events: []string{"*.*"}}, false},
		{"private by pattern", Config{URL: "ws://x/", Tenant: "a", Private: []string{"Raw.*"}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(tt.c)
			want(t, err == nil, tt.ok)
		})
	}
}
