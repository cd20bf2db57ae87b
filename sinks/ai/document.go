package ai

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

// Document makes the document of one event of the AI. It is pure. It refuses,
// for ever, an event that is over the store's limit.
func Document(r schema.Recorded) (bson.Raw, error) {
	e := r.Envelope
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return nil, err
	}
	p, err := read(e)
	if err != nil {
		return nil, err
	}
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, 2*len(r.Body)+1024))
	b = bsoncore.AppendStringElement(b, "_id", e.ID)
	b = bsoncore.AppendStringElement(b, "type", string(e.Type))
	if p.username != "" {
		b = bsoncore.AppendStringElement(b, "username", p.username)
	}
	if p.messageID != "" {
		b = bsoncore.AppendStringElement(b, "messageId", p.messageID)
	}
	b, inexact, err := p.AppendFields(b)
	if err != nil {
		return nil, err
	}
	b = bsoncore.AppendStringElement(b, "platform", e.Channel.Platform)
	b = bsoncore.AppendStringElement(b, "channel", cmp.Or(e.Channel.Name, e.Channel.ID))
	b = bsoncore.AppendDateTimeElement(b, "timestamp", e.Timestamp.UnixMilli())
	if e.Stream != nil && e.Stream.ID != "" {
		b = bsoncore.AppendStringElement(b, "streamId", e.Stream.ID)
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
