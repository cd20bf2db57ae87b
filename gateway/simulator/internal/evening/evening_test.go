package evening

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
)

func TestSameSeedSameFrames(t *testing.T) {
	frames := func(o Options, askGaps bool) [][]byte {
		e := New(o)
		var all [][]byte
		for n := range 1200 { // into the second evening
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

// The regulars are the same in every run with a seed; what is said has new ids.
func TestAnotherRunHasTheSamePeopleAndNewIDs(t *testing.T) {
	collect := func(from time.Time) (ids, people map[string]bool) {
		ids, people = map[string]bool{}, map[string]bool{}
		for _, p := range play(t, Options{Seed: 1, Start: from, Kick: true}, 900) {
			if said, ok := p.line(); ok {
				ids[said.id], people[said.by] = true, true
			}
		}
		delete(ids, "") // first words on YouTube have none
		return ids, people
	}
	ids, people := collect(start)
	nextIDs, nextPeople := collect(start.Add(24 * time.Hour))
	for id := range nextIDs {
		if ids[id] {
			t.Fatalf("id %s in two runs", id)
		}
	}
	regulars := 0
	for _, v := range newCast(stream(1, 1, 0), true) {
		if people[v.id] && nextPeople[v.id] {
			regulars++
		}
	}
	if regulars < 50 {
		t.Errorf("%d regulars spoke in both runs, want most of sixty", regulars)
	}
}

// What an evening's chat must hold for a reader of it to be tried on everything.
func TestEveningHasAllKindsOfLines(t *testing.T) {
	found := map[string]int{}
	firsts := map[string]int{}
	frames := playEvenings(t, Options{Seed: 3, Start: start, MixShapes: true, Kick: true}, 3)
	for i, p := range frames {
		said, ok := p.line()
		if !ok {
			continue
		}
		if p.isFirstWords() {
			firsts[strconv.Itoa(p.evening)+p.kind+said.by]++
			if next, _ := frames[i+1].line(); said.id != "" && said.id != next.id || said.by != next.by {
				t.Errorf("first words %s are followed by %s", p.body, frames[i+1].body)
			}
			continue
		}
		count(found, p, said.text)
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
			t.Errorf("no %s in three evenings", want)
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
		"Kick reply":          p.kind == "Kick.ChatMessage" && p.data["isReply"] == true,
		"emote":               strings.Contains(body, `"startIndex"`),
		"restream on Twitch":  strings.Contains(body, `"restreambot"`),
		"restream on YouTube": strings.Contains(body, `"name":"Restream"`),
		"first message":       strings.Contains(body, `"firstMessage":true`),
		"markup":              strings.Contains(body, "<b>"),
		"Nested":              p.kind == "Twitch.ChatMessage" && p.data["messageId"] == nil,
		"Both":                p.kind == "Twitch.ChatMessage" && p.data["messageId"] != nil && p.data["message"] != nil,
		"Flat":                p.kind == "Twitch.ChatMessage" && p.data["broadcaster"] != nil,
	} {
		if yes {
			found[name]++
		}
	}
}

// The offsets are checked the way a JavaScript reader uses them: on the UTF-16 text itself.
func TestEmoteOffsetsCountUTF16(t *testing.T) {
	beyond := 0
	for _, p := range play(t, Options{Seed: 9, Start: start, MixShapes: true}, 1500) {
		said, ok := p.line()
		if !ok {
			continue
		}
		text := said.text
		wide := utf16.Encode([]rune(text))
		nested, _ := p.data["message"].(map[string]any)
		for _, list := range []any{p.data["emotes"], nested["emotes"]} {
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
		if parts, ok := p.data["parts"].([]any); ok {
			var joined strings.Builder
			for _, part := range parts {
				joined.WriteString(part.(map[string]any)["text"].(string))
			}
			if joined.String() != text && p.kind != "Twitch.Cheer" {
				t.Fatalf("parts say %q, the text %q", joined.String(), text)
			}
		}
	}
	if beyond == 0 {
		t.Error("no emote stands behind a character outside the BMP: the test shows nothing")
	}
}

// A title set from outside is the one that the next change comes from.
func TestTitled(t *testing.T) {
	e := New(Options{Seed: 8, Start: start})
	e.Titled("by hand")
	for {
		for _, p := range readAll(t, e, e.at) {
			if p.kind == "Twitch.StreamUpdate" {
				if got := p.str("oldStatus"); got != "by hand" {
					t.Errorf("the old title is %q", got)
				}
				return
			}
		}
	}
}

// After many evenings the crowd is no larger and months are still months.
func TestManyEvenings(t *testing.T) {
	e := New(Options{Seed: 4, Start: start, MixShapes: true, Kick: true})
	people := len(e.cast)
	for at := start; e.number < 30; at = at.Add(time.Second) {
		e.Next(at)
	}
	if len(e.cast) != people || len(e.guests) > 120 || len(e.began) > 200 || len(e.recent) > recentLines {
		t.Errorf("%d regulars, %d guests, %d have spoken, %d lines", len(e.cast), len(e.guests), len(e.began), len(e.recent))
	}
	for _, v := range e.cast {
		if v.months > longestSub+1 {
			t.Errorf("%s is subscribed for %d months", v.login, v.months)
		}
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
