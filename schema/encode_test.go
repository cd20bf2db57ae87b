package schema

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// texts are such that each needs another escape, or none.
func texts() []string {
	all := []string{
		"", "plain", "ümläut 日本 😀", `"quoted" \ back/slash`, "<b>&amp;</b>", "\u2028 line \u2029",
		"\xff bad \xc3", "\xed\xa0\x80 surrogate", "\ufffd", "ends with \xe2\x80", "\x7f",
	}
	var control []byte
	for c := range byte(' ') {
		control = append(control, c)
	}
	return append(all, string(control))
}

func FuzzEncodeGateway(f *testing.F) {
	for i, s := range texts() {
		f.Add(s, uint64(i), int64(i)*123456789, byte(i))
	}
	f.Add("x", ^uint64(0), int64(253402300799999), byte(255))
	f.Add("x", uint64(0), int64(-62135596800000), byte(0))
	f.Fuzz(func(t *testing.T, s string, n uint64, at int64, flags byte) {
		g := Gateway{
			Trace:      Trace{Source: s, Tenant: s, Origin: Origin(s), N: n},
			ReceivedAt: NewTime(time.UnixMilli(at)), RawIsPayload: flags&1 != 0, VersionAssumed: flags&2 != 0, TimestampAssumed: flags&4 != 0,
		}
		if flags&8 != 0 {
			g.SourceVersion, g.InstanceID, g.Connection, g.FrameType, g.ForeignID, g.CorrelationID = s, s, s, s, s, s
		}
		if flags&16 != 0 {
			g.CausedBy, g.Redacted = []string{s, "b", ""}, []string{""}
		}
		want, err := json.Marshal(g)
		if err != nil {
			return // a year that cannot be written; Seal lets none through
		}
		e := encoder{html: true}
		g.encode(&e)
		if diff := cmp.Diff(string(want), string(e.b)); diff != "" {
			t.Errorf("(-encoding/json +ours):\n%s", diff)
		}
	})
}

func FuzzEncodeChat(f *testing.F) {
	for i, s := range texts() {
		f.Add(s, int64(i-1), int64(i)*123456789, byte(i), byte(i))
	}
	f.Add("x", int64(-1<<63), int64(1<<62), byte(255), byte(3))
	f.Fuzz(func(t *testing.T, s string, n, at int64, flags, many byte) {
		is := func(bit byte) bool { return flags&bit != 0 }
		p := ChatPayload{
			ID: s, Username: s, Message: s, Platform: s, IsSubscriber: is(1), IsVIP: is(2), IsModerator: is(4), IsBroadcaster: is(8),
			IsVerified: is(16), IsTest: is(32), Bits: n, SentDateTime: NewTime(time.UnixMilli(at)),
		}
		if is(64) {
			p.UserID, p.DisplayName, p.Language, p.Color = s, s, s, s
			p.Badges, p.Emotes = []Badge{}, []Emote{}
			on := is(1)
			p.IsFirstMessage, p.ReplyTo = &on, &ReplyTo{}
		}
		for range many % 4 {
			p.Badges = append(p.Badges, Badge{Name: s}, Badge{Name: s, Version: s, Info: s, ImageURL: s})
			p.Emotes = append(p.Emotes, Emote{Start: n, End: -n}, Emote{ID: s, Name: s, Type: s, ImageURL: s})
			p.ReplyTo = &ReplyTo{ID: s, UserID: s, Username: s, Message: s}
		}
		got, err := p.Encode()
		var want bytes.Buffer
		std := json.NewEncoder(&want)
		std.SetEscapeHTML(false)
		if stdErr := std.Encode(p); (err != nil) != (stdErr != nil) {
			t.Fatalf("error %v, and encoding/json has %v", err, stdErr)
		} else if err != nil {
			return
		}
		if diff := cmp.Diff(want.String(), string(got.Bytes())+"\n"); diff != "" {
			t.Errorf("(-encoding/json +ours):\n%s", diff)
		}
		if err := CheckJSON(got.Bytes()); err != nil {
			t.Errorf("what counts as checked is not JSON: %v", err)
		}
	})
}

// TestEncodeEscapes holds both ways of escaping to those of encoding/json.
func TestEncodeEscapes(t *testing.T) {
	for _, s := range texts() {
		for _, html := range []bool{true, false} {
			var want bytes.Buffer
			std := json.NewEncoder(&want)
			std.SetEscapeHTML(html)
			if err := std.Encode(s); err != nil {
				t.Fatal(err)
			}
			e := encoder{html: html}
			e.quote(s)
			if got := string(e.b) + "\n"; got != want.String() {
				t.Errorf("html %t: %q is written %s, not %s", html, s, got, want.String())
			}
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	d := chatDraft()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Seal(d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNativeID(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NativeID(Twitch, "duck", ChatMessage, "885196de-cb67-427a-baa8-82f9b0fcd05f")
	}
}
