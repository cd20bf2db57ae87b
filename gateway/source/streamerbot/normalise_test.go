package streamerbot

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// sharedFrames is the folder of example frames beside the repository; tests
// that want it go without where it is not.
const sharedFrames = "../../../../shared/frames/streamerbot"

func testFacts() Facts {
	return Facts{
		Tenant: "duck", InstanceID: "2f41a6c0", Version: "1.0.7", Connection: "conn", N: 17,
		ReceivedAt: time.Date(2026, 8, 20, 17, 31, 3, 0, time.UTC),
		Channels: map[schema.Provider]schema.Channel{
			schema.Twitch:  {ID: "953896045", Name: "gu9499", Platform: "TWITCH"},
			schema.YouTube: {ID: "UCtTPhKGsTaN1QtM_X1N6K1Q", Name: "Gatiso", Platform: "YOUTUBE"},
			schema.Kick:    {ID: "71002000", Name: "gatiso", Platform: "KICK"},
		},
		Ignored: NewIgnored(DefaultIgnoreUsers()),
	}
}

func mustSeal(t *testing.T, d schema.Draft) schema.Envelope {
	t.Helper()
	if d.Refusal != nil {
		t.Fatalf("refused: %s", d.Refusal.Reason)
	}
	m, err := schema.Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	e, err := schema.Parse(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func frames(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(p), ".json")] = b
	}
	return all
}

func TestGolden(t *testing.T) {
	for name, frame := range frames(t, "testdata/frames") {
		t.Run(name, func(t *testing.T) {
			d, ignored := Normalise(frame, testFacts())
			if ignored {
				t.Fatal("ignored")
			}
			e := mustSeal(t, d)
			meta, err := schema.ParseMeta(e.Meta)
			if err != nil {
				t.Fatal(err)
			}
			wantRaw(t, d, meta, frame)
			if d.Raw != nil {
				d.Raw = []byte(`"the frame"`) // it stands beside the golden file
			}
			m, err := schema.Seal(d)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, m.Body, "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, name, append([]byte(m.Subject+"\n"), got.Bytes()...))
		})
	}
}

// wantRaw checks that the frame's bytes are in the envelope exactly, or that
// its data are.
func wantRaw(t *testing.T, d schema.Draft, meta schema.Meta, frame []byte) {
	t.Helper()
	frame = bytes.TrimSpace(frame)
	if d.Raw != nil {
		if !bytes.Equal(meta.Raw, frame) {
			t.Errorf("raw is not the frame:\n%s\n%s", meta.Raw, frame)
		}
		return
	}
	if !bytes.Contains(frame, d.Payload) {
		t.Errorf("payload is not the data verbatim: %s", d.Payload)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata/golden", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("differs from %s (-want +got):\n%s", path, diff)
	}
}

// wantChat holds a line of chat against a reading that shares no code with this
// package.
func wantChat(t *testing.T, frame []byte, e schema.Envelope) {
	t.Helper()
	id, text, who, isChat := oracle(t, frame)
	want(t, isChat, true)
	var p schema.ChatPayload
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{id, text, who}, []string{p.ID, p.Message, p.UserID}); diff != "" {
		t.Errorf("id, message, user (-want +got):\n%s", diff)
	}
}

// oracle reads a chat frame in the plainest way.
func oracle(t *testing.T, frame []byte) (id, text, who string, isChat bool) {
	t.Helper()
	var f struct {
		Event struct{ Source, Type string }
		Data  any
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		t.Fatal(err)
	}
	switch f.Event.Source + "." + f.Event.Type {
	case "Twitch.ChatMessage", "YouTube.Message", "Kick.ChatMessage", "Trovo.ChatMessage":
	default:
		return "", "", "", false
	}
	at := func(path ...string) string {
		v := f.Data
		for _, key := range path {
			m, _ := v.(map[string]any)
			v = m[key]
		}
		s, _ := v.(string)
		return s
	}
	or := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	if f.Event.Source == "YouTube" {
		return at("eventId"), at("message"), at("user", "id"), true
	}
	return or(at("messageId"), at("message", "msgId")), or(at("text"), at("message", "message")),
		or(at("user", "id"), at("message", "userId")), true
}

// What one frame left in the reader's memory must not show in the next one, nor
// a draft change with it.
func TestMemoryOfFramesBefore(t *testing.T) {
	fresh, shared := testFacts(), testFacts()
	shared.memory = new(memory)
	all := frames(t, "testdata/frames")
	names := slices.Sorted(maps.Keys(all))
	var want, got []schema.Draft
	for _, name := range names {
		a, _ := Normalise(all[name], fresh)
		b, _ := Normalise(all[name], shared)
		want, got = append(want, a), append(got, b)
	}
	for i, name := range names {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.Errorf("%s: got %+v, want %+v", name, got[i], want[i])
		}
	}
}
