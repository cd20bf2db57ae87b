package chat

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/schema"
	convert "promethean/sinks/document"
	"promethean/sinks/store"
)

// maxID is the longest platform message id, in bytes, that becomes an _id.
const maxID = 256

// ID is the _id of a line: the platform's message id where there is a usable
// one, else the event's.
func ID(eventID, messageID string) string {
	if messageID == "" || len(messageID) > maxID {
		return eventID
	}
	return messageID
}

// read gives the payload of a line of chat; not ok for an event that is none.
func read(e schema.Envelope) (p schema.ChatPayload, ok bool, err error) {
	if e.Type != schema.ChatMessage {
		return p, false, nil
	}
	p, caption, err := schema.ParseChat(e.Payload)
	if err != nil {
		return p, false, fmt.Errorf("payload is no chat.message: %w", err)
	}
	p.Platform = strings.ToUpper(cmp.Or(p.Platform, e.Channel.Platform))
	return p, !caption, nil
}

// Document makes the document of a line of chat. It is pure. It is an error
// when the event is none.
func Document(r schema.Recorded) (bson.Raw, error) {
	payload, ok, err := read(r.Envelope)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("not a line of chat")
	}
	meta, err := schema.ParseMeta(r.Envelope.Meta)
	if err != nil {
		return nil, err
	}
	return appendDocument(make([]byte, 0, len(r.Body)+1024), r, payload, meta)
}

// appendDocument appends the document to b; on an error there is nothing to be
// used.
func appendDocument(b []byte, r schema.Recorded, p schema.ChatPayload, meta schema.Meta) (out []byte, err error) {
	start := len(b)
	data := convert.SourceData(meta.Raw, r.Envelope.Payload)
	at, b := bsoncore.AppendDocumentStart(b)
	b = bsoncore.AppendStringElement(b, "_id", ID(r.Envelope.ID, p.ID))
	b = bsoncore.AppendStringElement(b, "message", p.Message)
	var inexact []string
	if b, inexact, err = appendUser(b, p, data); err != nil {
		return nil, err
	}
	b = bsoncore.AppendStringElement(b, "channel", channelOf(r.Envelope))
	b = bsoncore.AppendDateTimeElement(b, "timestamp", r.Envelope.Timestamp.UnixMilli())
	if !p.SentDateTime.IsZero() {
		b = bsoncore.AppendDateTimeElement(b, "sentAt", p.SentDateTime.UnixMilli())
	}
	var more []string
	if b, more, err = convert.AppendField(b, "raw", data); err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	b = appendOurs(b, r, p, meta)
	b = convert.AppendStrings(b, "inexact", append(inexact, more...))
	if b, err = bsoncore.AppendDocumentEnd(b, at); err != nil {
		return nil, err
	}
	if len(b)-start > store.MaxDocument {
		return nil, errors.New("its document would be over 16 MiB")
	}
	return b, nil
}

// appendOurs writes what stands behind the user's fields.
func appendOurs(b []byte, r schema.Recorded, p schema.ChatPayload, meta schema.Meta) []byte {
	b = convert.AppendStrings(b, "eventIds", []string{r.Envelope.ID})
	b = bsoncore.AppendInt64Element(b, "seq", int64(r.Seq))
	if s := r.Envelope.Stream; s != nil && s.ID != "" {
		b = bsoncore.AppendStringElement(b, "streamId", s.ID)
	}
	if p.IsFirstMessage != nil {
		b = bsoncore.AppendBooleanElement(b, "isFirst", *p.IsFirstMessage)
	}
	if to := p.ReplyTo; to != nil {
		at, d := bsoncore.AppendDocumentElementStart(b, "replyTo")
		for _, f := range []struct{ name, value string }{{"id", to.ID}, {"userId", to.UserID}, {"username", to.Username}, {"message", to.Message}} {
			if f.value != "" {
				d = bsoncore.AppendStringElement(d, f.name, f.value)
			}
		}
		b, _ = bsoncore.AppendDocumentEnd(d, at)
	}
	if p.Bits != 0 {
		b = bsoncore.AppendInt64Element(b, "bits", p.Bits)
	}
	b = bsoncore.AppendBooleanElement(b, "isTest", isTest(p.IsTest, meta))
	source := meta.Gateway.Source
	if source == "" {
		source = "unknown"
	}
	b = convert.AppendStrings(b, "seenBy", []string{source})
	return bsoncore.AppendNullElement(b, "deleted")
}
