package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// step is one event of a broadcast, told shortly: kind line, ban, clear, live,
// off; an hour since the start; a broadcast's id where the source says.
type step struct {
	kind   string
	hour   int
	stream string
}

var kinds = map[string]schema.Type{
	"line": schema.ChatMessage, "ban": schema.ChatUserBanned, "clear": schema.ChatCleared, "live": schema.ChannelGoLive, "off": schema.ChannelGoOffline,
	"live, a test": schema.ChannelGoLive, "live, elsewhere": schema.ChannelGoLive, "line, elsewhere": schema.ChatMessage,
}

// tell makes events of steps; the line at step n has the id of n.
func tell(t *testing.T, steps []step) []schema.Recorded {
	t.Helper()
	var all []schema.Recorded
	for i, s := range steps {
		h := happening{
			kind: kinds[s.kind], platform: "TWITCH", channel: "pond", stream: s.stream, user: "7", id: fmt.Sprint(i + 1), seq: uint64(i + 1),
			at: time.Date(2026, 8, 20, 17, 0, 0, 0, time.UTC).Add(time.Duration(s.hour) * time.Hour), test: strings.HasSuffix(s.kind, "test"),
		}
		if strings.HasSuffix(s.kind, "elsewhere") {
			h.channel = "lake"
		}
		all = append(all, h.event(t))
	}
	return all
}

// TestTheSameBroadcast: which lines a ban or a clearing takes, whole in one
// batch, and one event at a time with a restart after each.
func TestTheSameBroadcast(t *testing.T) {
	for _, tt := range []struct {
		name  string
		steps []step
		want  string // the lines that are removed
	}{
		{"since the start, before the ban", []step{{"line", 0, ""}, {"live", 1, ""}, {"line", 1, ""}, {"ban", 2, ""}, {"line", 3, ""}}, "3"},
		{"however long it is", []step{{"live", 0, ""}, {"line", 1, ""}, {"ban", 90, ""}}, "2"},
		{"everybody's lines", []step{{"line", 0, ""}, {"live", 1, ""}, {"line", 1, ""}, {"line", 1, ""}, {"clear", 2, ""}, {"line", 2, ""}}, "3 4"},
		{"the first removal stays", []step{{"live", 0, ""}, {"line", 1, ""}, {"ban", 2, ""}, {"line", 2, ""}, {"clear", 3, ""}}, "2 4"},
		{"the last of several starts", []step{{"live", 0, ""}, {"line", 0, ""}, {"live", 1, ""}, {"line", 1, ""}, {"ban", 2, ""}, {"live", 3, ""}}, "4"},
		{"no start: 24 hours", []step{{"line", 0, ""}, {"line", 3, ""}, {"ban", 27, ""}}, "2"},
		{"after the end, soon", []step{{"line", 0, ""}, {"live", 0, ""}, {"line", 1, ""}, {"off", 2, ""}, {"line", 2, ""}, {"ban", 3, ""}}, "3 5"},
		{"after the end, much later: a start may have been missed", []step{{"live", 0, ""}, {"line", 1, ""}, {"off", 2, ""}, {"line", 29, ""}, {"ban", 30, ""}}, "4"},
		{"a test is no start", []step{{"line", 0, ""}, {"live, a test", 1, ""}, {"line", 1, ""}, {"ban", 2, ""}}, "1 3"},
		{"another channel's start is none, its lines stay", []step{{"line", 0, ""}, {"line, elsewhere", 0, ""}, {"live, elsewhere", 1, ""}, {"line", 1, ""}, {"ban", 2, ""}}, "1 4"},
		{"live is said again", []step{{"live", 0, "s1"}, {"line", 1, ""}, {"live", 2, "s1"}, {"line", 3, ""}, {"ban", 4, ""}}, "2 4"},
		{"the broadcast's name, where both have it", []step{{"line", 0, "s1"}, {"live", 1, "s2"}, {"line", 2, "s1"}, {"line", 2, "s2"}, {"line", 2, ""}, {"ban", 3, "s1"}}, "1 3 5"},
		{"the start, where the event has no name", []step{{"line", 0, "s1"}, {"live", 1, ""}, {"line", 2, "s1"}, {"ban", 3, ""}}, "3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := tell(t, tt.steps)
			sink, db := open(t)
			write(t, sink, all...)
			removed := func() string {
				var ids []string
				for _, doc := range content(t, db)["twitch_chat_messages"] {
					if doc.Lookup("deleted").Type != bson.TypeNull {
						ids = append(ids, doc.Lookup("_id").StringValue())
					}
				}
				return strings.Join(ids, " ")
			}
			if got := removed(); got != tt.want {
				t.Errorf("removed are %q, want %q", got, tt.want)
			}
			var s *store.Store
			s, db = storetest.Open(t, collections()...)
			for _, event := range all {
				write(t, chat.New(s, zerolog.Nop()), event)
			}
			if got := removed(); got != tt.want {
				t.Errorf("one at a time, removed are %q, want %q", got, tt.want)
			}
		})
	}
}

// TestAReplayFindsTheStartsOfThen: more broadcasts than are kept, all again
// from the first one, with restarts: nothing changes, though no start of the
// first ones is known any more when the replay begins.
func TestAReplayFindsTheStartsOfThen(t *testing.T) {
	var steps []step
	for n := range 6 {
		steps = append(steps, step{"line", n, ""}, step{"live", n, ""}, step{"line", n, ""}, step{"ban", n, ""})
	}
	for n := range 64 {
		steps = append(steps, step{"live", 6 + n, ""})
	}
	all := tell(t, steps)
	s, db := storetest.Open(t, collections()...)
	write(t, chat.New(s, zerolog.Nop()), all...)
	want := marks(t, db)
	for id, reason := range want {
		var n int
		if _, err := fmt.Sscan(id, &n); err != nil || (n%4 == 3) != (reason == "banned") {
			t.Errorf("line %s: %q, %v", id, reason, err)
		}
	}
	for i := 0; i < len(all); i += 7 {
		write(t, chat.New(s, zerolog.Nop()), all[i:min(i+7, len(all))]...)
	}
	if diff := cmp.Diff(want, marks(t, db)); diff != "" {
		t.Error(diff)
	}
	doc, found, err := s.Find(t.Context(), store.StateCollection, "broadcasts TWITCH pond")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	if starts, err := doc.Lookup("starts").Array().Values(); err != nil || len(starts) != 64 {
		t.Errorf("%d starts are kept, %v", len(starts), err)
	}
}
