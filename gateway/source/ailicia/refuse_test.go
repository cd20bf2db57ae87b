package ailicia

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// with is a good chat message with some of its text replaced.
func with(pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(`{"id":"evt_1","type":"chat.message","version":"2025-02-01","timestamp":"2026-03-04T19:03:11Z",` +
		`"channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"},` +
		`"payload":{"id":"m_1","username":"ada","message":"hi","platform":"TWITCH"},"meta":{"a":1}}`)
}

func TestRefusals(t *testing.T) {
	tests := []struct{ name, data, reason string }{
		{"nothing", "", "not JSON: ends early (at byte 0)"},
		{"no JSON", "hello", "not JSON: no value (at byte 0)"},
		{"cut", with()[:200], "not JSON: "},
		{"two values", with() + "{}", "not JSON: more after the value"},
		{"not UTF-8", with("hi", "h\xff"), "not valid UTF-8"},
		{"too deep", with(`{"a":1}`, strings.Repeat("[", 100)+strings.Repeat("]", 100)), "JSON nests deeper than 100 levels"},
		{"a list", "[" + with() + "]", "not an ai_licia event: not a JSON object"},
		{"a number", "17", "not an ai_licia event: not a JSON object"},
		{"null", "null", "not an ai_licia event: not a JSON object"},
		{"an empty object", "{}", "not an ai_licia event: id is missing"},
		{"no id", with(`"id":"evt_1",`, ""), "not an ai_licia event: id is missing"},
		{"id null", with(`"evt_1"`, "null"), "not an ai_licia event: id is missing"},
		{"id a number", with(`"evt_1"`, "17"), "not an ai_licia event: id is not text"},
		{"id empty", with(`"evt_1"`, `""`), "not an ai_licia event: id is empty"},
		{"id that no header carries", with("evt_1", `é\n`), `id "é\n" is over 256 bytes or not one line of printable ASCII`},
		{"id too long", with("evt_1", strings.Repeat("x", 257)), `id "` + strings.Repeat("x", 128) + `…" is over 256 bytes`},
		{"no type", with(`"type":"chat.message",`, ""), "not an ai_licia event: type is missing"},
		{"type too long", with("chat.message", strings.Repeat("x", 257)), "has 257 bytes; the limit is 256"},
		{"type without end", with("chat.message", strings.Repeat("x", 100_000)), "type has 100000 bytes; the limit is 1024"},
		{"type of a command", with("chat.message", "control.do_action"), `type "control.do_action" is one of this gateway's own`},
		{"type of a title", with("chat.message", "title.approved"), `type "title.approved" is one of this gateway's own`},
		{"type of a source", with("chat.message", "source.gap"), `type "source.gap" is one of this gateway's own`},
		{"no timestamp", with(`"timestamp":"2026-03-04T19:03:11Z",`, ""), "not an ai_licia event: timestamp is missing"},
		{"timestamp a number", with(`"2026-03-04T19:03:11Z"`, "1772651000"), "not an ai_licia event: timestamp is not text"},
		{"timestamp no time", with("2026-03-04T19:03:11Z", "yesterday"), "not an ai_licia event: timestamp is no date and time"},
		{"timestamp of year 0", with("2026-03-04T19:03:11Z", "0000-01-01T00:00:00Z"), "not an ai_licia event: timestamp is no date and time of the years 1 to 9999"},
		{"no channel", with(`"channel"`, `"canal"`), "not an ai_licia event: channel is missing"},
		{"channel a text", with(`{"id":"ch_1","name":"pond","platform":"TWITCH"}`, `"pond"`), "not an ai_licia event: channel is not an object"},
		{"channel without a platform", with(`"pond","platform":"TWITCH"`, `"pond"`), "not an ai_licia event: channel.platform is missing"},
		{"channel's name null", with(`"pond"`, "null"), "not an ai_licia event: channel.name is missing"},
		{"no payload", with(`"payload"`, `"Load"`), "not an ai_licia event: payload is missing"},
		{"payload null", with(`{"id":"m_1","username":"ada","message":"hi","platform":"TWITCH"}`, "null"), "not an ai_licia event: payload is missing"},
		{"payload a list", with(`{"id":"m_1","username":"ada","message":"hi","platform":"TWITCH"}`, "[1]"), "not an ai_licia event: payload is not an object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, e := testNormaliser(), event{name: "message", data: tt.data, connection: "c-1", n: 3}
			_, err := n.normalise(e, receivedAt)
			if err == nil || errors.Is(err, errIgnored) || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("got %v, want %q", err, tt.reason)
			}
			d := n.refuse(e, receivedAt, err)
			if string(d.Refusal.Bytes) != tt.data || d.Refusal.Size != int64(len(tt.data)) || len(d.Refusal.Reason) > 1024 {
				t.Errorf("kept %d bytes of %d", d.Refusal.Size, len(tt.data))
			}
			m := schema.SealRefusal(d)
			if m.Subject != "dlq.promethean.p.ailicia.t.duck.frame" || m.ID == "" {
				t.Errorf("under %s", m.Subject)
			}
			e.n++
			if again := n.refuse(e, receivedAt, err); again.ID == d.ID {
				t.Error("two broken events are one dead letter")
			}
		})
	}
}

