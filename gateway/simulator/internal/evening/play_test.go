package evening

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 4, 19, 20, 0, 123456700, time.FixedZone("", 3600))

// played is a frame of an evening, read back.
type played struct {
	body    []byte
	kind    string // e.g. "Twitch.Follow"
	at      time.Time
	value   map[string]any
	data    map[string]any // empty where the data is no object
	evening int            // 1 is the first
}

// play gives the frames of some moments, at ten frames a second.
func play(t *testing.T, o Options, moments int) []played {
	t.Helper()
	e := New(o)
	at := o.Start
	var all []played
	for range moments {
		at = at.Add(e.Gap(10))
		all = append(all, readAll(t, e, at)...)
	}
	return all
}

// playEvenings gives the frames of whole evenings.
func playEvenings(t *testing.T, o Options, evenings int) []played {
	t.Helper()
	e := New(o)
	at := o.Start
	var all []played
	for e.number < evenings || len(e.agenda) > 0 {
		at = at.Add(e.Gap(10))
		all = append(all, readAll(t, e, at)...)
	}
	return all
}

func readAll(t *testing.T, e *Evening, at time.Time) []played {
	t.Helper()
	var all []played
	for _, body := range e.Next(at) {
		p := read(t, body)
		p.evening = e.number
		all = append(all, p)
	}
	return all
}

func read(t *testing.T, body []byte) played {
	t.Helper()
	p := played{body: body}
	if err := json.Unmarshal(body, &p.value); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	e, _ := p.value["event"].(map[string]any)
	source, _ := e["source"].(string)
	name, _ := e["type"].(string)
	p.kind = source + "." + name
	p.data, _ = p.value["data"].(map[string]any)
	stamp, _ := p.value["timeStamp"].(string)
	var err error
	if p.at, err = time.Parse(time.RFC3339Nano, stamp); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	return p
}

// get follows a dotted path into the data; nil when it ends early.
func (p played) get(path string) any {
	var v any = p.data
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

// str gives the first of some paths that holds a text.
func (p played) str(paths ...string) string {
	for _, path := range paths {
		if s, ok := p.get(path).(string); ok {
			return s
		}
	}
	return ""
}

// num gives the first of some paths that holds a number, else -1.
func (p played) num(paths ...string) int {
	for _, path := range paths {
		if n, ok := p.get(path).(float64); ok {
			return int(n)
		}
	}
	return -1
}

// said is a chat line, whatever its platform and shape.
type said struct {
	id, by, login, text string
	months              int // subscribed; -1 when the frame does not say
	first               bool
}

// line reads a chat line, a cheer or somebody's first words.
func (p played) line() (said, bool) {
	switch p.kind {
	case "Twitch.ChatMessage", "Twitch.Cheer", "Twitch.FirstWord", "YouTube.Message", "YouTube.FirstWords",
		"Kick.ChatMessage", "Kick.FirstWords", "Trovo.ChatMessage", "Trovo.FirstWords":
	default:
		return said{}, false
	}
	first, _ := p.get("meta.firstMessage").(bool)
	if old, ok := p.get("message.firstMessage").(bool); ok {
		first = old
	}
	return said{
		id: p.str("messageId", "message.msgId", "eventId"), by: p.str("user.id", "message.userId"),
		login: p.str("user.login", "message.username", "user.name"), text: p.str("text", "message.message", "message"),
		months: p.num("user.monthsSubscribed", "message.monthsSubscribed"), first: first,
	}, true
}

// isFirstWords says that a frame repeats a line that has a frame of its own.
func (p played) isFirstWords() bool { return strings.Contains(p.kind, ".FirstWord") }

// of gives the frames of some kinds.
func of(frames []played, kinds ...string) []played {
	var found []played
	for _, p := range frames {
		for _, k := range kinds {
			if p.kind == k {
				found = append(found, p)
			}
		}
	}
	return found
}
