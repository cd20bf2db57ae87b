package channel_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/channel"
)

var update = flag.Bool("update", false, "write the golden files")

// TestDocumentOfSamples holds the whole document, byte for byte in extended
// JSON, of package schema's own samples, which use every field.
func TestDocumentOfSamples(t *testing.T) {
	for _, kind := range []schema.Type{schema.ChannelEvent, schema.ChannelGoLive, schema.ChannelGoOffline, schema.ChannelUpdated} {
		t.Run(string(kind), func(t *testing.T) {
			payload, err := os.ReadFile(filepath.Join("..", "..", "schema", "types", string(kind), string(schema.CurrentVersion(kind))+".sample.json"))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := channel.Document(event(t, 42, kind, string(payload), `{"x":1}`))
			if err != nil {
				t.Fatal(err)
			}
			if err := doc.Validate(); err != nil {
				t.Fatal(err)
			}
			got, err := bson.MarshalExtJSONIndent(doc, true, false, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", string(kind)+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
			if !doc.Lookup("extra").IsZero() {
				t.Errorf("a field of our own is among the others: %v", doc.Lookup("extra"))
			}
		})
	}
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
		name          string
		payload, data string
		want          map[string]string
	}{
		{"who acted", `{"eventType":"FOLLOW","userId":"1","username":"ada","displayName":"Ada"}`, `{}`,
			map[string]string{"user": `{"id":"1","username":"ada","displayName":"Ada"}`, "username": "", "eventType": `"FOLLOW"`}},
		{"who acted, as far as known", `{"username":"ada","displayName":null}`, `{}`, map[string]string{"user": `{"username":"ada"}`, "displayName": ""}},
		{"nobody", `{"eventType":"DONATION"}`, `{}`, map[string]string{"user": ""}},
		{"anonymous", `{"userId":"1","username":"anon","isAnonymous":true}`, `{}`, map[string]string{"user": "", "isAnonymous": "true"}},
		{"the payload's platform", `{"platform":"KICK"}`, `{}`, map[string]string{"platform": `"KICK"`}},
		{"the channel's platform", `{"platform":null}`, `{}`, map[string]string{"platform": `"TWITCH"`, "channel": `"pond"`}},
		{"money stays text, numbers stay exact", `{"amount":"7.50","count":5,"value":9007199254740993,"months":12345678901234567890}`, `{"n":1e400}`,
			map[string]string{"amount": `"7.50"`, "count": `5`, "value": `9007199254740993`, "months": `"12345678901234567890"`, "raw.n": `"1e400"`, "inexact": `["months","raw.n"]`}},
		{"objects as they came", `{"reward":{"kind":"custom","cost":800},"recipients":[{"username":"bob"}]}`, `{}`,
			map[string]string{"reward": `{"kind":"custom","cost":800}`, "recipients": `[{"username":"bob"}]`}},
		{"ai_licia's null is nothing", `{"gifter":null,"count":null,"isTest":null}`, `{}`, map[string]string{"gifter": "", "count": "", "extra": "", "isTest": "false"}},
		{"ai_licia's own field survives", `{"eventType":"FOLLOW","mood":{"a":null}}`, `{}`, map[string]string{"extra": `{"mood":{"a":null}}`, "mood": ""}},
		{"a field of another kind survives", `{"username":7,"isTest":"yes","eventType":["x"]}`, `{}`,
			map[string]string{"extra": `{"username":7,"isTest":"yes","eventType":["x"]}`, "user": "", "isTest": "false", "eventType": ""}},
		{"also where it would stand under its name", `{"value":"abc","isAnonymous":"yes","reward":[1],"recipients":{},"title":7,"count":5}`, `{}`,
			map[string]string{"extra": `{"value":"abc","isAnonymous":"yes","reward":[1],"recipients":{},"title":7}`, "value": "", "isAnonymous": "", "reward": "", "recipients": "", "title": "", "count": "5"}},
		{"no field from outside takes the place of ours", `{"_id":"x","type":"x","seq":1,"raw":1,"timestamp":1,"channel":1,"seenBy":1,"user":1,"inexact":1,"extra":1}`, `{"mine":1}`,
			map[string]string{"_id": `"e-9"`, "type": `"channel.event"`, "seq": `9`, "raw": `{"mine":1}`, "channel": `"pond"`, "seenBy": `["streamerbot"]`, "user": "", "inexact": "",
				"extra": `{"_id":"x","type":"x","seq":1,"raw":1,"timestamp":1,"channel":1,"seenBy":1,"user":1,"inexact":1,"extra":1}`}},
		{"a name that no store takes", `{"eventType":"FOLLOW","a.b":1,"back\\slash":2}`, `{}`,
			map[string]string{"eventType": `"FOLLOW"`, "extra": "", "extraJson": `"{\"a.b\":1,\"back\\\\slash\":2}"`}},
		{"our field, not to be said in BSON", `{"reward":{"a.b":1},"title":"x"}`, `{"$a":1}`,
			map[string]string{"reward": "", "rewardJson": `"{\"a.b\":1}"`, "title": `"x"`, "raw": "", "rawJson": `"{\"$a\":1}"`}},
		{"half a character", `{"message":"\ud800"}`, `{}`, map[string]string{"message": "", "messageJson": `"\"\\ud800\""`}},
		{"said twice", `{"count":1,"count":2,"isTest":false,"isTest":true}`, `{}`,
			map[string]string{"count": `1`, "extra": `{"count":2,"isTest":true}`, "isTest": "false"}},
		{"no object", `"poke"`, `{}`, map[string]string{"extraJson": `"\"poke\""`, "type": `"channel.event"`}},
		{"null", `null`, `{}`, map[string]string{"extraJson": `"null"`}},
		{"a test", `{"isTest":true}`, `{}`, map[string]string{"isTest": "true"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := channel.Document(event(t, 9, schema.ChannelEvent, tt.payload, tt.data))
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

// TestOfAiLicia: its payload is the source's data; it may come from a program
// that says nothing of itself, and it may be a rehearsal.
func TestOfAiLicia(t *testing.T) {
	const body = `{"id":"a","type":"channel.event","timestamp":"2025-02-18T21:15:22.123Z","channel":{"id":"c1","name":"","platform":"TWITCH"},` +
		`"stream":{"id":"st_456"},"payload":{"eventType":"RAID","username":"bob","raidViewers":42}%s}`
	for _, tt := range []struct{ name, meta, test, seenBy string }{
		{"nothing said", ``, "false", `["unknown"]`},
		{"a rehearsal", `,"meta":{"gateway":{"source":"ailicia","origin":"test"}}`, "true", `["ailicia"]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := channel.Document(parse(t, 1, strings.Replace(body, "%s", tt.meta, 1)))
			if err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{
				"raw": `{"eventType":"RAID","username":"bob","raidViewers":42}`, "streamId": `"st_456"`, "channel": `"c1"`, "isTest": tt.test, "seenBy": tt.seenBy,
			} {
				if got := extended(t, doc, path); got != want {
					t.Errorf("%s is %s, want %s", path, got, want)
				}
			}
		})
	}
}
