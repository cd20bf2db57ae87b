package titles_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
	"promethean/sinks/titles"
)

func event(t *testing.T, seq uint64, kind schema.Type, request, more string) schema.Recorded {
	t.Helper()
	body := fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2026-11-25","timestamp":"2026-11-25T20:00:%02d.123456Z",`+
		`"channel":{"id":"c1","name":"pond","platform":"TWITCH"},"payload":{"requestId":%q,"session":"s1"%s},`+
		`"meta":{"gateway":{"source":"title","tenant":"duck","receivedAt":"2026-11-25T20:00:00Z","origin":"live","causedBy":["x"]}}}`, seq, kind, seq%60, request, more)
	e, err := schema.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Recorded{Envelope: e, Body: []byte(body), Subject: schema.EventSubject(schema.Brain, "duck", kind), Stream: bus.StreamEvents, Seq: seq, StoredAt: time.Unix(0, 0)}
}

// evening is two requests whose events lie between each other, and a lock.
func evening(t *testing.T) []schema.Recorded {
	by := `"by":{"kind":"human","via":"chat","userId":"7","username":"ada"}`
	return []schema.Recorded{
		event(t, 1, schema.TitleRequested, "r1", `,"trigger":"command","mode":"suggest","context":{"channel":"pond","big":12345678901234567890,"chat":{"words":["soup"]}},"contextHash":"h","drawnFrom":[{"messageId":"m","platform":"TWITCH"}],`+by),
		event(t, 2, schema.TitleSuggested, "r1", `,"suggestionId":"g1","round":1,"candidates":[{"n":1,"title":"Soup"}],"rejected":[{"title":"x.example","rule":"link"}],"source":"llm","model":"m","promptHash":"p","seed":0,"latencyMs":12`),
		event(t, 3, schema.TitleRequested, "r2", `,"trigger":"interval","mode":"auto"`),
		event(t, 4, schema.TitleApproved, "r1", `,"candidate":0,"title":"Soup, slowly","edited":true,`+by),
		event(t, 5, schema.TitleLocked, "", `,"locked":true`),
		event(t, 6, schema.TitleSent, "r1", `,"sentId":"n1","attempt":1,"title":"Soup, slowly","titles":{"youtube":"Soup, slowly","kick":"Soup","twitch":"Soup, slowly"},"action":{"name":"Set"},"commandId":"c"`),
		event(t, 7, schema.TitleExpired, "r2", `,"kind":"superseded","reason":"another"`),
		event(t, 8, schema.TitleApplied, "r1", `,"sentId":"n1","title":"Soup, slowly","platform":"TWITCH"`),
		event(t, 9, schema.TitleRefused, "r1", `,"sentId":"n1","title":"Soup","kind":"platform","reason":"no"`),
		event(t, 10, schema.TitleTainted, "r1", `,"line":{"messageId":"m","platform":"TWITCH"},"cause":"chat.message_deleted"`),
	}
}

func open(t *testing.T) (*titles.Titles, func() []bson.Raw) {
	t.Helper()
	s, db := storetest.Open(t, store.Collection{Name: titles.Collection, Indexes: []store.Index{{"steps.eventId"}}})
	return titles.New(s, zerolog.Nop()), func() (docs []bson.Raw) {
		cursor, err := db.Collection(titles.Collection).Aggregate(t.Context(), []bson.D{{{Key: "$sort", Value: bson.D{{Key: "_id", Value: 1}}}}})
		if err == nil {
			err = cursor.All(t.Context(), &docs)
		}
		if err != nil {
			t.Fatal(err)
		}
		return docs
	}
}

// TestAnyDeliveryGivesTheSameDocuments: in one batch, in batches cut anywhere
// with what was settled coming again, and out of order.
func TestAnyDeliveryGivesTheSameDocuments(t *testing.T) {
	all := evening(t)
	sink, content := open(t)
	if err := sink.Write(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	want := content()
	if len(want) != 2 {
		t.Fatalf("%d documents, want 2: %v", len(want), want)
	}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			sink, content := open(t)
			mixed := append(append([]schema.Recorded{}, all...), all...)
			if seed%2 == 1 {
				r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			}
			for len(mixed) > 0 {
				n := 1 + r.IntN(min(4, len(mixed)))
				if err := sink.Write(t.Context(), mixed[:n]); err != nil {
					t.Fatal(err)
				}
				mixed = mixed[n:]
			}
			if diff := cmp.Diff(want, content()); diff != "" {
				t.Error(diff)
			}
			if got := sink.Stats(); got.Stored != 9 || got.Again != 9 {
				t.Errorf("%+v, want 9 stored and 9 again", got)
			}
		})
	}
}

func TestFold(t *testing.T) {
	all := evening(t)
	for _, c := range []struct {
		name, state, title string
		upTo               int
		applied            []string
		tainted            bool
	}{
		{"asked for", "requested", "", 1, nil, false},
		{"suggested", "suggested", "", 2, nil, false},
		{"approved with a text of one's own", "approved", "Soup, slowly", 4, nil, false},
		{"sent", "sent", "Soup, slowly", 6, nil, false},
		{"one platform shows it", "applied", "Soup, slowly", 8, []string{"TWITCH"}, false},
		{"another refuses it", "applied", "Soup, slowly", 9, []string{"TWITCH"}, false},
		{"tainted", "applied", "Soup, slowly", 10, []string{"TWITCH"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var steps []titles.Step
			for _, r := range all[:c.upTo] {
				step, request, err := titles.Read(r)
				if err != nil {
					t.Fatal(err)
				}
				if request == "r1" {
					steps = append(steps, step)
				}
			}
			got := titles.Fold("r1", steps)
			if got.State != c.state || got.Title != c.title || got.Tainted != c.tainted || !cmp.Equal(got.Applied, c.applied) {
				t.Errorf("%s %q %v tainted %v", got.State, got.Title, got.Applied, got.Tainted)
			}
		})
	}
}

// TestABadPayloadCostsNoNeighbour: it is refused for ever, the others are stored.
func TestABadPayloadCostsNoNeighbour(t *testing.T) {
	sink, content := open(t)
	bad := event(t, 2, schema.TitleSuggested, "r1", `,"candidates":"none"`)
	err := sink.Write(t.Context(), []schema.Recorded{event(t, 1, schema.TitleRequested, "r1", ""), bad, event(t, 3, schema.TitleExpired, "r1", "")})
	refused, ok := err.(*bus.BatchError)
	if !ok || len(refused.Permanent) != 1 || refused.Permanent[1] == nil {
		t.Fatalf("error %v", err)
	}
	if docs := content(); len(docs) != 1 || docs[0].Lookup("state").StringValue() != "expired" {
		t.Errorf("%v", docs)
	}
}
