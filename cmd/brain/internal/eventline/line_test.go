package eventline_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"promethean/cmd/brain/internal/eventline"
	"promethean/schema"
)

var update = flag.Bool("update", false, "write the golden files")

var at = time.Date(2025, 2, 18, 21, 15, 22, 123e6, time.UTC)

// style is a terminal one hour east of Greenwich, on the evening of the samples.
func style(c eventline.Colours) eventline.Style {
	return eventline.Style{Colours: c, Width: 110, Zone: time.FixedZone("", 3600), Today: at}
}

func event(t *testing.T, typ schema.Type, v schema.Version, payload string, change ...func(*schema.Draft)) eventline.Event {
	t.Helper()
	d := schema.Draft{
		ID: "id", Type: typ, Provider: schema.Twitch, Version: v, OwnVersion: true, Timestamp: at, Payload: []byte(payload),
		Trace: schema.Trace{Source: "streamerbot", Tenant: "duck", ReceivedAt: at, Origin: schema.Live},
	}
	for _, c := range change {
		c(&d)
	}
	m, err := schema.Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	return eventline.Event{Body: m.Body, Subject: m.Subject, Origin: string(d.Trace.Origin)}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name + ".golden"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", path, diff)
	}
}

// TestCatalogue: every type of event has a line of its own words. Commands are
// on another stream, which tail does not read.
func TestCatalogue(t *testing.T) {
	for _, c := range []struct {
		name string
		can  eventline.Colours
	}{{"plain", eventline.None}, {"palette", eventline.Palette}, {"full", eventline.Full}} {
		t.Run(c.name, func(t *testing.T) {
			var all strings.Builder
			for _, entry := range schema.Catalogue() {
				if entry.Type.Command() != "" {
					continue
				}
				for _, v := range entry.Versions {
					sample, ok := schema.Sample(entry.Type, v)
					if !ok {
						t.Fatalf("no sample of %s %s", entry.Type, v)
					}
					line := eventline.Format(event(t, entry.Type, v, string(sample)), style(c.can))
					if strings.Contains(line, `{"`) {
						t.Errorf("%s is shown as JSON", entry.Type)
					}
					fmt.Fprintln(&all, strings.ReplaceAll(line, "\x1b", "\\e"))
				}
			}
			golden(t, "catalogue-"+c.name, all.String())
		})
	}
}

func TestChannelEvents(t *testing.T) {
	var all strings.Builder
	for _, kind := range append(schema.EventTypes(), "SOMETHING_NEW") {
		for _, payload := range []string{
			`{"eventType":%q,"displayName":"Bob","count":5,"value":100,"raidViewers":42,"tier":"1000","months":7,"message":"hi","amount":"7.50","currency":"EUR","service":"Kofi",
				"recipients":[{"displayName":"A"},{"username":"b"},{"userId":"3"},{"username":"d"},{"username":"e"}],"reward":{"title":"Hydrate","kind":"custom","cost":500},"hypeTrain":{"level":2,"progress":30,"goal":100}}`,
			`{"eventType":%q,"isAnonymous":true}`,
			`{"eventType":%q,"username":null,"gifter":null,"count":null}`,
		} {
			fmt.Fprintln(&all, eventline.Format(event(t, schema.ChannelEvent, "2025-02-01", fmt.Sprintf(payload, kind)), style(eventline.None)))
		}
	}
	golden(t, "channel-events", all.String())
}

func TestLines(t *testing.T) {
	origin := func(o schema.Origin) func(*schema.Draft) {
		return func(d *schema.Draft) { d.Trace.Origin = o }
	}
	var all strings.Builder
	for _, c := range []struct {
		name  string
		event eventline.Event
	}{
		{"passes through, cut", event(t, "streamerbot.twitch.poll_created", "2025-02-01", `{ "title": "`+strings.Repeat("long ", 40)+`" }`)},
		{"wide letters are cut by columns", event(t, "streamerbot.twitch.poll_created", "2025-02-01", `"`+strings.Repeat("漢", 60)+`"`)},
		{"no object where one is expected", event(t, schema.ChatMessage, "2025-02-01", `[1,2]`)},
		{"members of other types", event(t, schema.ChatMessage, "2025-02-01", `{"message":{"text":"x"}}`)},
		{"null", event(t, schema.ChatMessage, "2025-02-01", `null`)},
		{"nothing known", event(t, schema.ChatMessage, "2025-02-01", `{}`)},
		{"test by origin", event(t, schema.ChatMessage, "2025-02-01", `{"username":"a","message":"b"}`, origin(schema.Test))},
		{"test by payload", event(t, schema.ChatMessage, "2025-02-01", `{"username":"a","message":"b","isTest":true}`)},
		{"another day", event(t, schema.ChatMessage, "2025-02-01", `{"username":"a","message":"b"}`, func(d *schema.Draft) { d.Timestamp = at.AddDate(0, 0, -2) })},
		{"replay", eventline.Event{Body: event(t, schema.ChatMessage, "2025-02-01", `{"username":"a","message":"b"}`).Body, Subject: "promethean.p.kick.t.x.events.chat.message", Origin: "replay"}},
		{"not JSON", eventline.Event{Body: []byte("\x1b[2J"), Subject: "promethean.p.kick.t.x.events.chat.message"}},
		{"no envelope", eventline.Event{Body: []byte(`{"id":1}`), Subject: "x"}},
	} {
		fmt.Fprintf(&all, "%s\n\t%s\n", c.name, eventline.Format(c.event, style(eventline.None)))
	}
	golden(t, "lines", all.String())
}

