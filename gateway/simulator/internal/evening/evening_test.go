package evening

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func TestSameSeedSameFrames(t *testing.T) {
	frames := func(o Options, askGaps bool) [][]byte {
		e := New(o)
		var all [][]byte
		for n := range 600 {
			if askGaps {
				e.Gap(3)
			}
			all = append(all, e.Next(start.Add(time.Duration(n)*time.Second))...)
		}
		return all
	}
	base := Options{Seed: 42, Start: start, MixShapes: true, Kick: true}
	other := base
	other.Seed = 43
	want := frames(base, true)
	if !slices.EqualFunc(want, frames(base, true), bytes.Equal) {
		t.Error("the same evening twice differs")
	}
	if !slices.EqualFunc(want, frames(base, false), bytes.Equal) {
		t.Error("asking for gaps changes what is said")
	}
	if slices.EqualFunc(want, frames(other, true), bytes.Equal) {
		t.Error("another seed plays the same evening")
	}
}

func TestNextEveningHasTheSamePeopleAndNewIDs(t *testing.T) {
	collect := func(from time.Time) (ids, people map[string]bool) {
		ids, people = map[string]bool{}, map[string]bool{}
		for _, p := range play(t, Options{Seed: 1, Start: from, Kick: true}, 900) {
			if strings.Contains(p.kind(), "First") {
				continue
			}
			id := messageID(p)
			if ids[id] {
				t.Fatalf("id %s twice in one evening", id)
			}
			ids[id] = true
			people[p.data()["user"].(map[string]any)["id"].(string)] = true
		}
		return ids, people
	}
	ids, people := collect(start)
	nextIDs, nextPeople := collect(start.Add(24 * time.Hour))
	for id := range nextIDs {
		if ids[id] {
			t.Fatalf("id %s in two evenings", id)
		}
	}
	if diff := cmp.Diff(sorted(people), sorted(nextPeople)); diff != "" {
		t.Errorf("the cast changed:\n%s", diff)
	}
	if len(people) < 50 || len(people) > 70 {
		t.Errorf("%d people, want about sixty", len(people))
	}
}

func messageID(p played) string {
	d := p.data()
	for _, key := range []string{"messageId", "eventId"} {
		if id, ok := d[key].(string); ok {
			return id
		}
	}
	m, _ := d["message"].(map[string]any)
	id, _ := m["msgId"].(string)
	return id
}

// What an evening must hold for a reader of it to be tried on everything.
func TestEveningHasAllKindsOfLines(t *testing.T) {
	found := map[string]int{}
	firsts := map[string]int{}
	frames := play(t, Options{Seed: 3, Start: start, MixShapes: true, Kick: true}, 2500)
	for i, p := range frames {
		text, user := spokenText(p)
		if strings.Contains(p.kind(), "First") {
			firsts[p.kind()+user]++
			next := frames[i+1]
			if id := messageID(p); id != "" && id != messageID(next) {
				t.Errorf("first words %s are followed by %s", id, messageID(next))
			}
			continue
		}
		count(found, p, text)
	}
	for who, n := range firsts {
		if n != 1 {
			t.Errorf("%d first words of %s", n, who)
		}
	}
	for _, want := range []string{
		"emoji", "right to left", "CJK", "command", "reply", "emote", "restream on Twitch", "restream on YouTube",
		"first message", "Nested", "Both", "Flat", "Kick reply", "markup",
	} {
		if found[want] == 0 {
			t.Errorf("no %s in 2500 lines", want)
		}
	}
}

func count(found map[string]int, p played, text string) {
	body := string(p.body)
	for name, yes := range map[string]bool{
		"emoji":               strings.ContainsFunc(text, func(r rune) bool { return r > 0xffff }),
		"right to left":       strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) }),
		"CJK":                 strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana) }),
		"command":             strings.HasPrefix(text, "!"),
		"reply":               strings.Contains(body, `"isReply":true`),
		"Kick reply":          p.kind() == "Kick.ChatMessage" && p.data()["isReply"] == true,
		"emote":               strings.Contains(body, `"startIndex"`),
		"restream on Twitch":  strings.Contains(body, `"restreambot"`),
		"restream on YouTube": strings.Contains(body, `"name":"Restream"`),
		"first message":       strings.Contains(body, `"firstMessage":true`),
		"markup":              strings.Contains(body, "<b>"),
		"Nested":              p.kind() == "Twitch.ChatMessage" && p.data()["messageId"] == nil,
		"Both":                p.kind() == "Twitch.ChatMessage" && p.data()["messageId"] != nil && p.data()["message"] != nil,
		"Flat":                p.kind() == "Twitch.ChatMessage" && p.data()["broadcaster"] != nil,
	} {
		if yes {
			found[name]++
		}
	}
}

func spokenText(p played) (text, user string) {
	d := p.data()
	if u, ok := d["user"].(map[string]any); ok {
		user, _ = u["id"].(string)
	}
	switch m := d["message"].(type) {
	case string:
		return m, user
	case map[string]any:
		return m["message"].(string), m["userId"].(string)
	}
	text, _ = d["text"].(string)
	return text, user
}

