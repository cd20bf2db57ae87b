package schema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// longEnvelope is Parse by encoding/json alone.
func longEnvelope(b []byte) (e Envelope, ok bool) {
	if !utf8.Valid(b) || json.Unmarshal(b, &e) != nil || e.complete() != nil {
		return Envelope{}, false
	}
	return e, true
}

// checkBothWays: what is read quickly is what encoding/json reads, and nothing
// else is taken or refused.
func checkBothWays(t *testing.T, b []byte) {
	t.Helper()
	got, err := Parse(b)
	want, ok := longEnvelope(b)
	if !reflect.DeepEqual(got, want) || (err == nil) != ok {
		t.Errorf("%s: %v, want ok %v\nis   %+v\nwant %+v", b, err, ok, got, want)
	}
	var gateway, long Gateway
	if gateway.readQuickly(b) {
		if err := json.Unmarshal(b, &long); err != nil || !reflect.DeepEqual(long, gateway) {
			t.Errorf("gateway %s: %v\n%+v", b, err, gateway)
		}
	}
	var whole struct {
		ChatPayload
		IsCaption bool `json:"isCaption"`
	}
	err = json.Unmarshal(b, &whole)
	p, caption, gotErr := ParseChat(b)
	// What cannot be read as a whole may still be, member by member.
	if err == nil && (gotErr != nil || !reflect.DeepEqual(p, whole.ChatPayload) || caption != whole.IsCaption) {
		t.Errorf("chat %s: %v, want %v\n%+v", b, gotErr, err, p)
	}
}

const (
	quickGateway = `{"source":"streamerbot","sourceVersion":"1.0.7","tenant":"duck","instanceId":"i","connection":"c","n":17,"frameType":"Twitch.ChatMessage","foreignId":"f","origin":"live","causedBy":["a"],"correlationId":"k","redacted":["payload.x"],"receivedAt":"2026-11-24T19:15:22.123Z","rawIsPayload":true,"versionAssumed":true,"timestampAssumed":false}`
	quickChat    = `{"id":"m-1","userId":"1","username":"duck","displayName":"Du\u003cck","message":"a \"line\" of chät","language":"en","platform":"TWITCH","isSubscriber":true,"isVip":false,"isModerator":false,"isBroadcaster":false,"isVerified":true,"badges":[{"name":"vip","version":"1"}],"color":"#2E6FB7","emotes":[{"id":"1","name":"Kappa","startIndex":0,"endIndex":4}],"bits":100,"isFirstMessage":true,"replyTo":{"id":"m-0"},"isTest":false,"sentDateTime":"2026-11-24T19:15:22.123Z","isCaption":true}`
)

func quickEnvelopeOf(payload, gateway string) string {
	return `{"id":"e-1","type":"chat.message","version":"2025-02-01","timestamp":"2025-02-18T21:15:22.123Z","channel":{"id":"2","name":"pond","platform":"TWITCH"},"stream":{"id":"st"},"payload":` + payload + `,"meta":{"own":1,"gateway":` + gateway + `,"raw":{"data":{"messageId":"m-1"}}}}`
}

// TestQuickly: everything that we write is read quickly, and each way of being
// otherwise gives what encoding/json gives.
func TestQuickly(t *testing.T) {
	envelope := quickEnvelopeOf(quickChat, quickGateway)
	if _, ok := quickEnvelope([]byte(envelope)); !ok {
		t.Error("the envelope is not read quickly")
	}
	var gateway Gateway
	if !gateway.readQuickly([]byte(quickGateway)) {
		t.Error("meta.gateway is not read quickly")
	}
	var chat ChatPayload
	if !chat.readQuickly([]byte(quickChat), new(bool)) {
		t.Error("the payload is not read quickly")
	}
	others := []struct{ name, old, new string }{
		{"as it is", "", ""},
		{"a key of another case", `"id"`, `"ID"`},
		{"a key with an escape", `"id"`, `"\u0069d"`},
		{"a key twice", `"id":`, `"id":"other","id":`},
		{"a key more", `"id":`, `"more":[1],"id":`},
		{"no text", `"id":"`, `"id":null,"type":"`},
		{"a number for a text", `"name":"pond"`, `"name":1`},
		{"a text for an object", `"stream":{"id":"st"}`, `"stream":"st"`},
		{"null for an object", `"stream":{"id":"st"}`, `"stream":null`},
		{"null for a channel", `{"id":"2","name":"pond","platform":"TWITCH"}`, `null`},
		{"null for a time", `"2025-02-18T21:15:22.123Z"`, `null`},
		{"no time", `2025-02-18`, `2025-02-31`},
		{"a time elsewhere", `22.123Z`, `22.1239+01:00`},
		{"a number too large", `"n":17`, `"n":18446744073709551616`},
		{"a number below", `"n":17`, `"n":-1`},
		{"a number with a fraction", `"n":17`, `"n":1e1`},
		{"null for a flag", `true`, `null`},
		{"a text for a flag", `true`, `"true"`},
		{"null for a list", `["a"]`, `null`},
		{"numbers in a list", `["a"]`, `[1]`},
		{"an empty list", `["a"]`, `[]`},
		{"null in a list of objects", `[{"name":"vip","version":"1"}]`, `[{"name":"vip"},null]`},
		{"a text in a list of objects", `[{"name":"vip","version":"1"}]`, `["vip"]`},
		{"more in a list of objects", `{"name":"vip","version":"1"}`, ` {"name":"vip","more":[{}]} , {"name":"mod","name":"x"} `},
		{"two in a list of objects", `[{"name":"vip","version":"1"}]`, `[{"name":"vip","info":"a"},{"imageUrl":"b"}]`},
		{"an empty object in a list", `[{"name":"vip","version":"1"}]`, `[{}]`},
		{"a place with a fraction", `"endIndex":4`, `"endIndex":4.0`},
		{"a place below", `"startIndex":0`, `"startIndex":-0`},
		{"a place too large", `"endIndex":4`, `"endIndex":9223372036854775808`},
		{"a lone surrogate", `duck`, `\ud800`},
		{"null in a payload", `"bits":100`, `"bits":null`},
		{"more behind it", `Z"}`, `Z"}}`},
		{"invalid UTF-8", `duck`, "\xff"},
		{"a control character", `duck`, "\x01"},
		{"white space", `:`, " :\n\t"},
		{"a slash left", `"id"`, `"id\"`},
		{"deeper than we write", `[1]`, strings.Repeat("[", 200) + strings.Repeat("]", 200)},
	}
	for _, o := range others {
		t.Run(o.name, func(t *testing.T) {
			for _, text := range []string{envelope, quickGateway, quickChat} {
				checkBothWays(t, []byte(strings.Replace(text, o.old, o.new, 1)))
				checkBothWays(t, []byte(strings.ReplaceAll(text, o.old, o.new)))
			}
		})
	}
}

// FuzzQuickly: both ways agree on everything.
func FuzzQuickly(f *testing.F) {
	for _, text := range []string{quickEnvelopeOf(quickChat, quickGateway), quickEnvelopeOf("1", "{}"), quickGateway, quickChat} {
		f.Add([]byte(text))
	}
	for _, s := range parseCases() {
		f.Add([]byte(s.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkBothWays(t, b) })
}

func BenchmarkParse(b *testing.B) {
	m, err := Seal(chatDraft())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(m.Body)))
	for b.Loop() {
		e, err := Parse(m.Body)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := ParseMeta(e.Meta); err != nil {
			b.Fatal(err)
		}
	}
}
