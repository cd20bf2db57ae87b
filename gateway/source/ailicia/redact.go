package ailicia

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"promethean/schema"
)

// Bounds of what is said of where secrets stood.
const (
	maxPaths = 32
	maxPath  = 256
)

// redact is data without secrets, and the paths where they stood; data itself
// where there are none. Nothing else is changed, not one byte. What is no JSON
// is redacted as one text, whose path is "frame".
func redact(data []byte) (clean []byte, paths []string) {
	if schema.CheckJSON(data) == nil {
		r := redaction{source: data}
		if suspect(unquoted(data).canonical()) {
			r.json()
		}
		return r.result()
	}
	clean = data
	// What a text is read as may change with what was taken out of it.
	for range mostReadings {
		r := redaction{source: clean}
		r.each(secretsIn(plainly(clean), unquoted(clean)), 0, "frame")
		if len(r.paths) == 0 {
			break
		}
		clean, paths = r.result()
	}
	return clean, paths
}

// mostReadings is how often a text that is no JSON is redacted.
const mostReadings = 4

// redactText is a text without secrets that is no JSON: a name, a message.
func redactText(s string) string {
	clean, _ := redact([]byte(s))
	return string(clean)
}

// redaction is a text on its way through redact.
type redaction struct {
	source []byte
	// out is what the source is up to done.
	out   []byte
	done  int
	paths []string
}

func (r *redaction) result() (clean []byte, paths []string) {
	if len(r.paths) == 0 {
		return r.source, nil
	}
	return append(r.out, r.source[r.done:]...), r.paths
}

// replace puts the word for a secret in the place of a stretch.
func (r *redaction) replace(s span, with, path string) {
	if string(r.source[s.from:s.to]) == with {
		return
	}
	r.out = append(append(r.out, r.source[r.done:s.from]...), with...)
	r.done = s.to
	if n := len(r.paths); n < maxPaths && (n == 0 || r.paths[n-1] != path) {
		r.paths = append(r.paths, path)
	}
}

// text redacts a stretch between quotes.
func (r *redaction) text(s span, path string) {
	r.each(secretsIn(unquoted(r.source[s.from:s.to])), s.from, path)
}

// each redacts secrets that are told from a place on.
func (r *redaction) each(secrets []span, from int, path string) {
	for _, s := range secrets {
		r.replace(span{from + s.from, from + s.to}, redacted, path)
	}
}

// level is an object or a list that is open.
type level struct {
	object bool
	// path leads here; member is the name or number of the member that is next; of
	// is the name of the member that this is, or of the list that it is in.
	path, member, of string
	// atKey says that a key is next; n counts a list's members.
	atKey bool
	n     int
	// secret: everything in it is. isSecret: the next member is.
	secret, isSecret bool
}

// json redacts JSON that is good, text by text.
func (r *redaction) json() {
	d := json.NewDecoder(bytes.NewReader(r.source))
	d.UseNumber()
	levels := []level{{member: "frame"}}
	for {
		before := int(d.InputOffset())
		token, err := d.Token()
		if err != nil {
			return // the end: it is good JSON
		}
		from := before + bytes.IndexFunc(r.source[before:], func(c rune) bool { return !strings.ContainsRune(" \t\r\n,:", c) })
		at := span{from, int(d.InputOffset())}
		top := &levels[len(levels)-1]
		switch token := token.(type) {
		case json.Delim:
			if token == '}' || token == ']' {
				levels = levels[:len(levels)-1]
				levels[len(levels)-1].next()
				continue
			}
			levels = append(levels, top.open(token == '{'))
		case string:
			if top.atKey {
				top.key(token)
				r.text(span{at.from + 1, at.to - 1}, top.name())
				continue
			}
			r.value(span{at.from + 1, at.to - 1}, top)
			top.next()
		case json.Number:
			if top.secret || top.isSecret {
				r.replace(at, `"`+redacted+`"`, top.name())
			}
			top.next()
		default:
			top.next()
		}
	}
}

// value redacts the text between the quotes of a member's value.
func (r *redaction) value(s span, of *level) {
	if !of.secret && !of.isSecret {
		r.text(s, of.name())
		return
	}
	secret := secretValue(unquoted(r.source[s.from:s.to]))
	if secret.from < secret.to {
		r.replace(span{s.from + secret.from, s.from + secret.to}, redacted, of.name())
	}
}

// open is the level of the next member.
func (l *level) open(object bool) level {
	in := level{object: object, atKey: object, path: l.name(), of: l.of, secret: l.secret || l.isSecret}
	if l.object {
		in.of = l.member
	}
	return in
}

// key takes a name. tts and url, browser and key may be in two of them.
func (l *level) key(name string) {
	l.atKey, l.isSecret = false, isSecret(l.of+name)
	l.member = redactText(name)
}

func (l *level) next() {
	l.atKey, l.isSecret = l.object, false
	l.n++
}

// name is the path of the next member, e.g. payload.ttsStreamUrl or meta.urls.0.
func (l *level) name() string {
	member := l.member
	if !l.object && l.path != "" {
		member = strconv.Itoa(l.n)
	}
	name := strings.TrimPrefix(l.path+"."+member, ".")
	if name = strings.TrimPrefix(name, "frame."); len(name) > maxPath {
		name = strings.ToValidUTF8(name[:maxPath], "")
	}
	return name
}
