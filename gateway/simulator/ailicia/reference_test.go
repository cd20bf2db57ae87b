package ailicia

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// reference is the field table of reference/ailicia.md section 3: name, kind, and R, O (may be missing) or
// N (may be null). Everything marked is expected to happen in an evening, but what is marked with "!".
const reference = `
chat.message: id string R, username string R, message string R, language string R, platform string R, isSubscriber bool R, isVip bool R, isModerator bool R, sentDateTime time R, isCaption bool O
chat.ai_message: id string R, username string R, message string R, target string R, targetRole string R, shouldGenerateTtsMessage bool R, characterId string ON!, tone string ON!, sentDateTime time R
chat.first_message: memory object ON, greeting string ON!, username string R, sentDateTime time R
ai.thoughts: reasoning string R, shouldAnswer bool R, compiledFromMultiple bool R, sentDateTime time R
ai.tts.generated: messageId string R, username string R, textToSpeech string R, audioFormat string R, generationTimeMs int R, audioSizeBytes int R, ttsStreamUrl string R, sentDateTime time R
channel.event: eventType string R, username string ON!, gifter string ON, count int ON, value int ON, raidViewers int ON, message string ON, currency string O, sentDateTime time R
channel.go_live: sentDateTime time R
channel.go_offline: sentDateTime time R
ai.moderation: messageId string R, username string R, originalMessage string R, isAppropriate bool R, categoriesScore object R, moderationEnabled bool R, sentDateTime time R
api.event: eventType string R, content string R, shouldGenerate bool R, ttl int ON, expiresAt time ON
system.join: channelId string R, channelName string R, sentDateTime time R
system.left: channelId string R, channelName string R, sentDateTime time R
character.updated: characterId string R, displayName string R, sentDateTime time R
`

type field struct{ name, kind, marks string }

func fields() map[string][]field {
	all := map[string][]field{}
	for line := range strings.Lines(strings.TrimSpace(reference)) {
		kind, list, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for one := range strings.SplitSeq(list, ", ") {
			part := strings.Fields(one)
			all[kind] = append(all[kind], field{part[0], part[1], part[2]})
		}
	}
	return all
}

// coverage names what an evening has to have of the optional fields.
func coverage() (want []string) {
	for kind, list := range fields() {
		for _, f := range list {
			if strings.Contains(f.marks, "!") {
				continue
			}
			if strings.Contains(f.marks, "O") {
				want = append(want, kind+" without "+f.name, kind+" with "+f.name)
			}
			if strings.Contains(f.marks, "N") {
				want = append(want, kind+" with a null "+f.name)
			}
		}
	}
	return want
}

// checkPayload holds a payload against the table, and counts what it sees.
func checkPayload(d decoded, seen map[string]int) (problems []string) {
	known := map[string]bool{}
	for _, f := range fields()[d.Type] {
		known[f.name] = true
		value, there := d.Payload[f.name]
		switch {
		case !there:
			seen[d.Type+" without "+f.name]++
			if f.marks == "R" {
				problems = append(problems, "no "+f.name)
			}
		case value == nil:
			seen[d.Type+" with a null "+f.name]++
			if !strings.Contains(f.marks, "N") {
				problems = append(problems, f.name+" is null")
			}
		default:
			seen[d.Type+" with "+f.name]++
			if !isA(value, f.kind) {
				problems = append(problems, fmt.Sprintf("%s is %v, not a %s", f.name, value, f.kind))
			}
		}
	}
	for name := range d.Payload {
		if !known[name] && d.Type != Undocumented {
			problems = append(problems, name+" is in no reference")
		}
	}
	if !isA(d.Timestamp, "time") || d.ID == "" || d.Channel.Name == "" || d.Stream != nil && d.Stream.ID == "" {
		problems = append(problems, "no envelope")
	}
	return problems
}

func isA(value any, kind string) bool {
	switch kind {
	case "bool":
		_, ok := value.(bool)
		return ok
	case "int":
		n, ok := value.(float64)
		return ok && n == math.Trunc(n)
	case "object":
		_, ok := value.(map[string]any)
		return ok
	}
	text, ok := value.(string)
	if kind == "time" {
		at, err := time.Parse(time.RFC3339, text)
		return ok && err == nil && at.Location() == time.UTC
	}
	return ok && text != ""
}
