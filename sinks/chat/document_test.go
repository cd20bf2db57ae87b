package chat_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/chat"
)

var update = flag.Bool("update", false, "write the golden files")

// TestDocumentOfRealFrames holds the whole document, byte for byte in extended
// JSON, of envelopes that the gateway made of real frames.
func TestDocumentOfRealFrames(t *testing.T) {
	for _, name := range []string{"twitch", "youtube", "kick", "trovo"} {
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("..", "collections", "samples", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := chat.Document(parse(t, 42, string(body)))
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
			golden := filepath.Join("testdata", name+".golden")
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
		})
	}
}

// keys are the names of a document's fields, in order.
func keys(t *testing.T, doc bson.Raw) string {
	t.Helper()
	elements, err := doc.Elements()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range elements {
		names = append(names, e.Key())
	}
	return strings.Join(names, " ")
}

// TestTheUsersFieldsComeFirst: the shapes that the user's own programs wrote,
// in their order, and what is ours behind.
func TestTheUsersFieldsComeFirst(t *testing.T) {
	for platform, user := range map[string]string{
		"TWITCH":  "id username color badges mod subscriber vip displayName",
		"KICK":    "id username color badges mod subscriber vip displayName",
		"TROVO":   "id username color badges mod subscriber vip displayName",
		"YOUTUBE": "id username badges moderator verified displayName",
	} {
		doc, err := chat.Document(line(t, 1, said(platform, "m", "hi"), `{}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := keys(t, doc); !strings.HasPrefix(got, "_id message user channel timestamp raw eventIds seq ") {
			t.Errorf("%s: %s", platform, got)
		}
		if got := keys(t, bson.Raw(doc.Lookup("user").Document())); got != user {
			t.Errorf("%s: user has %s", platform, got)
		}
	}
}

// extended is a field in relaxed extended JSON; empty where there is none.
func extended(t *testing.T, doc bson.Raw, path string) string {
	t.Helper()
	v := doc.Lookup(strings.Split(path, ".")...)
	if v.Type == 0 {
		return ""
	}
	b, err := bson.MarshalExtJSON(bson.D{{Key: "v", Value: v}}, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(b), `{"v":`), "}")
}

func TestDocument(t *testing.T) {
	long := strings.Repeat("m", 257)
	person := `{"id":"m","userId":"7","username":"u","message":"x","platform":%q,"badges":[{"name":"vip","version":"1"}],"emotes":[],%s"isTest":false}`
	for _, tt := range []struct {
		name          string
		payload, data string
		want          map[string]string
	}{
		{"the platform's id is the _id", said("TWITCH", "m-1", "hi"), `{}`,
			map[string]string{"_id": `"m-1"`, "eventIds": `["e-9"]`, "seq": `9`, "channel": `"duck"`, "deleted": `null`, "seenBy": `["streamerbot"]`}},
		{"no platform id", said("TWITCH", "", "hi"), `{}`, map[string]string{"_id": `"e-9"`}},
		{"longest platform id", said("TWITCH", long[1:], "hi"), `{}`, map[string]string{"_id": `"` + long[1:] + `"`}},
		{"too long a platform id", said("TWITCH", long, "hi"), `{}`, map[string]string{"_id": `"e-9"`}},
		{"time to the millisecond", said("TWITCH", "m", "hi"), `{}`, map[string]string{"timestamp": `{"$date":"2025-02-18T21:15:22.123Z"}`}},
		{"numbers exact", said("TWITCH", "m", "hi"), `{"a":9007199254740993,"b":0.1,"c":1.0,"d":12345678901234567890}`,
			map[string]string{"raw": `{"a":9007199254740993,"b":0.1,"c":1.0,"d":"12345678901234567890"}`, "inexact": `["raw.d"]`}},
		{"data that is no document everywhere", said("TWITCH", "m", "hi"), `{"a.b": [[1]]}`,
			map[string]string{"raw": "", "rawJson": `"{\"a.b\": [[1]]}"`}},
		{"badges of the person", fmt.Sprintf(person, "TWITCH", ""), `{"user":{"badges":[{"name":"vip","version":"1","info":"i"}]}}`,
			map[string]string{"user.badges": `[{"name":"vip","version":"1","info":"i"}]`}},
		{"badges of the old shape", fmt.Sprintf(person, "TWITCH", ""), `{"message":{"badges":[{"version":"2","name":"vip"}]}}`,
			map[string]string{"user.badges": `[{"version":"2","name":"vip"}]`}},
		{"badges nowhere in the data", fmt.Sprintf(person, "TWITCH", ""), `{}`,
			map[string]string{"user.badges": `[{"name":"vip","version":"1"}]`}},
		{"YouTube's flags", fmt.Sprintf(person, "YOUTUBE", `"isBroadcaster":true,"isModerator":true,"isSubscriber":true,"isVerified":true,`), `{}`,
			map[string]string{"user.badges": `["owner","moderator","sponsor","verified"]`, "user.moderator": `true`, "user.verified": `true`}},
		{"YouTube, nobody special", fmt.Sprintf(person, "YOUTUBE", ""), `{}`,
			map[string]string{"user.badges": `[]`, "user.moderator": `false`}},
		{"the name shown, where there is only a login", fmt.Sprintf(person, "TWITCH", ""), `{}`, map[string]string{"user.displayName": `"u"`}},
		{"roles", fmt.Sprintf(person, "TWITCH", `"isModerator":true,"isVip":true,`), `{}`,
			map[string]string{"user.mod": `true`, "user.vip": `true`, "user.subscriber": `false`}},
		{"what is sometimes said", fmt.Sprintf(person, "TWITCH", `"bits":100,"isFirstMessage":false,"replyTo":{"id":"r","username":"v"},`), `{}`,
			map[string]string{"bits": `100`, "isFirst": `false`, "replyTo": `{"id":"r","username":"v"}`}},
		{"what is not said", fmt.Sprintf(person, "TWITCH", ""), `{}`, map[string]string{"bits": "", "isFirst": "", "replyTo": ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := chat.Document(line(t, 9, tt.payload, tt.data))
			if err != nil {
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
