package streamerbot

import (
	"strings"
	"unicode/utf8"

	"promethean/schema"
)

// Bounds on what a source may call its types, in bytes.
const (
	maxFrameType = 256
	maxTypeToken = 48
)

// lowered appends s in lower case, as strings.ToLower has it; it is for looking
// names up without a string of their own.
func lowered[T string | []byte](b []byte, s T) []byte {
	from := len(b)
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return append(b[:from], strings.ToLower(string(s))...)
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

// upper is the name of a platform as channels and payloads have it.
func upper(p schema.Provider) string {
	switch p {
	case schema.Twitch:
		return "TWITCH"
	case schema.YouTube:
		return "YOUTUBE"
	}
	return strings.ToUpper(string(p))
}

// provider is the platform that a source's facts belong to.
func provider(source string) schema.Provider {
	var memory [16]byte
	switch string(lowered(memory[:0], source)) {
	case "twitch":
		return schema.Twitch
	case "youtube":
		return schema.YouTube
	case "kick":
		return schema.Kick
	case "trovo":
		return schema.Trovo
	case "obs":
		return schema.OBS
	}
	return schema.StreamerBot
}

// passThroughType is streamerbot.<source>.<type> in snake case.
func passThroughType(source, kind string) schema.Type {
	return schema.Type("streamerbot." + snake(source) + "." + snake(kind))
}

// snake writes a camel-case name in snake case of [a-z0-9_]: StreamElements
// is stream_elements, VTubeStudio v_tube_studio. YouTube is one word.
func snake(name string) string {
	name = strings.ReplaceAll(strings.ReplaceAll(name, "YouTube", "Youtube"), "youTube", "youtube")
	var b strings.Builder
	for i, r := range name {
		if b.Len() >= maxTypeToken-1 {
			break
		}
		upper := r >= 'A' && r <= 'Z'
		if upper && i > 0 && startsWord(name, i) {
			b.WriteByte('_')
		}
		switch {
		case upper:
			b.WriteByte(byte(r) + 'a' - 'A')
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteByte(byte(r))
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// startsWord reports whether the capital at i > 0 begins a word: after a small
// letter or digit, or before a small letter in a run of capitals.
func startsWord(name string, i int) bool {
	before := name[i-1]
	if before >= 'a' && before <= 'z' || before >= '0' && before <= '9' {
		return true
	}
	capital := before >= 'A' && before <= 'Z'
	return capital && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
}

// frameType is the source's own name of a type, cut to maxFrameType bytes.
// whole says that nothing was cut and that it can be taken apart again.
func frameType(source, kind string) (name string, whole bool) {
	whole = len(source)+1+len(kind) <= maxFrameType && !strings.Contains(source, ".")
	name = source + "." + kind
	if len(name) <= maxFrameType {
		return name, whole
	}
	cut := maxFrameType
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut], false
}
