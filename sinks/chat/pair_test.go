package chat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

var evening = time.Date(2026, 3, 4, 19, 0, 0, 0, time.UTC)

// spoken is a line as one source reports it. The zero values of platform, channel
// and origin are TWITCH, pond and live.
type spoken struct {
	id, login, display, text  string
	ms                        int // after the evening's beginning, as the platform says
	platform, channel, origin string
	reply, caption            bool
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// quoted is text in JSON, which has other escapes than Go.
func quoted(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return b
}

// envelope is an event of a source; the source's clock is a second behind the
// platform's.
func (p spoken) envelope(t *testing.T, seq uint64, kind, source, payload string) schema.Recorded {
	t.Helper()
	at := evening.Add(time.Duration(p.ms)*time.Millisecond + time.Second)
	return parse(t, seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":%q,"channel":{"id":"c-%s","name":%q,"platform":%q},`+
		`"payload":%s,"meta":{"gateway":{"source":%q,"tenant":"duck","origin":%q}}}`,
		seq, kind, schema.NewTime(at), source, or(p.channel, "pond"), or(p.platform, "TWITCH"), payload, source, or(p.origin, "live")))
}

func (p spoken) sent() string {
	return schema.NewTime(evening.Add(time.Duration(p.ms) * time.Millisecond)).String()
}

// bot is the line as Streamer.bot reports it.
func (p spoken) bot(t *testing.T, seq uint64) schema.Recorded {
	reply := ""
	if p.reply {
		reply = `"replyTo":{"id":"r","username":"bob"},`
	}
	return p.envelope(t, seq, "chat.message", "streamerbot", fmt.Sprintf(`{"id":%q,"userId":"id-%s","username":%q,"displayName":%q,"message":%s,"platform":%q,"badges":[],"emotes":[],%s"isTest":%v,"sentDateTime":%q}`,
		p.id, p.login, p.login, or(p.display, p.login), quoted(p.text), or(p.platform, "TWITCH"), reply, p.origin == "test", p.sent()))
}

// ai is the line as ai_licia reports it.
func (p spoken) ai(t *testing.T, seq uint64) schema.Recorded {
	caption := ""
	if p.caption {
		caption = `,"isCaption":true`
	}
	return p.envelope(t, seq, "chat.message", "ailicia", fmt.Sprintf(`{"id":%q,"username":%q,"message":%s,"language":"en","platform":%q,"isSubscriber":false,"isVip":false,"isModerator":false,"sentDateTime":%q%s}`,
		p.id, or(p.display, p.login), quoted(p.text), or(p.platform, "TWITCH"), p.sent(), caption))
}

// deleted, banned and cleared are removals of Streamer.bot's.
func (p spoken) deleted(t *testing.T, seq uint64) schema.Recorded {
	return p.envelope(t, seq, "chat.message_deleted", "streamerbot", fmt.Sprintf(`{"id":%q,"platform":%q,"isTest":%v,"sentDateTime":%q}`, p.id, or(p.platform, "TWITCH"), p.origin == "test", p.sent()))
}

func (p spoken) banned(t *testing.T, seq uint64) schema.Recorded {
	return p.envelope(t, seq, "chat.user_banned", "streamerbot", fmt.Sprintf(`{"userId":"id-%s","username":%q,"displayName":%q,"platform":%q,"isTest":false,"sentDateTime":%q}`,
		p.login, p.login, p.display, or(p.platform, "TWITCH"), p.sent()))
}

func (p spoken) cleared(t *testing.T, seq uint64) schema.Recorded {
	return p.envelope(t, seq, "chat.cleared", "streamerbot", fmt.Sprintf(`{"platform":%q,"isTest":false,"sentDateTime":%q}`, or(p.platform, "TWITCH"), p.sent()))
}

// brief are the rows in words: _id, the sequences of its events, how removed.
func brief(t *testing.T, all map[string][]bson.Raw) (rows []string) {
	t.Helper()
	for name, docs := range all {
		for _, doc := range docs {
			row := strings.TrimSuffix(name, "_chat_messages") + " " + doc.Lookup("_id").StringValue()
			if kept, _ := doc.Lookup("tombstone").BooleanOK(); kept {
				row += " tombstone"
			}
			if ids, ok := doc.Lookup("eventIds").ArrayOK(); ok {
				values, _ := ids.Values()
				for _, v := range values {
					row += " " + strings.TrimPrefix(v.StringValue(), "e-")
				}
			}
			if reason := strings.Trim(extended(t, doc, "deleted.reason"), `"`); reason != "" {
				row += " " + reason
			}
			rows = append(rows, strings.TrimPrefix(row, "twitch "))
		}
	}
	slices.Sort(rows)
	return rows
}

// TestPairs: each story in every way that it can be cut into batches, by one run
// or by a new one for each batch, twice: always the same rows, byte for byte.
func TestPairs(t *testing.T) {
	for _, tt := range stories(t) {
		t.Run(tt.name, func(t *testing.T) {
			stub := storetest.OpenStub(t, mongostub.Options{}, collections()...)
			var whole map[string][]bson.Raw
			for cut := range 1 << (len(tt.events) - 1) {
				for _, restarts := range []bool{false, true} {
					clean(t, stub.DB)
					for range 2 {
						recount(t, stub.Store, tt.events, cut, restarts)
						got := content(t, stub.DB)
						if diff := cmp.Diff(tt.rows, brief(t, got)); diff != "" {
							t.Fatalf("cut %b, restarts %v: %s", cut, restarts, diff)
						}
						if whole == nil {
							whole = got
						}
						if diff := cmp.Diff(whole, got); diff != "" {
							t.Fatalf("cut %b, restarts %v: %s", cut, restarts, diff)
						}
					}
				}
			}
		})
	}
}

