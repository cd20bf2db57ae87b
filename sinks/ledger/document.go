package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/schema"
	"promethean/sinks/document"
	"promethean/sinks/store"
)

// Document makes the document of one event. It is pure. It refuses, for ever,
// an event that is over the store's limit or whose parts are no text.
func Document(r schema.Recorded) (bson.Raw, error) {
	return appendDocument(make([]byte, 0, 2*len(r.Body)+1024), r)
}

// appendDocument appends the document to b; on an error there is nothing to be
// used.
func appendDocument(b []byte, r schema.Recorded) ([]byte, error) {
	start, e := len(b), r.Envelope
	meta, noRaw, err := schema.SplitMeta(e.Meta)
	if err != nil {
		return nil, err
	}
	at, b := bsoncore.AppendDocumentStart(b)
	b = bsoncore.AppendStringElement(b, "_id", e.ID)
	b = bsoncore.AppendStringElement(b, "type", string(e.Type))
	b = bsoncore.AppendStringElement(b, "version", string(e.Version))
	b = bsoncore.AppendDateTimeElement(b, "timestamp", e.Timestamp.UnixMilli())
	b = appendChannel(b, e.Channel)
	if e.Stream != nil {
		inner, d := bsoncore.AppendDocumentElementStart(b, "stream")
		d = bsoncore.AppendStringElement(d, "id", e.Stream.ID)
		b, _ = bsoncore.AppendDocumentEnd(d, inner)
	}
	var inexact []string
	if b, inexact, err = document.AppendField(b, "payload", e.Payload); err != nil {
		return nil, fmt.Errorf("payload: %w", err)
	}
	if len(noRaw) > 0 {
		var more []string
		if b, more, err = document.AppendField(b, "meta", noRaw); err != nil {
			return nil, fmt.Errorf("meta: %w", err)
		}
		inexact = append(inexact, more...)
	}
	b = document.AppendStrings(b, "inexact", inexact)
	b = bsoncore.AppendInt64Element(b, "seq", int64(r.Seq))
	b = bsoncore.AppendStringElement(b, "subject", r.Subject)
	b = appendReceived(b, meta, r.StoredAt)
	b = bsoncore.AppendBinaryElement(b, "body", 0, r.Body)
	b = bsoncore.AppendStringElement(b, "sha256", hashOf(r.Body))
	if b, err = bsoncore.AppendDocumentEnd(b, at); err != nil {
		return nil, err
	}
	if len(b)-start > store.MaxDocument {
		return nil, errors.New("its document would be over 16 MiB")
	}
	return b, nil
}

func appendChannel(b []byte, c schema.Channel) []byte {
	at, b := bsoncore.AppendDocumentElementStart(b, "channel")
	b = bsoncore.AppendStringElement(b, "id", c.ID)
	b = bsoncore.AppendStringElement(b, "name", c.Name)
	b = bsoncore.AppendStringElement(b, "platform", c.Platform)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	return b
}

// appendReceived writes when the gateway received the event, or when the log
// took it where no gateway says.
func appendReceived(b []byte, m schema.Meta, stored time.Time) []byte {
	at := m.Gateway.ReceivedAt.Time
	if at.IsZero() {
		at = stored
	}
	return bsoncore.AppendDateTimeElement(b, "receivedAt", at.UnixMilli())
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
