package chat

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/schema"
)

// Tombstone makes the document that a deletion leaves where its line has not
// come yet. It is pure. It is an error when the event deletes no line.
func Tombstone(r schema.Recorded) (bson.Raw, error) {
	removal, ok, err := readRemoval(r, reasonOf(r.Envelope.Type))
	if err != nil {
		return nil, err
	}
	if !ok || removal.line == "" {
		return nil, errors.New("not the deletion of a line")
	}
	return tombstone(removal)
}

func tombstone(r removal) (bson.Raw, error) {
	doc := bson.D{{Key: "_id", Value: r.line}, {Key: "tombstone", Value: true}}
	if len(r.user) > 0 {
		doc = append(doc, bson.E{Key: "user", Value: r.user})
	}
	doc = append(doc,
		bson.E{Key: "channel", Value: r.channel},
		bson.E{Key: "timestamp", Value: bson.NewDateTimeFromTime(r.at)},
		bson.E{Key: "seq", Value: int64(r.seq)},
	)
	if r.streamID != "" {
		doc = append(doc, bson.E{Key: "streamId", Value: r.streamID})
	}
	doc = append(doc, bson.E{Key: "isTest", Value: r.test}, bson.E{Key: "deleted", Value: r.deleted})
	return bson.Marshal(doc)
}

// fill is a line in the place that a tombstone kept: the line whole, and
// removed as the tombstone says. It is what the row would be had the line come
// first. False where stored is no tombstone.
func fill(stored, line bson.Raw) (bson.Raw, bool) {
	if kept, ok := stored.Lookup("tombstone").BooleanOK(); !ok || !kept {
		return nil, false
	}
	elements, err := line.Elements()
	if err != nil {
		return nil, false
	}
	deleted := stored.Lookup("deleted")
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, len(line)+len(stored)))
	for _, e := range elements {
		if e.Key() != "deleted" || deleted.IsZero() {
			b = append(b, e...)
			continue
		}
		b = bsoncore.AppendHeader(b, bsoncore.Type(deleted.Type), "deleted")
		b = append(b, deleted.Value...)
	}
	b, err = bsoncore.AppendDocumentEnd(b, at)
	return b, err == nil
}
