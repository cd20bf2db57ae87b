package schema

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
func Seal(d Draft) (Message, error) { return SealInto(nil, &d) }

// SealInto is [Seal] with the body in the memory of b, where it fits.
func SealInto(b []byte, d *Draft) (Message, error) {
	if err := sealable(d); err != nil {
		return Message{}, fmt.Errorf("%w %s: %w", ErrSeal, d.Type, err)
	}
	body := appendEnvelope(slices.Grow(b[:0], len(d.Payload)+len(d.Raw)+len(d.SourceMeta)+768), d)
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
func subjectOf(d *Draft) string {
	if name := d.Type.Command(); name != "" {
		return ControlSubject(d.Provider, d.Trace.Tenant, name)
	}
	return EventSubject(d.Provider, d.Trace.Tenant, d.Type)
}

func sealable(d *Draft) error {
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
		if len(part) == 0 || d.payload.is(part) || d.raw.is(part) {
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

// appendEnvelope writes the envelope behind b. The draft is [sealable], so that
// there is nothing in it that cannot be written.
func appendEnvelope(b []byte, d *Draft) []byte {
	gateway := Gateway{Trace: d.Trace, ReceivedAt: NewTime(d.Trace.ReceivedAt), RawIsPayload: len(d.Raw) == 0}
	version := d.Version
	if version == "" {
		version, gateway.VersionAssumed = CurrentVersion(d.Type), !d.OwnVersion
	}
	timestamp := NewTime(d.Timestamp)
	if !usable(d.Timestamp) {
		timestamp, gateway.TimestampAssumed = gateway.ReceivedAt, true
	}
	e := encoder{b: b, html: true}
	e.open()
	e.text(`"id":`, d.ID)
	e.text(`"type":`, string(d.Type))
	e.text(`"version":`, string(version))
	e.time(`"timestamp":`, timestamp)
	e.key(`"channel":`)
	e.open()
	e.text(`"id":`, d.Channel.ID)
	e.text(`"name":`, d.Channel.Name)
	e.text(`"platform":`, d.Channel.Platform)
	e.shut('}')
	if d.StreamID != "" {
		e.key(`"stream":`)
		e.open()
		e.text(`"id":`, d.StreamID)
		e.shut('}')
	}
	e.key(`"payload":`)
	e.b = append(e.b, d.Payload...)
	e.key(`"meta":`)
	e.open()
	e.b = append(e.b, members(d.SourceMeta)...)
	e.key(`"gateway":`)
	gateway.encode(&e)
	if len(d.Raw) > 0 {
		e.key(`"raw":`)
		e.b = append(e.b, d.Raw...)
	}
	return append(e.b, "}}"...)
}

// encode writes the block meta.gateway, in the order of encoding/json: the
// embedded fields first.
func (g *Gateway) encode(e *encoder) {
	e.open()
	e.text(`"source":`, g.Source)
	e.textIf(`"sourceVersion":`, g.SourceVersion)
	e.text(`"tenant":`, g.Tenant)
	e.textIf(`"instanceId":`, g.InstanceID)
	e.textIf(`"connection":`, g.Connection)
	if g.N != 0 {
		e.key(`"n":`)
		e.b = strconv.AppendUint(e.b, g.N, 10)
	}
	e.textIf(`"frameType":`, g.FrameType)
	e.textIf(`"foreignId":`, g.ForeignID)
	e.text(`"origin":`, string(g.Origin))
	e.textsIf(`"causedBy":`, g.CausedBy)
	e.textIf(`"correlationId":`, g.CorrelationID)
	e.textsIf(`"redacted":`, g.Redacted)
	e.time(`"receivedAt":`, g.ReceivedAt)
	e.booleanIf(`"rawIsPayload":`, g.RawIsPayload)
	e.booleanIf(`"versionAssumed":`, g.VersionAssumed)
	e.booleanIf(`"timestampAssumed":`, g.TimestampAssumed)
	e.shut('}')
}

// members are what stands between an object's braces, the white space at the
// ends cut.
func members(object []byte) []byte {
	text := bytes.TrimSpace(object)
	if len(text) < 2 {
		return nil
	}
	return bytes.TrimSpace(text[1 : len(text)-1])
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
