package chat_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/chat"
)

// moderated is a moderation event as the gateway seals it; payload is JSON.
func moderated(t *testing.T, seq uint64, kind schema.Type, payload string) schema.Recorded {
	t.Helper()
	return parse(t, seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":"2025-02-18T21:20:00.000Z",`+
		`"channel":{"id":"c1","name":"duck","platform":"TWITCH"},"payload":%s,`+
		`"meta":{"gateway":{"source":"streamerbot","tenant":"duck","receivedAt":"2025-02-18T21:20:00.345Z","origin":"live"},`+
		`"raw":{"timeStamp":"x","event":{"source":"Twitch","type":"X"},"data":{}}}}`, seq, kind, payload))
}

func deletion(t *testing.T, seq uint64, id string) schema.Recorded {
	t.Helper()
	return moderated(t, seq, schema.ChatMessageDeleted,
		fmt.Sprintf(`{"id":%q,"userId":"7","username":"u","moderator":{"username":"mod"},"platform":"TWITCH","isTest":false,"sentDateTime":"2025-02-18T21:19:59.000Z"}`, id))
}

func ban(t *testing.T, seq uint64, user string) schema.Recorded {
	t.Helper()
	return moderated(t, seq, schema.ChatUserBanned, fmt.Sprintf(`{"userId":%q,"platform":"TWITCH","isTest":false,"sentDateTime":"2025-02-18T21:20:00.000Z"}`, user))
}

