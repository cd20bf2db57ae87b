package evening

import (
	"strings"
	"unicode/utf16"
)

// segment is a run of text, one emote (then text is its name) or one cheer (then text is e.g. "Cheer100").
type segment struct {
	text  string
	emote bool
	bits  int
}

// plainText says that a segment is neither emote nor cheer.
func (s segment) plainText() bool { return !s.emote && s.bits == 0 }

// placed is an emote where it stands in a line. The offsets are inclusive and count UTF-16 units,
// as recorded (reference/streamerbot.md section 4.1).
type placed struct {
	name       string
	bits       int // of a cheer
	start, end int
}

func plain(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.text)
	}
	return b.String()
}

// place finds the emotes and cheers of a line.
func place(segments []segment) []placed {
	var found []placed
	at := 0
	for _, s := range segments {
		n := units(s.text)
		if !s.plainText() {
			found = append(found, placed{name: s.text, bits: s.bits, start: at, end: at + n - 1})
		}
		at += n
	}
	return found
}

// units counts UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// words joins pieces with single spaces and merges neighbouring text, so that a line is the fewest
// possible segments, as in `parts`.
func words(pieces []segment) []segment {
	var line []segment
	for i, p := range pieces {
		if i > 0 {
			line = join(line, segment{text: " "})
		}
		line = join(line, p)
	}
	return line
}

func join(line []segment, s segment) []segment {
	if s.text == "" {
		return line
	}
	if last := len(line) - 1; last >= 0 && s.plainText() && line[last].plainText() {
		line[last].text += s.text
		return line
	}
	return append(line, s)
}
