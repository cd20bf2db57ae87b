package schema

import (
	"testing"
	"time"
)

// TestParseOddChat: what says who wrote what is read, whatever else is there in
// another kind.
func TestParseOddChat(t *testing.T) {
	sent := time.Date(2026, 3, 4, 19, 3, 11, 0, time.UTC)
	for _, c := range []struct {
		name, payload string
		want          ChatPayload
		caption, bad  bool
	}{
		{name: "a number for an id", payload: `{"id":7,"username":"Ada","message":"hi"}`, want: ChatPayload{Username: "Ada", Message: "hi"}},
		{name: "a text for a flag", payload: `{"isVip":"true","username":"Ada","message":"hi"}`, want: ChatPayload{Username: "Ada", Message: "hi"}},
		{name: "a text for a list", payload: `{"badges":"vip","username":"Ada","message":"hi"}`, want: ChatPayload{Username: "Ada", Message: "hi"}},
		{name: "numbers in a list", payload: `{"badges":[1,2],"username":"Ada","message":"hi"}`, want: ChatPayload{Username: "Ada", Message: "hi"}},
		{name: "an object for a name", payload: `{"username":{"login":"ada"},"message":"hi"}`, want: ChatPayload{Message: "hi"}},
		{name: "a time without a zone", payload: `{"message":"hi","sentDateTime":"2026-03-04T19:03:11"}`, want: ChatPayload{Message: "hi", SentDateTime: NewTime(sent)}},
		{name: "a time that is none", payload: `{"message":"hi","sentDateTime":"soon"}`, want: ChatPayload{Message: "hi"}},
		{name: "a time as a number", payload: `{"message":"hi","sentDateTime":1772650991000}`, want: ChatPayload{Message: "hi"}},
		{name: "a caption", payload: `{"message":"hi","isCaption":true,"id":7}`, want: ChatPayload{Message: "hi"}, caption: true},
		{name: "who knows whether a caption", payload: `{"message":"hi","isCaption":"true"}`, bad: true},
		{name: "a number for the message", payload: `{"id":"1","message":7}`, bad: true},
		{name: "another message", payload: `{"message":"hi","Message":7}`, bad: true},
		{name: "no message", payload: `{"id":7}`, bad: true},
		{name: "no object", payload: `[]`, bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, caption, err := ParseChat([]byte(c.payload))
			if (err != nil) != c.bad {
				t.Fatalf("err %v", err)
			}
			if err == nil && (p.ID != c.want.ID || p.Username != c.want.Username || p.Message != c.want.Message || p.Badges != nil || p.IsVIP || !p.SentDateTime.Equal(c.want.SentDateTime.Time) || caption != c.caption) {
				t.Errorf("%+v", p)
			}
		})
	}
}