func TestNamesDisagree(t *testing.T) {
	for _, tt := range []struct {
		name, event, typ string
		ok               bool
	}{
		{"the same", "chat.message", "chat.message", true},
		{"none", "", "chat.message", true},
		{"the default", "message", "chat.message", true},
		{"another", "channel.event", "chat.message", false},
		{"another case", "Chat.Message", "chat.message", false},
		{"a space behind", "chat.message ", "chat.message", false},
		{"the default's own type", "chat.message", "message", false},
		{"very long", strings.Repeat("x", 5000), "chat.message", false},
		{"a secret", "/tts/u/" + key, "/tts/u/" + key + "/x", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, e := testNormaliser(), event{name: tt.event, data: with("chat.message", tt.typ)}
			_, err := n.normalise(e, receivedAt)
			if tt.ok {
				if err != nil {
					t.Error(err)
				}
				return
			}
			want := fmt.Sprintf("SSE event name %q and envelope type %q disagree", short(redactText(tt.event)), short(redactText(tt.typ)))
			if err == nil || err.Error() != want {
				t.Fatalf("got %v, want %s", err, want)
			}
			m := schema.SealRefusal(n.refuse(e, receivedAt, err))
			if text := fmt.Sprintf("%+v %s", m, m.Body); leaks([]byte(text)) || len(text) > 3000 {
				t.Errorf("a dead letter %s", text)
			}
		})
	}
}

