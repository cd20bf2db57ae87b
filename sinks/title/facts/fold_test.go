package facts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

var evening = time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC)

// teller folds events as they would come.
type teller struct {
	t *testing.T
	f *Fold
	n int
}

func (l *teller) tell(typ schema.Type, p schema.Provider, payload any) {
	l.t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		l.t.Fatal(err)
	}
	l.n++
	l.f.Add(Event{ID: fmt.Sprint(l.n), Type: typ, Provider: string(p), At: evening.Add(time.Duration(l.n) * time.Second),
		Channel: schema.Channel{Name: "duckpond"}, Payload: body})
}

func (l *teller) says(who, text string, emotes ...string) string {
	l.t.Helper()
	p := schema.ChatPayload{ID: fmt.Sprint("m", l.n), UserID: who, Username: who, Message: text, Platform: "TWITCH"}
	for _, name := range emotes {
		p.Emotes = append(p.Emotes, schema.Emote{Name: name})
	}
	l.tell(schema.ChatMessage, schema.Twitch, p)
	return p.ID
}

func TestFacts(t *testing.T) {
	zone := time.FixedZone("there", 3600)
	l := &teller{t: t, f: NewFold(Options{Zone: zone})}
	l.tell(schema.ChannelUpdated, schema.YouTube, schema.ChannelUpdatedPayload{Title: "on YouTube"})
	l.tell(schema.ChannelUpdated, schema.Twitch, schema.ChannelUpdatedPayload{Title: " Soon ", Category: &schema.Category{Name: "Moss Harbour"}})
	l.tell("character.updated", schema.AiLicia, map[string]string{"characterId": "1", "displayName": "Fern"})
	l.tell(schema.ChannelEvent, schema.Twitch, schema.ChannelEventPayload{EventType: schema.Raid})
	l.tell(schema.ChannelEvent, schema.Twitch, schema.ChannelEventPayload{EventType: schema.GiftBomb, Count: 5})
	l.tell(schema.ChannelEvent, schema.Twitch, schema.ChannelEventPayload{EventType: schema.GiftSubscription, IsFromBomb: true})
	l.says("ada", "the lighthouse, finally! duckHype", "duckHype")
	l.says("bob", "LIGHTHOUSE duckHype lantern", "duckHype")
	l.says("bob", "lantern lantern")
	l.says("cem", "!so @lighthouse")
	got, drawn := l.f.At(evening.Add(2*time.Minute), evening)
	want := Facts{
		Now: evening.Add(2 * time.Minute).In(zone), Platforms: []string{"twitch", "youtube"}, Channel: "duckpond",
		Category: "Moss Harbour", Title: "Soon", Character: "Fern",
		Chat: Chat{Messages: 4, Chatters: 3, PerMinute: 2, Words: []string{"lighthouse"}, Emotes: []string{"duckHype"}, Subs: 1, Raids: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(drawn) != 2 {
		t.Errorf("drawn from %v", drawn)
	}
}

// TestTakenAway: what was deleted, or is of somebody who was banned, is in no
// context.
func TestTakenAway(t *testing.T) {
	for _, tt := range []struct {
		name string
		take func(*teller, string)
		left string
	}{
		{"nothing", func(*teller, string) {}, "kraken"},
		{"one line", func(l *teller, id string) {
			l.tell(schema.ChatMessageDeleted, schema.Twitch, schema.MessageDeletedPayload{ID: id})
		}, ""},
		{"a banned one's", func(l *teller, _ string) {
			l.tell(schema.ChatUserBanned, schema.Twitch, schema.UserModeratedPayload{UserID: "eve"})
		}, ""},
		{"a timed-out one's, by name", func(l *teller, _ string) {
			l.tell(schema.ChatUserTimedOut, schema.Twitch, schema.UserModeratedPayload{Username: "Eve"})
		}, ""},
		{"all", func(l *teller, _ string) { l.tell(schema.ChatCleared, schema.Twitch, schema.ChatClearedPayload{}) }, ""},
		{"on another platform", func(l *teller, id string) {
			l.tell(schema.ChatMessageDeleted, schema.YouTube, schema.MessageDeletedPayload{ID: id})
		}, "kraken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &teller{t: t, f: NewFold(Options{Zone: time.UTC, Lines: true})}
			l.says("ada", "a kraken here")
			id := l.says("eve", "the kraken again")
			tt.take(l, id)
			got, _ := l.f.At(evening.Add(time.Minute), evening)
			if words := strings.Join(got.Chat.Words, " "); words != tt.left {
				t.Errorf("words %q, want %q", words, tt.left)
			}
			if tt.left == "" && strings.Contains(strings.Join(got.Chat.Lines, " "), "again") {
				t.Errorf("lines %q", got.Chat.Lines)
			}
		})
	}
}

// TestTakenAwayOfTwoSources: a line that a second source tells, under another id
// and perhaps another name, goes with the first, in whatever order they come.
func TestTakenAwayOfTwoSources(t *testing.T) {
	first := schema.ChatPayload{ID: "native", UserID: "7", Username: "eve", Message: "the kraken again", Platform: "TWITCH"}
	deleted := func(l *teller) {
		l.tell(schema.ChatMessageDeleted, schema.Twitch, schema.MessageDeletedPayload{ID: "native"})
	}
	for _, name := range []string{"Eve", "イヴ"} {
		second := schema.ChatPayload{ID: "theirs", Username: name, Message: "the kraken again", Platform: "TWITCH"}
		says := func(p schema.ChatPayload) func(*teller) {
			return func(l *teller) { l.tell(schema.ChatMessage, schema.Twitch, p) }
		}
		for what, order := range map[string][]func(*teller){
			"the first, the second, deleted": {says(first), says(second), deleted},
			"the second, the first, deleted": {says(second), says(first), deleted},
			"deleted before the second":      {says(first), deleted, says(second)},
			"deleted before the first":       {deleted, says(first)},
			"banned": {says(first), says(second), func(l *teller) {
				l.tell(schema.ChatUserBanned, schema.Twitch, schema.UserModeratedPayload{UserID: "7"})
			}},
			"timed out, by the name shown": {says(second), func(l *teller) {
				l.tell(schema.ChatUserTimedOut, schema.Twitch, schema.UserModeratedPayload{Username: "eve", DisplayName: name})
			}},
		} {
			t.Run(name+", "+what, func(t *testing.T) {
				l := &teller{t: t, f: NewFold(Options{Zone: time.UTC, Lines: true})}
				for _, happens := range order {
					happens(l)
				}
				if got, drawn := l.f.At(evening.Add(time.Minute), evening); len(got.Chat.Lines)+len(drawn) > 0 {
					t.Errorf("%q, drawn from %v", got.Chat.Lines, drawn)
				}
			})
		}
		t.Run(name+", both are drawn from", func(t *testing.T) {
			l := &teller{t: t, f: NewFold(Options{Zone: time.UTC, Lines: true})}
			says(second)(l)
			says(first)(l)
			var ids []string
			_, drawn := l.f.At(evening.Add(time.Minute), evening)
			for _, from := range drawn {
				ids = append(ids, from.MessageID)
			}
			if diff := cmp.Diff([]string{"native", "theirs"}, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLines: none unless switched on; then one a chatter, without commands,
// links and mentions, and bounded.
func TestLines(t *testing.T) {
	for _, on := range []bool{false, true} {
		l := &teller{t: t, f: NewFold(Options{Zone: time.UTC, Lines: on})}
		l.says("ada", "first")
		l.says("ada", "second\u202e words")
		l.says("bob", "!title new")
		l.says("cem", "see duck.example")
		l.says("dot", "hi @ada")
		l.says("eve", strings.Repeat("x", 500))
		got, _ := l.f.At(evening.Add(time.Minute), evening)
		var want []string
		if on {
			want = []string{"second words", strings.Repeat("x", lineLength)}
		}
		if diff := cmp.Diff(want, got.Chat.Lines); diff != "" {
			t.Error(diff)
		}
	}
}

// TestTwoSources: a line that two sources tell counts once.
func TestTwoSources(t *testing.T) {
	l := &teller{t: t, f: NewFold(Options{Zone: time.UTC})}
	l.says("ada", "hello there")
	l.says("Ada", "hello there")
	if got, _ := l.f.At(evening.Add(time.Minute), evening); got.Chat.Messages != 1 || got.Chat.Chatters != 1 {
		t.Errorf("%+v", got.Chat)
	}
}

// TestTwoSourcesOfWhatHappens: neither are follows that two sources tell counted
// twice, nor those lost that one of them tells alone.
func TestTwoSourcesOfWhatHappens(t *testing.T) {
	f := NewFold(Options{Zone: time.UTC})
	for _, e := range []struct{ source, kind string }{
		{"streamerbot", "FOLLOW"}, {"ailicia", "FOLLOW"}, {"ailicia", "FOLLOW"}, {"streamerbot", "FOLLOW"}, {"streamerbot", "RAID"}, {"ailicia", "CHEER"},
	} {
		f.Add(Event{Type: schema.ChannelEvent, Provider: "twitch", Source: e.source, At: evening, Payload: json.RawMessage(`{"eventType":"` + e.kind + `"}`)})
	}
	if got, _ := f.At(evening.Add(time.Minute), evening); got.Chat.Follows != 2 || got.Chat.Raids != 1 || got.Chat.Cheers != 1 || got.Chat.Subs != 0 {
		t.Errorf("%+v", got.Chat)
	}
}

// TestMuchChat: memory stays bounded, and what is old still counts.
func TestMuchChat(t *testing.T) {
	l := &teller{t: t, f: NewFold(Options{Zone: time.UTC})}
	for i := range 3 * keptLines {
		l.says(fmt.Sprint("v", i), fmt.Sprint("line ", i))
	}
	got, _ := l.f.At(evening.Add(3*time.Hour), evening)
	if len(l.f.chat.lines) > keptLines+keptLines/4 || got.Chat.Messages != 3*keptLines {
		t.Errorf("%d lines kept, %d counted", len(l.f.chat.lines), got.Chat.Messages)
	}
	l.f.Begin()
	if got, _ := l.f.At(evening.Add(3*time.Hour), evening); got.Chat.Messages != 0 {
		t.Errorf("of the stream before: %+v", got.Chat)
	}
}

// FuzzFold: no payload stops the fold.
func FuzzFold(f *testing.F) {
	f.Add([]byte(`{"id":"1","message":"x"}`))
	f.Add([]byte(`{"title":null,"category":7}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(_ *testing.T, payload []byte) {
		fold := NewFold(Options{Zone: time.UTC, Lines: true})
		for _, typ := range append(Types(), ChatTypes()...) {
			fold.Add(Event{Type: typ, Provider: "twitch", At: evening, Payload: payload})
		}
		fold.At(evening, evening)
	})
}
