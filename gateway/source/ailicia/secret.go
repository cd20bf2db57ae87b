package ailicia

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// ai_licia's ttsStreamUrl is https://api.getailicia.com/tts/{userId}/{browserKey}:
// whoever has it can listen (reference: ailicia.md 4). The key is looked for in
// whatever text, in the shapes that an address may take on its way through JSON,
// URLs and HTML.

// redacted stands where a secret was. It may stand in a URL's path.
const redacted = "redacted"

// beforeSecret are what a secret begins behind, in canonical text. It goes on to
// the end of the word.
var beforeSecret = []*regexp.Regexp{
	// tts/user/, and tts//.
	regexp.MustCompile(`(?i)(?:^|[^a-z0-9])tts(?:[/\\]+[^/\\?#\s"<>]+[/\\?#]+|[/\\]{2,})`),
	// /tts? and /tts/?
	regexp.MustCompile(`(?i)[/\\]tts[/\\]*[?#]`),
	// tts/, alone behind ai_licia's own host.
	regexp.MustCompile(`(?i)getailicia\.[^\s"<>]*?[/\\]tts[/\\]+(?:[^/\\?#\s"<>]+[/\\?#]+)?`),
	// browserKey=, "browser_key": "
	regexp.MustCompile(`(?i)browser[_\- ]?key["']?\s*[:=]+\s*["']?`),
	regexp.MustCompile(`(?i)tts[_\- ]?stream[_\- ]?ur[li]["']?\s*[:=]+\s*["']?`),
}

// span is a stretch of bytes.
type span struct{ from, to int }

// secretsIn are where secrets stand in one source, read in one way or more. They
// are in order and apart.
func secretsIn(readings ...decoded) []span {
	var found []span
	for _, d := range readings {
		c := d.canonical()
		if !suspect(c) {
			continue
		}
		for _, begin := range beforeSecret {
			end := 0
			for _, m := range begin.FindAllIndex(c.text, -1) {
				from := c.source(m[1])
				if from < end {
					continue // in the word before; to look for its end again and again takes for ever
				}
				if s := d.word(from); s.from < s.to {
					found, end = append(found, s), s.to
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var apart []span
	for _, s := range found {
		if last := len(apart) - 1; last >= 0 && s.from <= apart[last].to {
			apart[last].to = max(apart[last].to, s.to)
			continue
		}
		apart = append(apart, s)
	}
	return apart
}

// word is from a place in the source to the end of the word there: a space, a
// quote or an angle bracket, as they stand once the outermost escapes are out.
func (d decoded) word(from int) span {
	i := d.place(from)
	end := len(d.text)
	if n := bytes.IndexAny(d.text[i:], ` "<>`); n >= 0 {
		end = i + n
	}
	for end > i && d.text[end-1] == '\\' {
		end-- // it belongs to the quote
	}
	return span{from, d.source(end)}
}

// suspect reports whether there may be a secret in canonical text.
func suspect(canonical decoded) bool {
	small := bytes.ToLower(canonical.text)
	return bytes.Contains(small, []byte("tts")) || bytes.Contains(small, []byte("browser"))
}

// isSecret reports whether a member of this name is a secret, or an address
// that has one, however it is spelt.
func isSecret(name string) bool {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
	return strings.Contains(name, "browserkey") ||
		strings.Contains(name, "tts") && (strings.Contains(name, "url") || strings.Contains(name, "uri"))
}

// harmless is the part of an address that may stay.
var harmless = regexp.MustCompile(`(?i)^https?://[a-z0-9.-]+(?::[0-9]+)?(?:/v[0-9]+)?/tts/[^/\\?#\s"<>]+/`)

// secretValue is what is secret of the text of a member that isSecret: behind
// the user where it is of the form that is known, else all.
func secretValue(d decoded) span {
	c := d.canonical()
	from := 0
	if m := harmless.FindIndex(c.text); m != nil {
		from = c.source(m[1])
	}
	return span{from, d.source(len(d.text))}
}