// TestProviders: what happens to a channel is its platform's, the rest ai_licia's.
func TestProviders(t *testing.T) {
	tests := []struct{ name, typ, channel, payload, want string }{
		{"a line", "chat.message", "TWITCH", "TWITCH", "twitch.t.duck.events.chat.message"},
		{"a line of another platform than the channel's", "chat.message", "TWITCH", "YOUTUBE", "youtube.t.duck.events.chat.message"},
		{"a line of no platform", "chat.message", "KICK", "", "kick.t.duck.events.chat.message"},
		{"a platform in small letters", "chat.message", "TWITCH", "kick", "kick.t.duck.events.chat.message"},
		{"a platform without a name in subjects", "chat.message", "TWITCH", "TIKTOK", "ailicia.t.duck.events.chat.message"},
		{"a name that is no platform", "chat.message", "TWITCH", "BRAIN", "ailicia.t.duck.events.chat.message"},
		{"a follow", "channel.event", "YOUTUBE", "", "youtube.t.duck.events.channel.event"},
		{"a follow whose payload says another", "channel.event", "YOUTUBE", "TWITCH", "youtube.t.duck.events.channel.event"},
		{"live", "channel.go_live", "TROVO", "", "trovo.t.duck.events.channel.go_live"},
		{"offline on TikTok", "channel.go_offline", "TIKTOK", "", "ailicia.t.duck.events.channel.go_offline"},
		{"a channel's that nobody knows", "channel.tide_changed", "KICK", "", "kick.t.duck.events.channel.tide_changed"},
		{"the AI's line", "chat.ai_message", "TWITCH", "TWITCH", "ailicia.t.duck.events.chat.ai_message"},
		{"a memory", "chat.first_message", "TWITCH", "", "ailicia.t.duck.events.chat.first_message"},
		{"thoughts", "ai.thoughts", "TWITCH", "", "ailicia.t.duck.events.ai.thoughts"},
		{"came", "system.join", "TWITCH", "", "ailicia.t.duck.events.system.join"},
		{"a character", "character.updated", "TWITCH", "", "ailicia.t.duck.events.character.updated"},
		{"the API's", "api.event", "TWITCH", "", "ailicia.t.duck.events.api.event"},
		{"unknown", "tide", "TWITCH", "", "ailicia.t.duck.events.tide"},
		{"odd", "Tide.>* é", "TWITCH", "", "ailicia.t.duck.events.Tide.>* é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := with(`"platform":"TWITCH"},"stream"`, `"platform":"`+tt.channel+`"},"stream"`, `"platform":"TWITCH"},"meta"`, `"platform":"`+tt.payload+`"},"meta"`, "chat.message", tt.typ)
			d, err := testNormaliser().normalise(event{data: data}, receivedAt)
			if err != nil {
				t.Fatal(err)
			}
			m, e, _ := seal(t, d)
			want := "promethean.p." + strings.Replace(tt.want, "Tide.>* é", "Tide.____", 1)
			if m.Subject != want || string(e.Type) != tt.typ {
				t.Errorf("%s is under %s, want %s", e.Type, m.Subject, want)
			}
		})
	}
}

func TestIgnoredUsers(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		users      []string
		want       bool
	}{
		{"a line of the relay", with("ada", "restreambot"), []string{"restreambot"}, true},
		{"in any case", with("ada", "ReStream"), []string{"restream"}, true},
		{"of its platform", with("ada", "ReStream"), []string{"twitch:restream"}, true},
		{"of another platform", with("ada", "ReStream"), []string{"kick:restream"}, false},
		{"of the platform where it was written", with("ada", "bob", `"platform":"TWITCH"},"meta"`, `"platform":"KICK"},"meta"`), []string{"kick:bob"}, true},
		{"a channel event", with("chat.message", "channel.event", "ada", "@Restream"), []string{"restream"}, true},
		{"a giver", with("chat.message", "channel.event", `"message":"hi"`, `"gifter":"BOB"`), []string{"bob"}, true},
		{"what the AI remembers of them", with("chat.message", "chat.first_message", "ada", "restream"), []string{"restream"}, true},
		{"a part of the name", with("ada", "restreamer"), []string{"restream"}, false},
		{"the word in the text", with("hi", "restream"), []string{"restream"}, false},
		{"a name that is no text", with(`"ada"`, "null"), []string{"restream"}, false},
		{"nobody", with("ada", "restream"), nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newNormaliser("duck", tt.users).normalise(event{data: tt.data}, receivedAt)
			if got := errors.Is(err, errIgnored); got != tt.want || err != nil && !got {
				t.Errorf("ignored %v (%v), want %v", got, err, tt.want)
			}
		})
	}
}