func write(t *testing.T, sink *chat.Chat, batch ...schema.Recorded) {
	t.Helper()
	if err := sink.Write(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// marks are, by _id, the reasons of what was removed from Twitch's chat; "" for
// what stands.
func marks(t *testing.T, db *mongo.Database) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, doc := range content(t, db)["twitch_chat_messages"] {
		got[doc.Lookup("_id").StringValue()] = strings.Trim(extended(t, doc, "deleted.reason"), `"`)
	}
	return got
}

// TestWhatIsNoted: deleted of a line, by kind and by what the source said.
func TestWhatIsNoted(t *testing.T) {
	const at = `"sentDateTime":"2025-02-18T21:19:59.000Z"`
	long := strings.Repeat("é", 400)
	for _, tt := range []struct {
		name, kind, payload, want string
	}{
		{"deleted", "chat.message_deleted", `{"id":"m","moderator":{"userId":"9","username":"mod","displayName":"Mod"},` + at + `}`,
			`{"at":{"$date":"2025-02-18T21:19:59Z"},"by":"mod","reason":"deleted","eventId":"e-2","seq":2}`},
		{"deleted, nobody knows by whom or when", "chat.message_deleted", `{"id":"m","isTest":false}`,
			`{"at":{"$date":"2025-02-18T21:20:00Z"},"reason":"deleted","eventId":"e-2","seq":2}`},
		{"cleared", "chat.cleared", `{"moderator":{"displayName":"Mod"},"platform":"TWITCH",` + at + `}`,
			`{"at":{"$date":"2025-02-18T21:19:59Z"},"by":"Mod","reason":"cleared","eventId":"e-2","seq":2}`},
		{"timed out, and why", "chat.user_timed_out", `{"userId":"7","username":"new name","reason":"spoilers","durationSeconds":600,` + at + `}`,
			`{"at":{"$date":"2025-02-18T21:19:59Z"},"reason":"timed_out","note":"spoilers","eventId":"e-2","seq":2}`},
		{"banned, by name where there is no id", "chat.user_banned", `{"username":"u",` + at + `}`,
			`{"at":{"$date":"2025-02-18T21:19:59Z"},"reason":"banned","eventId":"e-2","seq":2}`},
		{"a long reason is cut in whole characters", "chat.user_banned", `{"userId":"7","reason":"` + long + `",` + at + `}`,
			`{"at":{"$date":"2025-02-18T21:19:59Z"},"reason":"banned","note":"` + long[:512] + `","eventId":"e-2","seq":2}`},
		{"another person", "chat.user_banned", `{"userId":"8","username":"u"}`, `null`},
		{"a ban lifted", "chat.user_unbanned", `{"userId":"7"}`, `null`},
		{"a time-out lifted", "chat.user_untimed_out", `{"userId":"7"}`, `null`},
		{"a command", "chat.command", `{"messageId":"m","userId":"7"}`, `null`},
		{"another platform", "chat.cleared", `{"platform":"KICK"}`, `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink, db := open(t)
			event := moderated(t, 2, schema.Type(tt.kind), tt.payload)
			write(t, sink, line(t, 1, said("TWITCH", "m", "hi"), `{}`), event)
			write(t, sink, event)
			docs := content(t, db)["twitch_chat_messages"]
			if len(docs) != 1 || extended(t, docs[0], "deleted") != tt.want {
				t.Errorf("%v, want deleted %s", docs, tt.want)
			}
		})
	}
}

// TestALiftedBanBringsNothingBack: and the first removal stays the reason.
func TestALiftedBanBringsNothingBack(t *testing.T) {
	sink, db := open(t)
	batch := []schema.Recorded{
		line(t, 1, said("TWITCH", "m", "hi"), `{}`), ban(t, 2, "7"),
		moderated(t, 3, schema.ChatUserUnbanned, `{"userId":"7","platform":"TWITCH"}`), deletion(t, 4, "m"),
	}
	write(t, sink, batch...)
	write(t, sink, batch[2:]...)
	if diff := cmp.Diff(map[string]string{"m": "banned"}, marks(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestTombstone: a deletion before its line, in one batch and in two, gives
// the row that the other order gives; what is left in between names what is
// known and no text.
func TestTombstone(t *testing.T) {
	said := line(t, 6, said("TWITCH", "m", "bad"), `{"x":1}`)
	gone := deletion(t, 5, "m")
	var want map[string][]bson.Raw
	for _, tt := range []struct {
		name    string
		batches [][]schema.Recorded
	}{
		{"the line first", [][]schema.Recorded{{said}, {gone}}},
		{"in one batch", [][]schema.Recorded{{gone, said}}},
		{"the deletion first", [][]schema.Recorded{{gone}, {said}}},
		{"the deletion first, all again", [][]schema.Recorded{{gone}, {gone}, {gone, said}, {gone, said}, {said}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink, db := open(t)
			for _, batch := range tt.batches {
				write(t, sink, batch...)
			}
			got := content(t, db)
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if s := sink.Stats(); s.Alarms != 0 || s.Duplicates != 0 || s.Stored != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
	if len(want["twitch_chat_messages"]) != 1 || extended(t, want["twitch_chat_messages"][0], "tombstone") != "" {
		t.Errorf("%v", want)
	}
	doc, err := chat.Tombstone(gone)
	if err != nil {
		t.Fatal(err)
	}
	const left = `{"_id":"m","tombstone":true,"user":{"id":"7","username":"u"},"channel":"duck","timestamp":{"$date":"2025-02-18T21:20:00Z"},"seq":5,"isTest":false,` +
		`"deleted":{"at":{"$date":"2025-02-18T21:19:59Z"},"by":"mod","reason":"deleted","eventId":"e-5","seq":5}}`
	if text, err := bson.MarshalExtJSON(doc, false, false); err != nil || string(text) != left {
		t.Errorf("%s, %v, want %s", text, err, left)
	}
	if _, err := chat.Tombstone(ban(t, 1, "7")); err == nil {
		t.Error("a ban left a tombstone")
	}
}

// TestATombstoneHidesNoAlarm: a line under the deletion's own stream sequence
// means that the log was changed, and so does another event under that of the
// line which filled it.
func TestATombstoneHidesNoAlarm(t *testing.T) {
	sink, _ := open(t)
	write(t, sink, deletion(t, 5, "m"))
	for _, r := range []schema.Recorded{line(t, 5, said("TWITCH", "m", "bad"), `{}`), line(t, 6, said("TWITCH", "m", "bad"), `{}`)} {
		err := sink.Write(t.Context(), []schema.Recorded{r})
		var failed *bus.BatchError
		if errors.As(err, &failed) != (r.Seq == 5) {
			t.Errorf("sequence %d: %v", r.Seq, err)
		}
	}
	other := line(t, 6, said("TWITCH", "m", "other"), `{}`)
	other.Envelope.ID = "e-other"
	if err := sink.Write(t.Context(), []schema.Recorded{other}); err == nil {
		t.Error("another event under the line's sequence was taken")
	}
	if s := sink.Stats(); s.Alarms != 2 || s.Tombstones != 1 || s.Stored != 1 {
		t.Errorf("%+v", s)
	}
}

// TestARehearsalRemovesNoLine that a viewer wrote, whatever it names, neither
// before nor after it came; it removes those that a test button wrote before.
func TestARehearsalRemovesNoLine(t *testing.T) {
	test := func(id string) string {
		return strings.Replace(said("TWITCH", id, "hi"), `"isTest":false`, `"isTest":true`, 1)
	}
	sink, db := open(t)
	byOrigin := moderated(t, 7, schema.ChatMessageDeleted, `{"id":"real","platform":"TWITCH","isTest":false}`)
	byOrigin.Envelope.Meta = []byte(strings.Replace(string(byOrigin.Envelope.Meta), `"live"`, `"test"`, 1))
	batch := []schema.Recorded{
		line(t, 1, said("TWITCH", "real", "hi"), `{}`),
		line(t, 2, test("test"), `{}`), line(t, 3, test("test too"), `{}`),
		moderated(t, 4, schema.ChatMessageDeleted, `{"id":"test","platform":"TWITCH","isTest":true}`),
		moderated(t, 5, schema.ChatMessageDeleted, `{"id":"real","platform":"TWITCH","isTest":true}`),
		moderated(t, 6, schema.ChatMessageDeleted, `{"id":"to come","platform":"TWITCH","isTest":true}`),
		byOrigin,
		moderated(t, 8, schema.ChatUserBanned, `{"userId":"7","platform":"TWITCH","isTest":true}`),
		moderated(t, 9, schema.ChatCleared, `{"platform":"TWITCH","isTest":true}`),
		line(t, 10, said("TWITCH", "to come", "hi"), `{}`), line(t, 11, test("test after"), `{}`),
		moderated(t, 12, schema.ChatMessageDeleted, `{"id":"test later","platform":"TWITCH","isTest":true}`),
		line(t, 13, test("test later"), `{}`),
	}
	want := map[string]string{"real": "", "test": "deleted", "test too": "banned", "to come": "", "test after": "", "test later": ""}
	write(t, sink, batch...)
	if diff := cmp.Diff(want, marks(t, db)); diff != "" {
		t.Error(diff)
	}
	for i := range batch {
		write(t, sink, batch[i:]...)
	}
	if diff := cmp.Diff(want, marks(t, db)); diff != "" {
		t.Errorf("again: %s", diff)
	}
}
