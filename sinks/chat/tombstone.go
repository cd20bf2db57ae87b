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

// fill is a line in a place that it takes. The line is whole, and removed as what
// was there says: the row is what it would be had the line come first. False where
// what is stored stays.
func fill(stored, line bson.Raw) (bson.Raw, bool) {
	if !givesWay(stored, line) {
		return nil, false
	}
	elements, err := line.Elements()
	if err != nil {
		return nil, false
	}
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, len(line)+len(stored)))
	for _, e := range elements {
		if e.Key() != "deleted" {
			b = append(b, e...)
			continue
		}
		b = appendEarlier(b, e.Value(), stored.Lookup("deleted"))
	}
	b, err = bsoncore.AppendDocumentEnd(b, at)
	return b, err == nil
}

// givesWay: a tombstone, to its line; ai_licia's line to that of another source
// of the same id; and a repeat to the line itself, which a command that failed
// half way may have left out.
func givesWay(stored, line bson.Raw) bool {
	if kept, _ := stored.Lookup("tombstone").BooleanOK(); kept {
		return true
	}
	if was, is := sourceOf(stored) == secondSource, sourceOf(line) == secondSource; was != is {
		return was
	}
	before, _ := stored.Lookup("seq").AsInt64OK()
	seq, _ := line.Lookup("seq").AsInt64OK()
	return seq < before
}

// sourceOf is the source whose line a row is.
func sourceOf(row bson.Raw) string {
	s, _ := row.Lookup("seenBy", "0").StringValueOK()
	return s
}
