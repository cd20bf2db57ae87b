package ai_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/ai"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

func parse(t *testing.T, seq uint64, body string) schema.Recorded {
	t.Helper()
	e, err := schema.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Recorded{
		Envelope: e, Body: []byte(body), Subject: schema.EventSubject(schema.AiLicia, "duck", e.Type),
		Stream: bus.StreamEvents, Seq: seq, StoredAt: time.Date(2026, 3, 4, 19, 3, 23, 0, time.UTC),
	}
}

// event is one as the log holds it; payload is JSON.
func event(t *testing.T, seq uint64, kind schema.Type, payload string) schema.Recorded {
	t.Helper()
	return parse(t, seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":"2026-03-04T19:03:22.000Z",`+
		`"channel":{"id":"ch_1","name":"pond","platform":"TWITCH"},"stream":{"id":"st_1"},"payload":%s,`+
		`"meta":{"shouldGenerateTts":true,"gateway":{"source":"ailicia","tenant":"duck","origin":"live","rawIsPayload":true}}}`, seq, kind, payload))
}

// extended is what stands at a dotted path, in relaxed extended JSON; "" for
// nothing.
func extended(t *testing.T, doc bson.Raw, path string) string {
	t.Helper()
	v, err := doc.LookupErr(strings.Split(path, ".")...)
	if err != nil {
		return ""
	}
	text, err := bson.MarshalExtJSON(bson.D{{Key: "v", Value: v}}, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(text), `{"v":`), `}`)
}

func TestDocumentFields(t *testing.T) {
	for _, tt := range []struct {
		name    string
		kind    schema.Type
		payload string
		want    map[string]string
	}{
		{"a line of the AI", "chat.ai_message", `{"id":"ai_1","username":"Nimbus","message":"hm","target":"chat","targetRole":"VIEWER","shouldGenerateTtsMessage":true,"characterId":null,"tone":"warm"}`,
			map[string]string{"_id": `"e-9"`, "username": `"Nimbus"`, "messageId": `"ai_1"`, "message": `"hm"`, "shouldGenerateTtsMessage": "true", "characterId": "", "tone": `"warm"`,
				"extra": "", "platform": `"TWITCH"`, "channel": `"pond"`, "streamId": `"st_1"`, "seq": "9", "isTest": "false", "seenBy": `["ailicia"]`, "raw.id": `"ai_1"`}},
		{"its speech", "ai.tts.generated", `{"messageId":"ai_1","username":"Nimbus","textToSpeech":"hm","generationTimeMs":402}`,
			map[string]string{"messageId": `"ai_1"`, "textToSpeech": `"hm"`, "generationTimeMs": "402"}},
		{"the verdict", "ai.moderation", `{"messageId":"ai_1","isAppropriate":true,"categoriesScore":{"harassment":{"flagged":false,"score":4.2e-05},"x":{"flagged":false,"score":1}}}`,
			map[string]string{"messageId": `"ai_1"`, "isAppropriate": "true", "categoriesScore.harassment.score": "4.2E-05", "categoriesScore.x.score": "1"}},
		{"a category that no store takes as a name", "ai.moderation", `{"categoriesScore":{"self.harm":{"flagged":false,"score":0.1}}}`,
			map[string]string{"categoriesScore": "", "categoriesScoreJson": `"{\"self.harm\":{\"flagged\":false,\"score\":0.1}}"`, "raw": ""}},
		{"a memory", "chat.first_message", `{"memory":{"id":"m","facts":"likes tea"},"greeting":null,"username":"ada"}`,
			map[string]string{"username": `"ada"`, "memory.facts": `"likes tea"`, "greeting": ""}},
		{"no memory", "chat.first_message", `{"memory":null,"username":null}`, map[string]string{"memory": "", "username": "", "extra": ""}},
		{"a character", "character.updated", `{"characterId":"c","displayName":"Calm"}`, map[string]string{"characterId": `"c"`, "displayName": `"Calm"`}},
		{"a type and a field that are new", "ai.dreams", `{"id":"d","depth":3,"reasoning":"so"}`, map[string]string{"extra": `{"id":"d","depth":3}`, "reasoning": `"so"`, "messageId": ""}},
		{"fields of another kind survive", "ai.thoughts", `{"reasoning":7,"shouldAnswer":"yes","username":[1]}`,
			map[string]string{"reasoning": "", "extra": `{"reasoning":7,"shouldAnswer":"yes","username":[1]}`}},
		{"no field from outside takes the place of ours", "ai.thoughts", `{"_id":"x","type":"x","seq":1,"seenBy":1,"raw":2,"platform":"x","isTest":true}`,
			map[string]string{"_id": `"e-9"`, "type": `"ai.thoughts"`, "seq": "9", "isTest": "true", "platform": `"TWITCH"`, "extra": `{"_id":"x","type":"x","seq":1,"seenBy":1,"raw":2,"platform":"x"}`}},
		{"said twice", "ai.thoughts", `{"reasoning":"a","reasoning":"b"}`, map[string]string{"reasoning": `"a"`, "extra": `{"reasoning":"b"}`}},
		{"no object", "ai.thoughts", `"hm"`, map[string]string{"extraJson": `"\"hm\""`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := ai.Document(event(t, 9, tt.kind, tt.payload))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(); err != nil {
				t.Fatal(err)
			}
			for _, path := range slices.Sorted(maps.Keys(tt.want)) {
				if got := extended(t, doc, path); got != tt.want[path] {
					t.Errorf("%s is %s, want %s", path, got, tt.want[path])
				}
			}
		})
	}
}

// TestBatchTwice: an event that can never be stored between others; the same
// again changes nothing; another event under a sequence is an alarm.
func TestBatchTwice(t *testing.T) {
	s, db := storetest.Open(t, store.Collection{Name: ai.Collection})
	sink := ai.New(s, zerolog.Nop())
	batch := []schema.Recorded{
		event(t, 1, "ai.thoughts", `{"reasoning":"a"}`),
		event(t, 2, "ai.thoughts", `{"reasoning":"a"}`),
		event(t, 3, "character.updated", `{"characterId":"c"}`),
	}
	batch[1].Envelope.Meta = []byte(`{"gateway":7}`)
	for range 2 {
		var refused *bus.BatchError
		if err := sink.Write(t.Context(), batch); !errors.As(err, &refused) || len(refused.Permanent) != 1 || refused.Permanent[1] == nil {
			t.Fatal(err)
		}
	}
	stats := sink.Stats()
	if diff := cmp.Diff(store.Stats{Stored: 2, Again: 2, Refused: 2}, stats); diff != "" {
		t.Error(diff)
	}
	if n, err := db.Collection(ai.Collection).CountDocuments(t.Context(), bson.D{}); err != nil || n != 2 {
		t.Errorf("%d documents, %v", n, err)
	}
	other := event(t, 1, "ai.moderation", `{}`)
	var refused *bus.BatchError
	if err := sink.Write(t.Context(), []schema.Recorded{other}); !errors.As(err, &refused) || sink.Stats().Alarms != 1 {
		t.Errorf("%v, %+v", err, sink.Stats())
	}
}