// TestRememberedIsBounded: whatever a source sends, what is kept to compare a line
// by is small, and differs where the lines do.
func TestRememberedIsBounded(t *testing.T) {
	long := strings.Repeat("la", 1<<20)
	if n := len(chat.Remembered(long)); n > 512 {
		t.Errorf("%d bytes of a long line are kept", n)
	}
	if chat.Remembered(long) == chat.Remembered(long+"!") || chat.Remembered("hi") != "hi" {
		t.Error("lines are no longer told apart")
	}
}

func clean(t *testing.T, db *mongo.Database) {
	t.Helper()
	if err := db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// recount writes events in batches: cut has a bit for each border.
func recount(t *testing.T, rows chat.Rows, events []schema.Recorded, cut int, restarts bool) {
	t.Helper()
	sink := chat.New(rows, zerolog.Nop())
	for from, i := 0, 0; i < len(events); i++ {
		if i < len(events)-1 && cut&(1<<i) == 0 {
			continue
		}
		if restarts {
			sink = chat.New(rows, zerolog.Nop())
		}
		write(t, sink, events[from:i+1]...)
		from = i + 1
	}
	if s := sink.Stats(); s.Alarms+s.Refused > 0 {
		t.Errorf("%+v", s)
	}
}

// TestPairsOnTheEmbeddedStore: the stories once more, in batches of one and as a
// whole.
func TestPairsOnTheEmbeddedStore(t *testing.T) {
	s, db := storetest.Open(t, append(collections(), store.Collection{Name: store.StateCollection})...)
	for _, tt := range stories(t) {
		t.Run(tt.name, func(t *testing.T) {
			var whole map[string][]bson.Raw
			for _, cut := range []int{0, 1<<len(tt.events) - 1} {
				for _, name := range append(slices.Collect(func(yield func(string) bool) {
					for _, name := range chat.Collections() {
						if !yield(name) {
							return
						}
					}
				}), store.StateCollection) {
					if _, err := db.Collection(name).DeleteMany(t.Context(), bson.D{}); err != nil {
						t.Fatal(err)
					}
				}
				recount(t, s, tt.events, cut, true)
				got := content(t, db)
				if diff := cmp.Diff(tt.rows, brief(t, got)); diff != "" {
					t.Fatalf("cut %b: %s", cut, diff)
				}
				if whole == nil {
					whole = got
				}
				if diff := cmp.Diff(whole, got); diff != "" {
					t.Fatalf("cut %b: %s", cut, diff)
				}
			}
		})
	}
}

// TestStreamerbotAlonePaysNothing: the store is asked once after a start whether
// ai_licia was heard; then there are inserts only. Long after ai_licia's last line
// it is so again.
func TestStreamerbotAlonePaysNothing(t *testing.T) {
	stub := storetest.OpenStub(t, mongostub.Options{}, collections()...)
	sink := chat.New(stub.Store, zerolog.Nop())
	at := func(seq int) spoken { return spoken{id: fmt.Sprint("s", seq), login: "ada", text: "hi", ms: seq} }
	written := []string{"find", "insert", "update", "delete", "getMore"}
	commands := func(events ...schema.Recorded) (names []string) {
		before := len(stub.Commands(written...))
		for _, e := range events {
			write(t, sink, e)
		}
		for _, c := range stub.Commands(written...)[before:] {
			names = append(names, c.Name)
		}
		return names
	}
	if diff := cmp.Diff([]string{"find", "insert", "insert", "insert"}, commands(at(1).bot(t, 1), at(2).bot(t, 2), at(3).bot(t, 3))); diff != "" {
		t.Error(diff)
	}
	// With ai_licia: that it was heard, what there is, and who joins whom.
	theirs := at(2)
	theirs.id, theirs.login, theirs.display = "a", "", "ada"
	if diff := cmp.Diff([]string{"update", "find", "update", "insert"}, commands(theirs.ai(t, 4), at(5).bot(t, 5))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"insert", "insert"}, commands(at(40_000).bot(t, 40_000), at(40_001).bot(t, 40_001))); diff != "" {
		t.Error(diff)
	}
}

// TestARefusedLineTakesNothingWithIt: where Streamer.bot's line can never be
// stored, ai_licia's stands alone, in every order and cut.
func TestARefusedLineTakesNothingWithIt(t *testing.T) {
	s, a := spoken{id: "s1", login: "ada", text: "lol"}, spoken{id: "a1", display: "ada", text: "lol", ms: 400}
	for _, tt := range []struct {
		name   string
		events []schema.Recorded
		row    string
	}{
		{"Streamer.bot first", []schema.Recorded{s.bot(t, 1), a.ai(t, 2)}, "a1 2"},
		{"ai_licia first", []schema.Recorded{a.ai(t, 1), s.bot(t, 2)}, "a1 1"},
	} {
		for _, size := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s, %d at once", tt.name, size), func(t *testing.T) {
				stub := storetest.OpenStub(t, mongostub.Options{}, collections()...)
				stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 121, Commands: []string{"insert"}, Match: func(_ int, doc bson.Raw) bool {
					return doc.Lookup("_id").StringValue() == "s1"
				}})
				sink, dead := chat.New(stub.Store, zerolog.Nop()), 0
				for from := 0; from < len(tt.events); from += size {
					var refused *bus.BatchError
					switch err := sink.Write(t.Context(), tt.events[from:from+size]); {
					case errors.As(err, &refused):
						dead += len(refused.Permanent)
					case err != nil:
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff([]string{tt.row}, brief(t, content(t, stub.DB))); diff != "" || dead != 1 {
					t.Errorf("%d dead letters, %s", dead, diff)
				}
			})
		}
	}
}
