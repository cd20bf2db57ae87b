package evening

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The frames of real servers, from the shared folder where it exists and from this repository always.
var frameFolders = []string{"testdata/frames", "../../../../../shared/frames/streamerbot"}

// documented are fields that fixtures happen not to show, in the notation of the written reference:
// of a source, inside what the fixtures of an event have, and of an event.
var documented = map[string]string{
	"Twitch": "user=twitchUser message.subscriptionTier:s message.emotes[]=emote message.badges[]=oldBadge " +
		"emotes[]=emote parts[]=emotePart parts[].zeroWidth:b",
	"YouTube": "broadcast=broadcast emotes[]=emote parts[]=emotePart",
	"Kick":    "user=kickUser recipient=kickUser reply.sender=kickUser",

	"Twitch.FirstWord":                 "reply.userName:s reply.msgBody:s message.reply.userName:s message.reply.msgBody:s",
	"Twitch.ChatMessage":               "reply.userName:s reply.msgBody:s message.reply.userName:s message.reply.msgBody:s",
	"Twitch.RewardUpdated":             "cooldown_expires_at:s redemptions_redeemed_current_stream:n",
	"Twitch.AutomaticRewardRedemption": "unlocked_emote.id:s unlocked_emote.name:s unlocked_emote.imageUrl:s",
}

// addedIn105 are the fields 1.0.5 added (reference/streamerbot.md section 4.1).
var addedIn105 = []string{
	"data.broadcaster:object", "data.broadcaster.id:string", "data.broadcaster.login:string",
	"data.broadcaster.name:string", "data.broadcaster.type:string", "data.createdAt:string",
	"data.isInSharedChat:bool", "data.isSharedChatHost:bool", "data.isFromSharedChatGuest:bool",
	"data.meta.isInSharedChat:bool", "data.meta.isSharedChatHost:bool", "data.meta.isFromSharedChatGuest:bool",
	"data.meta.firstMessageTimestamp:string", "data.meta.createdAt:string",
}

type shapeOf struct{ needed, allowed map[string]bool }

// Every frame has the fields, and the JSON kinds of them, that frames of real servers have or, where
// there are none of its kind, the written reference.
func TestFramesHaveTheRecordedShape(t *testing.T) {
	for _, tt := range []struct {
		name  string
		shape Shape
		tags  []string // of the fixtures' names, best first
	}{
		{"nested", Nested, []string{"old", "v025", "v100", "doc", "community"}},
		{"both", Both, []string{"v025", "v100", "doc", "community", "old"}},
		{"flat", Flat, []string{"v105", "v025", "v100", "doc", "community", "old"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			known := map[string]shapeOf{}
			for _, f := range playEvenings(t, Options{Seed: 7, Start: start, Shape: tt.shape, Kick: true}, 2) {
				want, ok := known[f.kind]
				if !ok {
					want = shapeFor(t, f.kind, tt.shape, tt.tags)
					known[f.kind] = want
				}
				if f.kind != "General.Custom" { // whatever was broadcast
					compareShape(t, f, want)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

// shapeFor finds what a kind of frame must look like.
func shapeFor(t *testing.T, kind string, s Shape, tags []string) shapeOf {
	t.Helper()
	if kind == "General.Custom" {
		return shapeOf{}
	}
	if found, ok := lookUp(kind, s); ok {
		found.add("timeStamp:string", false)
		found.add("event:object", false)
		found.add("event.source:string", false)
		found.add("event.type:string", false)
		return found
	}
	for _, tag := range tags {
		if files := fixtures(t, kind, tag); len(files) > 0 {
			return recordedShape(t, kind, files, s)
		}
	}
	t.Fatalf("neither a frame nor the reference says what %s looks like", kind)
	return shapeOf{}
}

func compareShape(t *testing.T, f played, want shapeOf) {
	t.Helper()
	got := map[string]bool{}
	paths("", f.value, got)
	for p := range got {
		if !want.allowed[p] {
			t.Errorf("%s has %s, which no recorded frame has\n%s", f.kind, p, f.body)
		}
	}
	for p := range want.needed {
		if !got[p] {
			t.Errorf("%s lacks %s, which all recorded frames have\n%s", f.kind, p, f.body)
		}
	}
}

// recordedShape gives the paths of some fixtures: what every one has and what any one has. There being
// no recorded Twitch chat of 1.0.5, its shape is made of the one before and the documented changes.
func recordedShape(t *testing.T, kind string, files []string, shape Shape) shapeOf {
	t.Helper()
	source, _, _ := strings.Cut(kind, ".")
	s := shapeOf{allowed: map[string]bool{}}
	for _, file := range files {
		got := map[string]bool{}
		paths("", readJSON(t, file), got)
		maps.Copy(s.allowed, got)
		maps.DeleteFunc(got, func(p string, _ bool) bool { return strings.Contains(p, "[]") })
		if s.needed == nil {
			s.needed = got
		}
		maps.DeleteFunc(s.needed, func(p string, _ bool) bool { return !got[p] })
	}
	inside := shapeOf{allowed: map[string]bool{}}
	inside.expand("data", documented[source], true)
	for p := range inside.allowed {
		if field := topLevel.FindString(p); s.allowed[field+":object"] || s.allowed[field+":array"] {
			s.allowed[p] = true
		}
	}
	s.expand("data", documented[kind], true)
	if shape == Flat && slices.Contains([]string{"Twitch.ChatMessage", "Twitch.FirstWord", "Twitch.Cheer"}, kind) {
		s.since105()
	}
	// Optional by section 4, and in every fixture of some kinds by chance.
	for _, p := range optional {
		maps.DeleteFunc(s.needed, func(path string, _ bool) bool {
			return strings.Contains(path, "."+p+":") || strings.Contains(path, "."+p+".")
		})
	}
	return s
}

// topLevel is the field of the data that a path is in.
var topLevel = regexp.MustCompile(`^data\.[^.:\[]+`)

// optional are fields that a frame may leave out.
var optional = []string{
	"subscriptionTier", "clientNonce", "defaultLanguage", "defaultAudioLanguage", "reply", "cooldown_expires_at",
	"redemptions_redeemed_current_stream", "unlocked_emote", "oldScene",
}

// since105 makes the chat of 1.0.5 of the one before.
func (s shapeOf) since105() {
	gone := func(p string, _ bool) bool {
		return strings.HasPrefix(p, "data.message.") || strings.HasPrefix(p, "data.message:") ||
			p == "data.isSharedChat:bool" || p == "data.meta.clientNonce:string"
	}
	maps.DeleteFunc(s.allowed, gone)
	maps.DeleteFunc(s.needed, gone)
	for _, p := range addedIn105 {
		s.allowed[p], s.needed[p] = true, true
	}
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
	return slices.DeleteFunc(files, func(f string) bool {
		return strings.Contains(f, ".edge") || strings.Contains(f, ".unknown")
	})
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

func sorted(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
