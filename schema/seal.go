package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Message is what is published: bytes under a subject with headers. ID is the
// message id by which the bus filters repeats.
type Message struct {
	Subject string
	ID      string
	Header  []HeaderField
	Body    []byte
}

// HeaderField is one header line. Values are one line of printable text.
type HeaderField struct{ Name, Value string }

// Header names. Nats-Msg-Id is JetStream's; it is not repeated in
// Message.Header.
const (
	HeaderMessageID   = "Nats-Msg-Id"
	HeaderOrigin      = "Promethean-Origin"
	HeaderSource      = "Promethean-Source"
	HeaderContentType = "Content-Type"
)

// ErrSeal is wrapped by every error of [Seal]: the draft can never become an
// envelope, and [SealRefusal] says what to keep of it.
var ErrSeal = errors.New("cannot seal")

// Seal makes of a draft the message to publish: the envelope's bytes, with
// payload, source meta and raw copied byte for byte. It is pure. It refuses,
// with [ErrSeal], a draft without a usable id or time of receipt, a type or
// tenant that cannot stand in a subject, JSON that [CheckJSON] refuses, and an
// envelope over [MaxEnvelope].
func Seal(d Draft) (Message, error) {
	if err := sealable(d); err != nil {
		return Message{}, fmt.Errorf("%w %s: %w", ErrSeal, d.Type, err)
	}
	body, err := appendEnvelope(make([]byte, 0, len(d.Payload)+len(d.Raw)+len(d.SourceMeta)+768), d)
	if err != nil {
		return Message{}, fmt.Errorf("%w %s: %w", ErrSeal, d.Type, err)
	}
	if len(body) > MaxEnvelope {
		return Message{}, fmt.Errorf("%w %s: envelope of %d bytes is over the limit of %d", ErrSeal, d.Type, len(body), MaxEnvelope)
	}
	return Message{
		Subject: subjectOf(d),
		ID:      d.ID,
		Header: []HeaderField{
			{HeaderOrigin, headerText(string(d.Trace.Origin))},
			{HeaderSource, headerText(d.Trace.Source)},
			{HeaderContentType, "application/json"},
		},
		Body: body,
	}, nil
}

// subjectOf tells commands from events by their type.
func subjectOf(d Draft) string {
	if name := d.Type.Command(); name != "" {
		return ControlSubject(d.Provider, d.Trace.Tenant, name)
	}
	return EventSubject(d.Provider, d.Trace.Tenant, d.Type)
}

func sealable(d Draft) error {
	switch {
	case !validID(d.ID):
		return errors.New("id is empty, too long or not one line of text")
	case !usable(d.Trace.ReceivedAt):
		return errors.New("no time of receipt that can be written")
	case !d.Type.Valid():
		return errors.New("type cannot stand in a subject")
	case !ValidToken(d.Trace.Tenant):
		return fmt.Errorf("tenant %q is not of [A-Za-z0-9_-]{1,%d}", d.Trace.Tenant, maxToken)
	case len(d.Payload) == 0:
		return errors.New("no payload")
	}
	for _, part := range [][]byte{d.Payload, d.Raw, d.SourceMeta} {
		if len(part) == 0 {
			continue
		}
		if err := CheckJSON(part); err != nil {
			return err
		}
	}
	if len(d.SourceMeta) > 0 && firstByte(d.SourceMeta) != '{' {
		return errors.New("source meta is not an object")
	}
	return nil
}

func appendEnvelope(b []byte, d Draft) ([]byte, error) {
	gateway := Gateway{Trace: d.Trace, ReceivedAt: NewTime(d.Trace.ReceivedAt), RawIsPayload: len(d.Raw) == 0}
	version := d.Version
	if version == "" {
		version, gateway.VersionAssumed = CurrentVersion(d.Type), !d.OwnVersion
	}
	timestamp := NewTime(d.Timestamp)
	if !usable(d.Timestamp) {
		timestamp, gateway.TimestampAssumed = gateway.ReceivedAt, true
	}
	head, err := json.Marshal(struct {
		ID        string  `json:"id"`
		Type      Type    `json:"type"`
		Version   Version `json:"version"`
		Timestamp Time    `json:"timestamp"`
		Channel   Channel `json:"channel"`
		Stream    *Stream `json:"stream,omitempty"`
	}{d.ID, d.Type, version, timestamp, d.Channel, streamOf(d.StreamID)})
	if err != nil {
		return nil, err
	}
	block, err := json.Marshal(gateway)
	if err != nil {
		return nil, err
	}
	b = append(b, head[:len(head)-1]...)
	b = append(append(b, `,"payload":`...), d.Payload...)
	b = append(b, `,"meta":{`...)
	b = append(b, members(d.SourceMeta)...)
	b = append(append(b, `"gateway":`...), block...)
	if len(d.Raw) > 0 {
		b = append(append(b, `,"raw":`...), d.Raw...)
	}
	return append(b, "}}"...), nil
}

// members are an object's members with a comma after them, so that more may
// follow; nothing for an empty or missing object.
func members(object []byte) string {
	text := strings.TrimSpace(string(object))
	if len(text) < 2 {
		return ""
	}
	inner := strings.TrimSpace(text[1 : len(text)-1])
	if inner == "" {
		return ""
	}
	return inner + ","
}

func streamOf(id string) *Stream {
	if id == "" {
		return nil
	}
	return &Stream{ID: id}
}

func firstByte(b []byte) byte {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c
		}
	}
	return 0
}

// usable reports whether t, cut to milliseconds, is a time that [Parse] takes.
func usable(t time.Time) bool { return Writable(t) && !NewTime(t).IsZero() }

// maxID bounds an id, in bytes: it is a header and a key of every store.
const maxID = 256

// validID reports whether id stays itself as a header's value, which loses
// the spaces at its ends on the way.
func validID(id string) bool {
	return id != "" && len(id) <= maxID && headerText(id) == id && strings.TrimSpace(id) == id
}

// maxHeader bounds a header's value, in bytes.
const maxHeader = 1024

// headerText makes one line of printable ASCII, at most [maxHeader] long, that
// a header can carry.
func headerText(s string) string {
	s = s[:min(len(s), 4*maxHeader)] // a rune has at most four bytes
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), maxHeader)]
}