// The offsets are checked the way a JavaScript reader uses them: on the UTF-16 text itself.
func TestEmoteOffsetsCountUTF16(t *testing.T) {
	beyond := 0
	for _, p := range play(t, Options{Seed: 9, Start: start, MixShapes: true}, 1500) {
		text, _ := spokenText(p)
		wide := utf16.Encode([]rune(text))
		nested, _ := p.data()["message"].(map[string]any)
		for _, list := range []any{p.data()["emotes"], nested["emotes"]} {
			emotes, _ := list.([]any)
			for _, e := range emotes {
				e := e.(map[string]any)
				from, to := int(e["startIndex"].(float64)), int(e["endIndex"].(float64))
				if to >= len(wide) || string(utf16.Decode(wide[from:to+1])) != e["name"] {
					t.Fatalf("%q: emote %v is not at %d..%d", text, e["name"], from, to)
				}
				if slices.ContainsFunc(wide[:from], func(u uint16) bool { return utf16.IsSurrogate(rune(u)) }) {
					beyond++
				}
			}
		}
		if parts, ok := p.data()["parts"].([]any); ok {
			var joined strings.Builder
			for _, part := range parts {
				joined.WriteString(part.(map[string]any)["text"].(string))
			}
			if joined.String() != text {
				t.Fatalf("parts say %q, the text %q", joined.String(), text)
			}
		}
	}
	if beyond == 0 {
		t.Error("no emote stands behind a character outside the BMP: the test shows nothing")
	}
}

func TestRateAndBursts(t *testing.T) {
	e := New(Options{Seed: 5, Start: start})
	const rate, lines = 4.0, 60000
	perSecond := map[int]float64{}
	var at time.Duration
	for range lines {
		at += e.Gap(rate)
		e.pulse.step()
		perSecond[int(at/time.Second)]++
	}
	got := lines / at.Seconds()
	if math.Abs(got-rate) > 0.05*rate {
		t.Errorf("%.2f lines a second, want %.2f", got, rate)
	}
	var variance float64
	seconds := int(at / time.Second)
	for s := range seconds {
		d := perSecond[s] - got
		variance += d * d / float64(seconds)
	}
	// A Poisson stream has variance = mean; chat with bursts has clearly more.
	if variance/got < 1.5 {
		t.Errorf("variance/mean is %.2f: no bursts", variance/got)
	}
}

func TestStamps(t *testing.T) {
	zone := time.FixedZone("", -4*3600)
	at := func(ns int) time.Time { return time.Date(2025, 2, 18, 23, 51, 50, ns, zone) }
	for _, tt := range []struct{ name, got, want string }{
		{"seven digits", Stamp(at(372803149)), "2025-02-18T23:51:50.3728031-04:00"},
		{"trimmed zeros", Stamp(at(372803000)), "2025-02-18T23:51:50.372803-04:00"},
		{"no fraction", Stamp(at(0)), "2025-02-18T23:51:50-04:00"},
		{"UTC offset", Stamp(at(500000000).UTC()), "2025-02-19T03:51:50.5+00:00"},
		{"platform time", utcStamp(at(120000000)), "2025-02-19T03:51:50.12Z"},
		{"YouTube", microStamp(at(332605999)), "2025-02-18T23:51:50.332605-04:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %s, want %s", tt.got, tt.want)
			}
		})
	}
}

func TestIDsHaveTheRecordedForm(t *testing.T) {
	if got, want := liveChatID("UCtTPhKGsTaN1QtM_X1N6K1Q", "sfFvP1S8ksw"), "KicKGFVDdFRQaEtHc1RhTjFRdE1fWDFONksxURILc2ZGdlAxUzhrc3c"; got != want {
		t.Errorf("live chat id %s, want %s", got, want)
	}
	r := stream(1, 1, 1)
	if id := eventID(r); !strings.HasPrefix(id, "LCC.EhwKG") || len(id) != len("LCC.EhwKGkJUa0cxX2NmcURxSE5KWV9yUVFmS1Q5Ni1Z") {
		t.Errorf("event id %s", id)
	}
	if id := uuid(r); len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("uuid %s", id)
	}
}

func TestCounterCounts(t *testing.T) {
	c := NewCounter(Options{Seed: 1, Start: start, Shape: Both})
	ids := map[string]bool{}
	for n := 1; n <= 200; n++ {
		body := c.Next(start)
		if want := []byte(`"text":"line ` + strconv.Itoa(n) + `"`); !bytes.Contains(body, want) {
			t.Fatalf("frame %d lacks %s:\n%s", n, want, body)
		}
		_, rest, _ := strings.Cut(string(body), `"messageId":"`)
		ids[rest[:36]] = true
	}
	if len(ids) != 200 {
		t.Errorf("%d ids for 200 lines", len(ids))
	}
}
