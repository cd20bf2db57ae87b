package chat

import (
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	convert "promethean/sinks/document"
)

// merged is the row of a pair: the first source's line, and who else saw it.
// deleted, where it is a document, is a removal of the other's.
func merged(doc bson.Raw, l *said, deleted bson.RawValue) (bson.Raw, error) {
	elements, err := doc.Elements()
	if err != nil {
		return nil, err
	}
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)+512))
	for _, e := range elements {
		switch e.Key() {
		case "eventIds":
			b = convert.AppendStrings(b, "eventIds", l.eventIDs())
		case "seenBy":
			b = convert.AppendStrings(b, "seenBy", l.seenBy())
		case "deleted":
			b = appendEarlier(b, e.Value(), deleted)
		default:
			b = append(b, e...)
		}
	}
	pair, err := bson.Marshal(l.mate.pair())
	if err != nil {
		return nil, err
	}
	b = bsoncore.AppendDocumentElement(b, "pair", bsoncore.Document(pair))
	return bsoncore.AppendDocumentEnd(b, at)
}

// join is what becomes of a row that is stored when its mate comes.
func (l *said) join() bson.D {
	return bson.D{{Key: "eventIds", Value: l.eventIDs()}, {Key: "seenBy", Value: l.seenBy()}, {Key: "pair", Value: l.mate.pair()}}
}

func (l *said) eventIDs() []string { return []string{l.eventID, l.mate.eventID} }
func (l *said) seenBy() []string   { return []string{l.source, l.mate.source} }

// pair is what is noted of a line in the row of its mate.
func (l *said) pair() bson.D {
	return bson.D{
		{Key: "source", Value: l.source}, {Key: "id", Value: l.id}, {Key: "eventId", Value: l.eventID}, {Key: "seq", Value: l.seq},
		{Key: "username", Value: l.username}, {Key: "channel", Value: l.channel},
		{Key: "timestamp", Value: bson.DateTime(l.at)}, {Key: "sentAt", Value: bson.DateTime(l.sent)},
	}
}

// appendEarlier writes deleted: of two removals the one that came first.
func appendEarlier(b []byte, one, other bson.RawValue) []byte {
	if !isEarlier(one, other) {
		one = other
	}
	if one.IsZero() {
		return bsoncore.AppendNullElement(b, "deleted")
	}
	b = bsoncore.AppendHeader(b, bsoncore.Type(one.Type), "deleted")
	return append(b, one.Value...)
}

// isEarlier: one is a removal, and other is none or came later.
func isEarlier(one, other bson.RawValue) bool {
	a, ok := one.DocumentOK()
	if !ok {
		return false
	}
	b, ok := other.DocumentOK()
	if !ok {
		return true
	}
	x, _ := bson.Raw(a).Lookup("seq").AsInt64OK()
	y, _ := bson.Raw(b).Lookup("seq").AsInt64OK()
	return x <= y
}
