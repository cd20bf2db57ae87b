package evening

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The frames of real servers, from the shared folder where it exists and from this repository always.
var frameFolders = []string{"testdata/frames", "../../../../../shared/frames/streamerbot"}

// documented are fields that the written shapes have and the fixtures happen not to show.
var documented = map[string][]string{
	"Twitch": {
		"data.reply:object", "data.reply.userName:string", "data.reply.msgBody:string",
		"data.message.reply:object", "data.message.reply.userName:string", "data.message.reply.msgBody:string",
		"data.message.emotes[]:object", "data.emotes[]:object",
		"data.message.subscriptionTier:string", "data.message.emotes[].id:string", "data.message.emotes[].type:string",
		"data.message.emotes[].name:string", "data.message.emotes[].startIndex:number",
		"data.message.emotes[].endIndex:number", "data.message.emotes[].imageUrl:string",
		"data.emotes[].id:string", "data.emotes[].type:string", "data.emotes[].name:string", "data.emotes[].startIndex:number",
		"data.emotes[].endIndex:number", "data.emotes[].imageUrl:string", "data.parts[].zeroWidth:bool",
		"data.parts[].source:string", "data.parts[].imageUrl:string", "data.user.subscriptionTier:string",
	},
	"YouTube": {
		"data.emotes[]:object",
		"data.emotes[].type:string", "data.emotes[].name:string", "data.emotes[].startIndex:number",
		"data.emotes[].endIndex:number", "data.emotes[].imageUrl:string",
		"data.parts[].type:string", "data.parts[].source:string", "data.parts[].imageUrl:string",
		"data.broadcast.tags[]:string",
	},
	"Kick": {},
}

// since105 are the fields 1.0.5 added (reference/streamerbot.md section 4.1).
var since105 = []string{
	"data.broadcaster:object", "data.broadcaster.id:string", "data.broadcaster.login:string",
	"data.broadcaster.name:string", "data.broadcaster.type:string", "data.createdAt:string",
	"data.isInSharedChat:bool", "data.isSharedChatHost:bool", "data.isFromSharedChatGuest:bool",
	"data.meta.isInSharedChat:bool", "data.meta.isSharedChatHost:bool", "data.meta.isFromSharedChatGuest:bool",
	"data.meta.firstMessageTimestamp:string", "data.meta.createdAt:string",
}

type shapeOf struct{ needed, allowed map[string]bool }

func TestFramesHaveTheRecordedShape(t *testing.T) {
	for _, tt := range []struct {
		name  string
		shape Shape
		tag   string // of the fixtures' names
	}{
		{"nested", Nested, "old"},
		{"both", Both, "v025"},
		{"flat", Flat, "v105"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			known := map[string]shapeOf{}
			seen := map[string]int{}
			for _, f := range play(t, Options{Seed: 7, Start: start, Shape: tt.shape, Kick: true}, 1200) {
				kind := f.kind()
				want, ok := known[kind]
				if !ok {
					want = recordedShape(t, kind, tt.tag)
					known[kind] = want
				}
				seen[kind]++
				compareShape(t, f, want)
				if t.Failed() {
					return
				}
			}
			for _, kind := range []string{"Twitch.ChatMessage", "Twitch.FirstWord", "YouTube.Message", "YouTube.FirstWords", "Kick.ChatMessage", "Kick.FirstWords"} {
				if seen[kind] == 0 {
					t.Errorf("no %s in the evening", kind)
				}
			}
		})
	}
}

func compareShape(t *testing.T, f played, want shapeOf) {
	t.Helper()
	got := map[string]bool{}
	paths("", f.value, got)
	for p := range got {
		if !want.allowed[p] {
			t.Errorf("%s has %s, which no recorded frame has\n%s", f.kind(), p, f.body)
		}
	}
	for p := range want.needed {
		if !got[p] {
			t.Errorf("%s lacks %s, which all recorded frames have\n%s", f.kind(), p, f.body)
		}
	}
}

