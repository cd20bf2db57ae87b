package schema

import (
	"strings"
	"testing"
)

// matches is NATS' subject matching, written here again on purpose: * is one
// token, > is one or more at the end.
func matches(filter, subject string) bool {
	f, s := strings.Split(filter, "."), strings.Split(subject, ".")
	for i, token := range f {
		if token == ">" {
			return i == len(f)-1 && len(s) > i
		}
		if i >= len(s) || token != "*" && token != s[i] {
			return false
		}
	}
	return len(f) == len(s)
}

// publishable reports what NATS forbids in a subject that is published to.
func publishable(subject string) bool {
	for token := range strings.SplitSeq(subject, ".") {
		if token == "" {
			return false
		}
	}
	return !strings.ContainsFunc(subject, func(r rune) bool { return r <= ' ' || r > '~' || r == '*' || r == '>' })
}

func TestMatcher(t *testing.T) {
	tests := []struct {
		filter, subject string
		want            bool
	}{
		{"a.b", "a.b", true},
		{"a.b", "a.b.c", false},
		{"a.b.c", "a.b", false},
		{"a.*", "a.b", true},
		{"a.*", "a", false},
		{"a.*", "a.b.c", false},
		{"a.>", "a.b.c", true},
		{"a.>", "a", false},
		{"a.*.c", "a.b.c", true},
		{"a.*.c", "a.b.d", false},
	}
	for _, tt := range tests {
		if got := matches(tt.filter, tt.subject); got != tt.want {
			t.Errorf("matches(%q, %q) = %v", tt.filter, tt.subject, got)
		}
	}
}

