// Package eventline writes an event as one line for a person.
//
// What an event says came from strangers: every text passes [Safe], so that
// nobody in chat can write escape sequences to a terminal, turn its lines
// around or make two lines of one. It is pure: the clock, the zone and what
// the terminal can do are given.
//
// A tour: line.go puts a line together; chat.go, channel.go and own.go say what
// a payload means; colour.go and safe.go are what their names say.
package eventline

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/text/width"

	"promethean/schema"
)

// Event is what the log has of one event.
type Event struct {
	Body    []byte
	Subject string
	// Origin is the message's header of that name.
	Origin string
}

// Style is what the reader's terminal can do.
type Style struct {
	Colours Colours
	// Width is how many columns there are; 0 cuts nothing.
	Width int
	// Zone is the zone of the times shown. An event that is not of Today's date
	// is shown with its date.
	Zone  *time.Location
	Today time.Time
}

// Format gives the line, without a line end: time, provider, type, and what the
// payload says. Payloads that this program does not know are shown as compact
// JSON, cut to the width.
func Format(e Event, s Style) string {
	l := &line{style: s}
	envelope, err := schema.Parse(e.Body)
	if err != nil {
		l.paint(red, "not an event: ")
		l.text(e.Subject + ": " + err.Error())
		return l.b.String()
	}
	l.head(envelope, e)
	if !describe(l, envelope) {
		l.rest(compact(envelope.Payload))
	}
	return l.b.String()
}

// describe writes what the payload says; false where it cannot.
func describe(l *line, e schema.Envelope) bool {
	for _, family := range []func(*line, schema.Envelope) bool{chat, channel, ai, own, title} {
		if family(l, e) {
			return true
		}
	}
	return false
}

func (l *line) head(e schema.Envelope, event Event) {
	at := e.Timestamp.In(l.style.Zone)
	form := time.TimeOnly
	if y, m, d := at.Date(); !l.style.Today.IsZero() {
		if ty, tm, td := l.style.Today.In(l.style.Zone).Date(); y != ty || m != tm || d != td {
			form = time.DateTime
		}
	}
	provider := providerOf(event.Subject)
	l.paint(dim, at.Format(form))
	l.text(" ")
	l.paint(platformColour(provider), pad(provider, 8))
	l.text(" ")
	l.paint(cyan, pad(string(e.Type), 21))
	l.text(" ")
	if isTest(e, event.Origin) {
		l.paint(yellow, "[test] ")
	}
	if event.Origin == string(schema.Replay) {
		l.paint(yellow, "[replay] ")
	}
}

// isTest reports whether anything says that this is a rehearsal.
func isTest(e schema.Envelope, origin string) bool {
	var payload struct {
		IsTest bool `json:"isTest"`
	}
	_ = json.Unmarshal(e.Payload, &payload) // a payload that is no object says nothing
	meta, err := schema.ParseMeta(e.Meta)
	return payload.IsTest || origin == string(schema.Test) || err == nil && meta.Gateway.Origin == schema.Test
}

// providerOf is the provider's token of promethean.p.<provider>.t. …
func providerOf(subject string) string {
	tokens := strings.SplitN(subject, ".", 4)
	if len(tokens) < 4 {
		return "?"
	}
	return tokens[2]
}

// line is a line that is being written. Every text on it has passed [Safe].
type line struct {
	b     strings.Builder
	style Style
	// columns counts what was written so far.
	columns int
}

// text writes plain text.
func (l *line) text(s string) { l.write(Safe(s)) }

// paint writes text in a colour.
func (l *line) paint(c colour, s string) {
	begin := c.code(l.style.Colours)
	if begin == "" || s == "" {
		l.text(s)
		return
	}
	l.b.WriteString(begin)
	l.text(s)
	l.b.WriteString(reset)
}

// rest writes text up to the terminal's edge.
func (l *line) rest(s string) {
	s = Safe(s)
	room := l.style.Width - l.columns
	if l.style.Width == 0 || columns(s) <= room {
		l.write(s)
		return
	}
	used := 0
	for i, r := range s {
		if used += runeColumns(r); used > room-1 {
			l.write(s[:i] + "…")
			return
		}
	}
}

// write writes safe text.
func (l *line) write(s string) {
	l.b.WriteString(s)
	l.columns += columns(s)
}

// columns is about how wide a terminal shows s.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

func pad(s string, to int) string { return s + strings.Repeat(" ", max(0, to-columns(s))) }

// compact is JSON without white space, or as it is where it is none.
func compact(value []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}

// read gives a payload to say where it is one of T.
func read[T any](e schema.Envelope, say func(T)) bool {
	var v T
	if trimmed := bytes.TrimSpace(e.Payload); len(trimmed) == 0 || trimmed[0] != '{' || json.Unmarshal(trimmed, &v) != nil {
		return false
	}
	say(v)
	return true
}
