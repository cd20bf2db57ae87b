package ailicia

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"promethean/schema"
)

// maxName bounds what an envelope says of itself and of its channel, in bytes.
const maxName = 1024

// envelope is ai_licia's own, taken apart (reference: ailicia.md 2). What is
// required is there; what is optional is empty where it is missing or null.
type envelope struct {
	checked      schema.Checked
	id           string
	kind         schema.Type
	version      schema.Version
	timestamp    time.Time
	channel      schema.Channel
	streamID     string
	payload      schema.Checked
	meta         []byte
	extra        schema.Extra
	isIncomplete bool
}

// object is a JSON object's members: those with names that are asked for, and
// the others as they stand.
type object struct {
	known map[string]schema.Checked
	// extra are the others, as an object; nil where there are none.
	extra []byte
	// odd says that a member is there twice, or spelt nearly like one that is
	// asked for, so that extra and known do not hold everything.
	odd bool
}

var errNotObject = errors.New("not an ai_licia event: not a JSON object")

// readObject takes b apart; the error is schema's where b is no JSON.
func readObject(b []byte, names ...string) (object, schema.Checked, error) {
	o := object{known: map[string]schema.Checked{}}
	checked, err := schema.CheckMembers(b, func(key []byte, value schema.Checked) {
		name := text(key)
		if slices.Contains(names, name) {
			_, again := o.known[name]
			o.known[name], o.odd = value, o.odd || again
			return
		}
		if slices.ContainsFunc(names, func(known string) bool { return strings.EqualFold(known, name) }) {
			o.odd = true
			return
		}
		o.extra = append(append(append(append(o.extra, ','), key...), ':'), value.Bytes()...)
	})
	if err != nil {
		return object{}, schema.Checked{}, err
	}
	if trimmed := bytes.TrimLeft(b, " \t\r\n"); trimmed[0] != '{' {
		return object{}, schema.Checked{}, errNotObject
	}
	if o.extra != nil {
		o.extra[0] = '{'
		o.extra = append(o.extra, '}')
	}
	return o, checked, nil
}

// readEnvelope checks data and takes it apart. The error is the reason of a
// refusal.
func readEnvelope(data []byte) (envelope, error) {
	o, checked, err := readObject(data, "id", "type", "version", "timestamp", "channel", "stream", "payload", "meta")
	if err != nil {
		return envelope{}, err
	}
	e := envelope{checked: checked, payload: o.known["payload"], isIncomplete: o.odd}
	e.extra.Envelope = o.extra
	r := required{}
	e.id = r.text(o, "id")
	e.kind = schema.Type(r.text(o, "type"))
	e.timestamp = r.time(o, "timestamp")
	r.object(o, "channel")
	r.object(o, "payload")
	if r.err != nil {
		return e, r.err
	}
	if err := e.readChannel(o.known["channel"]); err != nil {
		return e, err
	}
	e.readOptional(o)
	return e, nil
}

func (e *envelope) readChannel(value schema.Checked) error {
	o, _, err := readObject(value.Bytes(), "id", "name", "platform")
	if err != nil {
		return err
	}
	r := required{within: "channel."}
	e.channel = schema.Channel{ID: r.text(o, "id"), Name: r.text(o, "name"), Platform: r.text(o, "platform")}
	e.extra.Channel, e.isIncomplete = o.extra, e.isIncomplete || o.odd
	return r.err
}

// readOptional reads what may be missing. What is there and not as ai_licia's
// reference has it is left out and makes the envelope incomplete.
func (e *envelope) readOptional(o object) {
	if version, is := o.present("version"); is {
		e.version = schema.Version(text(version))
		e.isIncomplete = e.isIncomplete || e.version == "" || len(e.version) > maxName
	}
	if len(e.version) > maxName {
		e.version = ""
	}
	if meta, is := o.present("meta"); is && meta[0] == '{' {
		e.meta = meta
	} else {
		e.isIncomplete = e.isIncomplete || is
	}
	if stream, is := o.present("stream"); is {
		e.readStream(stream)
	}
}

func (e *envelope) readStream(value []byte) {
	o, _, err := readObject(value, "id")
	id := text(o.known["id"].Bytes())
	if err != nil || o.odd || id == "" || len(id) > maxName {
		e.isIncomplete = true
		return
	}
	e.streamID, e.extra.Stream = id, o.extra
}

// present is the value of a member that is there and not null.
func (o object) present(name string) (value []byte, is bool) {
	value = o.known[name].Bytes()
	return value, value != nil && value[0] != 'n'
}

// required reads members that must be there, and keeps the first error.
type required struct {
	within string
	err    error
}

func (r *required) fail(name, what string) {
	if r.err == nil {
		r.err = fmt.Errorf("not an ai_licia event: %s%s %s", r.within, name, what)
	}
}

func (r *required) value(o object, name, kind string, first byte) ([]byte, bool) {
	value, is := o.present(name)
	switch {
	case !is:
		r.fail(name, "is missing")
	case value[0] != first:
		r.fail(name, "is not "+kind)
	default:
		return value, true
	}
	return nil, false
}

func (r *required) object(o object, name string) { r.value(o, name, "an object", '{') }

func (r *required) text(o object, name string) string {
	value, ok := r.value(o, name, "text", '"')
	s := text(value)
	switch {
	case !ok:
	case s == "" && r.within == "":
		r.fail(name, "is empty")
	case len(s) > maxName:
		r.fail(name, fmt.Sprintf("has %d bytes; the limit is %d", len(s), maxName))
	}
	return s
}

// time reads a date-time. One without a zone is UTC, as all of ai_licia's are.
func (r *required) time(o object, name string) time.Time {
	value, ok := r.value(o, name, "text", '"')
	if !ok {
		return time.Time{}
	}
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, text(value)); err == nil && schema.Writable(t) {
			return t
		}
	}
	r.fail(name, "is no date and time of the years 1 to 9999")
	return time.Time{}
}

// text is a JSON string's text; empty for any other value.
func text(value []byte) string {
	var s string
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &s) != nil {
		return ""
	}
	return s
}
