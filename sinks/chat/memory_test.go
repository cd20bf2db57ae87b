package chat_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// counted is a real store that counts the scans.
type counted struct {
	chat.Rows
	scans int
}

func (c *counted) Each(ctx context.Context, collection string, q store.Query, see func(bson.Raw)) error {
	c.scans++
	return c.Rows.Each(ctx, collection, q, see)
}

// TestScans: how often the store is searched for lines in an evening of ten
// lines of each of twenty people, who are all banned; broadcasts with and
// without a name, and the memory too small, which costs a scan a removal at
// most.
func TestScans(t *testing.T) {
	const people, each = 20, 10
	for _, tt := range []struct {
		name             string
		stream           string
		most, runs, want int
	}{
		{"one run", "", 1000, 1, 1},
		{"a broadcast with a name", `"stream":{"id":"s"},`, 1000, 1, 1},
		{"each run once", "", 1000, 4, 4},
		{"more lines than are kept", "", 20, 1, people},
		{"the same of a broadcast with a name", `"stream":{"id":"s"},`, 20, 1, people},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stub := storetest.OpenStub(t, mongostub.Options{}, collections()...)
			db, rows := stub.DB, &counted{Rows: stub.Store}
			seq := uint64(0)
			happen := func(kind schema.Type, payload string) schema.Recorded {
				seq++
				r := moderated(t, seq, kind, payload)
				return parse(t, seq, string(r.Body[:1])+tt.stream+string(r.Body[1:]))
			}
			var begun []schema.Recorded
			begun = append(begun, happen(schema.ChannelGoLive, `{"platform":"TWITCH"}`))
			want := map[string]string{}
			for i := range people * each {
				id := fmt.Sprint("m", i)
				begun = append(begun, happen(schema.ChatMessage, fmt.Sprintf(`{"id":%q,"userId":"%d","platform":"TWITCH"}`, id, i%people)))
				want[id] = "banned"
			}
			write(t, chat.New(rows, zerolog.Nop()), begun...)
			for run := range tt.runs {
				sink := chat.New(rows, zerolog.Nop())
				sink.RememberAtMost(tt.most)
				for i := range people / tt.runs {
					user := run*people/tt.runs + i
					late := fmt.Sprint("late", user)
					write(t, sink, happen(schema.ChatMessage, fmt.Sprintf(`{"id":%q,"userId":"%d","platform":"TWITCH"}`, late, user)))
					write(t, sink, happen(schema.ChatUserBanned, fmt.Sprintf(`{"userId":"%d","platform":"TWITCH"}`, user)))
					want[late] = "banned"
				}
			}
			if diff := cmp.Diff(want, marks(t, db)); diff != "" {
				t.Error(diff)
			}
			if rows.scans != tt.want {
				t.Errorf("%d scans, want %d", rows.scans, tt.want)
			}
		})
	}
}

// TestForget: what another worker wrote, which this one was not told, is found.
func TestForget(t *testing.T) {
	sink, db := open(t)
	write(t, sink, line(t, 1, said("TWITCH", "a", "hi"), `{}`), ban(t, 2, "7"), line(t, 3, said("TWITCH", "b", "hi"), `{}`))
	doc := document(t, line(t, 4, said("TWITCH", "theirs", "hi"), `{}`))
	if _, err := db.Collection("twitch_chat_messages").InsertOne(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
	sink.Forget()
	write(t, sink, ban(t, 5, "7"))
	if diff := cmp.Diff(map[string]string{"a": "banned", "b": "banned", "theirs": "banned"}, marks(t, db)); diff != "" {
		t.Error(diff)
	}
}