func TestEventSubject(t *testing.T) {
	tests := []struct {
		name     string
		provider Provider
		tenant   string
		typ      Type
		want     string
	}{
		{"plain", Twitch, "main", ChatMessage, "promethean.p.twitch.t.main.events.chat.message"},
		{"hyphen and case kept", OBS, "Duck-1_x", "obs.scene_changed", "promethean.p.obs.t.Duck-1_x.events.obs.scene_changed"},
		{"empty tenant", Kick, "", SourceGap, "promethean.p.kick.t._.events.source.gap"},
		{"wildcards", "*", ">", SourceGap, "promethean.p._.t._.events.source.gap"},
		{"dots do not add tokens", "a.b", "c.d.>", SourceGap, "promethean.p.a_b.t.c_d__.events.source.gap"},
		{"white space", "a b", "c\td\r\n", SourceGap, "promethean.p.a_b.t.c_d__.events.source.gap"},
		{"type of wildcards", AiLicia, "main", "chat.*.>", "promethean.p.ailicia.t.main.events.chat._._"},
		{"type with spaces and capitals", AiLicia, "main", "Tide changed\r\n", "promethean.p.ailicia.t.main.events.Tide_changed__"},
		{"type of dots", AiLicia, "main", "..a.", "promethean.p.ailicia.t.main.events._._.a._"},
		{"type of nine tokens", AiLicia, "main", "a.b.c.d.e.f.g.h.i", "promethean.p.ailicia.t.main.events.a.b.c.d.e.f.g.h_i"},
		{"type too long", AiLicia, "main", Type("a." + strings.Repeat("b", 200)), "promethean.p.ailicia.t.main.events.a." + strings.Repeat("b", 64)},
		{"unicode", "日本", "caf\u00e9", SourceGap, "promethean.p.__.t.caf_.events.source.gap"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := EventSubject(tt.provider, tt.tenant, tt.typ); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestToken(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "_"},
		{"safe", "aZ09_-", "aZ09_-"},
		{"64 bytes stay", strings.Repeat("a", 64), strings.Repeat("a", 64)},
		{"65 bytes are cut", strings.Repeat("a", 65), strings.Repeat("a", 64)},
		{"cut inside a character", strings.Repeat("a", 63) + "é", strings.Repeat("a", 63) + "_"},
		{"invalid UTF-8", "a\xff\xfe", "a__"},
		{"NUL and DEL", "\x00\x7f", "__"},
		{"brackets beside the letters", "@[`{/:", "______"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Token(tt.in); got != tt.want {
				t.Errorf("Token(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if got, want := ValidToken(tt.in), tt.in != "" && tt.in == tt.want; got != want {
				t.Errorf("ValidToken(%q) = %v, want %v", tt.in, got, want)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	subject := EventSubject(Twitch, "main", ChatMessage)
	tests := []struct {
		name, filter, subject string
		want                  bool
	}{
		{"all events", AllEvents, subject, true},
		{"all events, not the dead letters", AllEvents, DeadLetterSubject(subject), false},
		{"all events, not refused frames", AllEvents, RefusedFrameSubject(Twitch, "main"), false},
		{"chat", EventFilter("chat"), subject, true},
		{"chat takes deletions", EventFilter("chat"), EventSubject(Kick, "x", "chat.message_deleted"), true},
		{"chat, not chatter", EventFilter("chat"), EventSubject(Twitch, "main", "chatter.joined"), false},
		{"chat, not another's chat", EventFilter("chat"), EventSubject(Twitch, "main", "streamerbot.chat.message"), false},
		{"one type", TypeFilter(ChannelGoLive), EventSubject(Kick, "x", ChannelGoLive), true},
		{"one type, not another", TypeFilter(ChannelGoLive), EventSubject(Kick, "x", ChannelGoOffline), false},
		{"one type, not what is under it", TypeFilter("channel"), EventSubject(Kick, "x", ChannelGoLive), false},
		{"dead letters of both kinds: event", "dlq.>", DeadLetterSubject(subject), true},
		{"dead letters of both kinds: frame", "dlq.>", RefusedFrameSubject(Twitch, "main"), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := matches(tt.filter, tt.subject); got != tt.want {
				t.Errorf("%s matches %s: %v", tt.filter, tt.subject, got)
			}
		})
	}
	if got, want := RefusedFrameSubject("a.b", "*"), "dlq.promethean.p.a_b.t._.frame"; got != want {
		t.Errorf("RefusedFrameSubject = %s, want %s", got, want)
	}
}

func FuzzToken(f *testing.F) {
	for _, s := range []string{"", "main", "a.b", "*", ">", " ", "\r\n", "é", "\xff", strings.Repeat("é", 64)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Token(s)
		if !publishable(got) || strings.Contains(got, ".") || len(got) > 64 {
			t.Errorf("Token(%q) = %q is not one token", s, got)
		}
		if Token(got) != got || !ValidToken(got) {
			t.Errorf("Token(%q) = %q is not settled", s, got)
		}
	})
}

func FuzzEventSubject(f *testing.F) {
	f.Add("twitch", "main", "chat.message")
	f.Add("a.b", "*", "streamerbot.twitch.follow")
	f.Add("", ">", "a.b.c.d.e.f.g.h")
	f.Add("\xff", " \r\n", "not valid.")
	f.Add("日本", strings.Repeat("x", 65), "x")
	f.Fuzz(func(t *testing.T, provider, tenant, typ string) {
		refused := RefusedFrameSubject(Provider(provider), tenant)
		if !publishable(refused) || !matches("dlq.promethean.p.*.t.*.frame", refused) {
			t.Errorf("refused frame: bad subject %q", refused)
		}
		if s := EventSubject(Provider(provider), tenant, Type(typ)); !publishable(s) || !matches(AllEvents, s) || len(s) > 1024 {
			t.Errorf("bad subject %q", s)
		}
		if !Type(typ).Valid() {
			return
		}
		s := EventSubject(Provider(provider), tenant, Type(typ))
		if !publishable(s) {
			t.Errorf("%q cannot be published to", s)
		}
		if got, want := strings.Count(s, ".")+1, 6+strings.Count(typ, ".")+1; got != want {
			t.Errorf("%q has %d tokens, want %d", s, got, want)
		}
		if !matches(AllEvents, s) || !strings.HasSuffix(s, ".events."+typ) {
			t.Errorf("%q is not under %s", s, AllEvents)
		}
		if prefix, _, ok := strings.Cut(typ, "."); matches(EventFilter(prefix), s) != ok {
			t.Errorf("%s matches %s: %v", EventFilter(prefix), s, !ok)
		}
		if d := DeadLetterSubject(s); !publishable(d) || !matches("dlq."+AllEvents, d) || matches(AllEvents, d) {
			t.Errorf("bad dead letter subject %q", d)
		}
	})
}
