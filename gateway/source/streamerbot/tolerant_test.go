package streamerbot

import (
	"encoding/json"
	"testing"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// chatOf reads one chat frame whose data is given.
func chatOf(t *testing.T, source, kind, data string) schema.ChatPayload {
	t.Helper()
	d, ignored := Normalise([]byte(`{"timeStamp":"2026-03-04T19:21:44.1+01:00","event":{"source":"`+source+`","type":"`+kind+`"},"data":`+data+`}`), testFacts())
	if ignored {
		t.Fatal("ignored")
	}
	var p schema.ChatPayload
	if err := json.Unmarshal(mustSeal(t, d).Payload, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTolerantChat: members that are missing, or of another shape than the
// reference has, are read from where else they stand.
func TestTolerantChat(t *testing.T) {
	type read struct{ ID, Message, UserID, Username, DisplayName string }
	for _, tt := range []struct {
		name, source, kind, data string
		want                     read
	}{
		{
			"Twitch parts", "Twitch", "ChatMessage", `{"messageId":"m","text":null,"parts":[{"type":"text","text":"hello "},{"type":"emote","text":"Kappa"}],"user":{"id":"1","login":"a","name":"A"}}`,
			read{"m", "hello Kappa", "1", "a", "A"},
		},
		{
			"YouTube parts", "YouTube", "Message", `{"eventId":"e","message":null,"parts":[{"text":"hello"},7,{"text":null}],"user":{"id":"1","name":"A"}}`,
			read{"e", "hello", "1", "A", "A"},
		},
		{
			"Kick parts", "Kick", "ChatMessage", `{"messageId":"m","parts":[{"type":"text","text":"hello"}],"user":{"id":1,"login":"a","name":"A"}}`,
			read{"m", "hello", "1", "a", "A"},
		},
		{
			"text beside parts", "Twitch", "ChatMessage", `{"messageId":"m","text":"Cheer100","parts":[{"type":"cheer","text":"Cheer"}]}`,
			read{"m", "Cheer100", "", "", ""},
		},
		{
			"Twitch flat person", "Twitch", "ChatMessage", `{"msgId":"m","message":"x","userId":"5","userLogin":"bob","userName":"Bob"}`,
			read{"m", "x", "5", "bob", "Bob"},
		},
		{
			"Twitch flat person without login", "Twitch", "ChatMessage", `{"msgId":"m","message":"x","userId":"5","userName":"bob","displayName":"Bob"}`,
			read{"m", "x", "5", "bob", "Bob"},
		},
		{
			"a user object counts before flat members", "Twitch", "ChatMessage", `{"messageId":"m","text":"x","user":{"id":"1","login":"a","name":"A"},"userId":"5","userLogin":"bob","userName":"Bob"}`,
			read{"m", "x", "1", "a", "A"},
		},
		{
			"Kick flat person", "Kick", "ChatMessage", `{"messageId":"m","text":"x","userId":5,"userLogin":"bob","userName":"Bob"}`,
			read{"m", "x", "5", "bob", "Bob"},
		},
		{
			"Trovo flat", "Trovo", "ChatMessage", `{"id":"m","content":"x","username":"a","userId":"7","displayName":"AA"}`,
			read{"m", "x", "7", "a", "AA"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := chatOf(t, tt.source, tt.kind, tt.data)
			if diff := cmp.Diff(tt.want, read{p.ID, p.Message, p.UserID, p.Username, p.DisplayName}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTolerantNumbers(t *testing.T) {
	for _, tt := range []struct {
		name, bits, role, subscribed string
		want                         int64
		moderator, subscriber        bool
	}{
		{"whole", `100`, `3`, `1`, 100, true, true},
		{"whole floats", `100.0`, `3.0`, `2`, 100, true, true},
		{"exponent", `1e2`, `30e-1`, `1e0`, 100, true, true},
		{"text", `"100.0"`, `"3.0"`, `"2"`, 100, true, true},
		{"zero", `0.0`, `0.0`, `0.0`, 0, false, false},
		{"halves", `1.5`, `3.5`, `"maybe"`, 0, false, false},
		{"out of range", `1e300`, `1e300`, `1e400`, 0, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := chatOf(t, "Twitch", "ChatMessage", `{"text":"x","bits":`+tt.bits+`,"user":{"role":`+tt.role+`,"subscribed":`+tt.subscribed+`}}`)
			want(t, p.Bits, tt.want)
			want(t, p.IsModerator, tt.moderator)
			want(t, p.IsSubscriber, tt.subscriber)
		})
	}
}

// TestTrovoIDIsNoKey: no frame of Trovo's is published, so a bare id may be
// anybody's; two lines must not become one by it.
func TestTrovoIDIsNoKey(t *testing.T) {
	line := func(content string) schema.Draft {
		d, _ := Normalise([]byte(`{"timeStamp":"2026-03-04T19:21:44+01:00","event":{"source":"Trovo","type":"ChatMessage"},"data":{"id":"7","content":"`+content+`"}}`), testFacts())
		return d
	}
	if line("a").ID == line("b").ID {
		t.Error("two lines have one id")
	}
}