// recordedShape gives the paths of all fixtures of one kind and tag: what every one has and what any
// one has. There being no recorded Twitch frame of 1.0.5, its shape is made of the one before and the
// documented changes.
func recordedShape(t *testing.T, kind, tag string) shapeOf {
	t.Helper()
	source, _, _ := strings.Cut(kind, ".")
	flat := tag == "v105"
	switch {
	case source == "Kick":
		tag = "v100"
	case kind == "YouTube.FirstWords", flat:
		tag = "v025"
	}
	s := shapeOf{allowed: map[string]bool{}}
	for _, file := range fixtures(t, kind, tag) {
		got := map[string]bool{}
		paths("", readJSON(t, file), got)
		maps.Copy(s.allowed, got)
		maps.DeleteFunc(got, func(p string, _ bool) bool { return strings.Contains(p, "[]") })
		if s.needed == nil {
			s.needed = got
		}
		maps.DeleteFunc(s.needed, func(p string, _ bool) bool { return !got[p] })
	}
	for _, p := range documented[source] {
		s.allowed[p] = true
	}
	if source == "Twitch" && flat {
		gone := func(p string, _ bool) bool {
			return strings.HasPrefix(p, "data.message.") || strings.HasPrefix(p, "data.message:") ||
				p == "data.isSharedChat:bool" || p == "data.meta.clientNonce:string"
		}
		maps.DeleteFunc(s.allowed, gone)
		maps.DeleteFunc(s.needed, gone)
		for _, p := range since105 {
			s.allowed[p], s.needed[p] = true, true
		}
	}
	// Optional by section 4.1, and in every fixture of some kinds by chance.
	for _, p := range []string{"subscriptionTier", "clientNonce", "defaultLanguage", "defaultAudioLanguage", "reply"} {
		maps.DeleteFunc(s.needed, func(path string, _ bool) bool { return strings.Contains(path, "."+p+":") })
	}
	return s
}

func fixtures(t *testing.T, kind, tag string) []string {
	t.Helper()
	var files []string
	for _, folder := range frameFolders {
		found, err := filepath.Glob(filepath.Join(folder, kind+"."+tag+"*.json"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatalf("no fixture of %s.%s", kind, tag)
	}
	return files
}

// paths collects the path and JSON type of every value. The reply object of Kick may be null.
func paths(at string, v any, into map[string]bool) {
	add := func(kind string) { into[at+":"+kind] = true }
	switch v := v.(type) {
	case map[string]any:
		if at != "" {
			add("object")
		}
		for k, inner := range v {
			paths(strings.TrimPrefix(at+"."+k, "."), inner, into)
		}
	case []any:
		add("array")
		for _, inner := range v {
			paths(at+"[]", inner, into)
		}
	case string:
		add("string")
	case bool:
		add("bool")
	case json.Number, float64:
		add("number")
	case nil:
		add("null")
	default:
		add(fmt.Sprintf("%T", v))
	}
}

func readJSON(t *testing.T, file string) any {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return v
}

var start = time.Date(2026, 3, 4, 19, 20, 0, 123456700, time.FixedZone("", 3600))

// played is a frame of an evening, read back.
type played struct {
	body  []byte
	value map[string]any
	line  int
}

func (p played) kind() string {
	e := p.value["event"].(map[string]any)
	return e["source"].(string) + "." + e["type"].(string)
}

func (p played) data() map[string]any { return p.value["data"].(map[string]any) }

func play(t *testing.T, o Options, lines int) []played {
	t.Helper()
	e := New(o)
	at := o.Start
	var all []played
	for n := range lines {
		at = at.Add(e.Gap(5))
		for _, body := range e.Next(at) {
			p := played{body: body, line: n}
			if err := json.Unmarshal(body, &p.value); err != nil {
				t.Fatalf("line %d: %v\n%s", n, err, body)
			}
			all = append(all, p)
		}
	}
	return all
}

func sorted(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
