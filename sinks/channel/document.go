package channel

import (
	"cmp"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/schema"
	convert "promethean/sinks/document"
	"promethean/sinks/store"
)

// Document makes the document of one event of a channel. It is pure. It
// refuses, for ever, an event that is over the store's limit.
func Document(r schema.Recorded) (bson.Raw, error) {
	e := r.Envelope
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return nil, err
	}
	p, err := read(e.Payload)
	if err != nil {
		return nil, err
	}
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, 2*len(r.Body)+1024))
	b = bsoncore.AppendStringElement(b, "_id", e.ID)
	b = bsoncore.AppendStringElement(b, "type", string(e.Type))
	b = appendText(b, "eventType", p.eventType)
	b = appendUser(b, p)
	b = bsoncore.AppendStringElement(b, "platform", cmp.Or(p.platform, e.Channel.Platform))
	b = bsoncore.AppendStringElement(b, "channel", cmp.Or(e.Channel.Name, e.Channel.ID))
	b = bsoncore.AppendDateTimeElement(b, "timestamp", e.Timestamp.UnixMilli())
	if e.Stream != nil {
		b = appendText(b, "streamId", e.Stream.ID)
	}
	b, inexact, err := p.AppendFields(b)
	if err != nil {
		return nil, err
	}
	b, more, err := convert.AppendField(b, "raw", convert.SourceData(meta.Raw, e.Payload))
	if err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	b = bsoncore.AppendInt64Element(b, "seq", int64(r.Seq))
	b = bsoncore.AppendBooleanElement(b, "isTest", p.test || meta.Gateway.Origin == schema.Test)
	b = convert.AppendStrings(b, "seenBy", []string{cmp.Or(meta.Gateway.Source, "unknown")})
	b = convert.AppendStrings(b, "inexact", append(inexact, more...))
	if b, err = bsoncore.AppendDocumentEnd(b, at); err != nil {
		return nil, err
	}
	if len(b) > store.MaxDocument {
		return nil, errors.New("its document would be over 16 MiB")
	}
	return b, nil
}

// appendUser writes who acted; nothing where nobody is named.
func appendUser(b []byte, p payload) []byte {
	if p.anonymous || p.userID == "" && p.username == "" && p.displayName == "" {
		return b
	}
	at, b := bsoncore.AppendDocumentElementStart(b, "user")
	b = appendText(b, "id", p.userID)
	b = appendText(b, "username", p.username)
	b = appendText(b, "displayName", p.displayName)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	return b
}

// appendText writes a string; nothing for none.
func appendText(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return bsoncore.AppendStringElement(b, name, text)
}