// hostile are texts that must not act on a terminal.
var hostile = []string{
	"\x1b[2J\x1b]0;pwned\x07", "\x9b31m", "a\u202eb\u202c", "\u2066x\u2069", "\u200f\u061c", "a\rb\nc\td", "\x00\x7f\u0085\u2028",
	"\u200b\ufeff\u00ad", "👩\u200d👩", "\xff\xfe", "\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\",
}

func TestSafe(t *testing.T) {
	var all strings.Builder
	for _, s := range hostile {
		fmt.Fprintf(&all, "%+q → %s\n", s, eventline.Safe(s))
	}
	golden(t, "hostile", all.String())
}

func TestEscapeJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing to do", `{"a":"\u001b ä 👩"}`, `{"a":"\u001b ä 👩"}`},
		{"C1, DEL and bidi", "{\"a\":\"\u009b2J\x7f\u202e\"}", `{"a":"\u009b2J\u007f\u202e"}`},
		{"over the BMP", "\"\U000e0001\"", `"\udb40\udc01"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := eventline.EscapeJSON(c.in)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			var before, after any
			if json.Unmarshal([]byte(c.in), &before) != nil || json.Unmarshal([]byte(got), &after) != nil || !cmp.Equal(before, after) {
				t.Errorf("%s means %v", got, after)
			}
		})
	}
}

func TestUserColours(t *testing.T) {
	var all strings.Builder
	for _, colour := range []string{"#8A2BE2", "#FF0000", "#00FF7F", "#000000", "#FFFFFF", "#0000FF", "#FFFF00", "", "red", "#12345G", `#\u001b[2Jab`} {
		e := event(t, schema.ChatMessage, "2025-02-01", `{"displayName":"Bob","message":"hi","color":"`+colour+`"}`)
		for _, can := range []eventline.Colours{eventline.None, eventline.Palette, eventline.Full} {
			line := eventline.Format(e, style(can))
			fmt.Fprintf(&all, "%-8q %d %s\n", colour, can, strings.ReplaceAll(line[strings.Index(line, "message")+12:], "\x1b", "\\e"))
		}
	}
	golden(t, "user-colours", all.String())
}

// TestNoTextActsOnTheTerminal puts hostile text wherever an event has text.
func TestNoTextActsOnTheTerminal(t *testing.T) {
	for _, entry := range schema.Catalogue() {
		sample, _ := schema.Sample(entry.Type, entry.Current())
		for _, bad := range hostile {
			payload := poison(t, sample, strings.ToValidUTF8(bad, "?"))
			e := event(t, entry.Type, entry.Current(), payload)
			e.Subject, e.Origin = "promethean.p."+bad+".t.x.events.y", bad
			harmless(t, eventline.Format(e, style(eventline.None)))
			eventline.Format(e, style(eventline.Full))
		}
	}
	e := event(t, "streamerbot.a.b", "2025-02-01", `{"\u001b[2J":"`+"\u202e"+`"}`)
	harmless(t, eventline.Format(e, style(eventline.None)))
}

// poison replaces every text of a payload that is no time and no fixed word.
func poison(t *testing.T, sample []byte, bad string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(sample, &v); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			if _, err := time.Parse(time.RFC3339, v); err == nil {
				return v
			}
			return v + bad
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				if k != "eventType" {
					v[k] = walk(v[k])
				}
			}
		}
		return v
	}
	b, err := json.Marshal(walk(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func harmless(t *testing.T, line string) {
	t.Helper()
	if !utf8.ValidString(line) {
		t.Errorf("%q is not UTF-8", line)
	}
	for _, r := range line {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%q holds %U", line, r)
		}
	}
}

func FuzzFormat(f *testing.F) {
	f.Add([]byte(`{"id":"1","type":"chat.message","timestamp":"2025-02-18T21:15:22Z","channel":{},"payload":{"message":"\u001b[2J"}}`), "promethean.p.twitch.t.x.events.y")
	f.Add([]byte(`{`), "\x1b")
	f.Fuzz(func(t *testing.T, body []byte, subject string) {
		line := eventline.Format(eventline.Event{Body: body, Subject: subject, Origin: subject}, style(eventline.None))
		harmless(t, line)
	})
}