// TestEnvelopes: what of an envelope stays in its place, and when the whole
// event is kept beside it.
func TestEnvelopes(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		raw        bool
		want       string // everything between the type and the payload
	}{
		{"plain", with(), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"more of everything", with(`"id":"st_1"`, `"id":"st_1", "n" : 1.0`, `"name":"pond"`, `"region":"eu","name":"pond"`, `"meta"`, `"delivery":{"a":[1, 2]},"é":"\u00e9","meta"`), false,
			`"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH","region":"eu"},"stream":{"id":"st_1","n":1.0},"delivery":{"a":[1, 2]},"é":"\u00e9"`},
		{"another zone, more digits", with("19:03:11Z", "20:03:11.1239+01:00"), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.123Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"no zone", with("19:03:11Z", "19:03:11"), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"nothing optional", with(`"version":"2025-02-01",`, "", `"stream":{"id":"st_1"},`, "", `,"meta":{"a":1}`, ""), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"}`},
		{"optional is null", with(`"2025-02-01"`, "null", `{"id":"st_1"}`, "null", `{"a":1}`, "null"), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"}`},
		{"another version", with("2025-02-01", "v9 draft"), false, `"version":"v9 draft","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"optional of another kind", with(`"2025-02-01"`, "2", `{"id":"st_1"}`, `"st_1"`, `{"a":1}`, "[1]"), true, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"}`},
		{"a stream without id", with(`{"id":"st_1"}`, `{"n":1}`), true, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"}`},
		{"a member twice: the last counts", with(`"version"`, `"stream":{"id":"st_0"},"version"`), true, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"a member nearly ours", with(`"meta"`, `"ID":"forged","meta"`), true, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
		{"a member by numbers", with(`"meta"`, `"\u006d\u0065ta"`), false, `"version":"2025-02-01","timestamp":"2026-03-04T19:03:11.000Z","channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := testNormaliser().normalise(event{data: tt.data, id: "17"}, receivedAt)
			if err != nil {
				t.Fatal(err)
			}
			m, e, meta := seal(t, d)
			body := string(m.Body)
			from, to := strings.Index(body, `"version"`), strings.Index(body, `,"payload":{"id":"m_1"`)
			if diff := cmp.Diff(tt.want, body[from:to]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if tt.raw != (meta.Raw != nil) || tt.raw && string(meta.Raw) != tt.data {
				t.Errorf("raw is %s", meta.Raw)
			}
			if e.ID != "evt_1" || meta.Gateway.FrameType != "chat.message" || meta.Gateway.ForeignID != "17" {
				t.Errorf("%s, %+v", e.ID, meta.Gateway)
			}
			if assumed := !strings.Contains(tt.data, `"version":"`); meta.Gateway.VersionAssumed != assumed {
				t.Errorf("version assumed: %v", !assumed)
			}
		})
	}
}

func TestOversizeIsRedacted(t *testing.T) {
	sum := [32]byte{1}
	d := testNormaliser().oversize(event{name: "ai.tts.generated", data: `{"payload":{"ttsStreamUrl":"https://api.getailicia.com/tts/u/` + key[:9], n: 1}, 3<<20, sum, receivedAt)
	if got := string(d.Refusal.Bytes); got != `{"payload":{"ttsStreamUrl":"redacted` {
		t.Errorf("kept %s", got)
	}
	if d.Refusal.Size != 3<<20 || d.Refusal.SHA256 != sum || d.Refusal.Reason != "event of 3145728 bytes is over the limit of 2097152" {
		t.Errorf("%+v", d.Refusal)
	}
	m := schema.SealRefusal(d)
	if last := m.Header[len(m.Header)-1]; last.Name != schema.HeaderRedacted || last.Value != "frame" {
		t.Errorf("%+v", m.Header)
	}
}

// TestLargest: an event of the limit whose secrets grow when they are redacted,
// kept twice, is still an event or a dead letter with all its bytes.
func TestLargest(t *testing.T) {
	room := schema.MaxFrame - len(with())
	for name, filler := range map[string]string{"text": "x", "escaped": "<", "secrets": "/tts/u/k "} {
		data := with("hi", strings.Repeat(filler, room/len(filler)), `"meta"`, `"ID":1,"meta"`)
		began := time.Now()
		d, err := testNormaliser().normalise(event{data: data}, receivedAt)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := schema.Seal(d); err != nil && schema.Refuse(d, err).Refusal.Size < int64(len(data)) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d bytes in %v", name, len(data), time.Since(began))
	}
}
