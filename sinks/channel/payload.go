package channel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	convert "promethean/sinks/document"
)

// The bytes that JSON values of a kind begin with.
const (
	aText    = `"`
	aNumber  = "-0123456789"
	aFlag    = "tf"
	aList    = "["
	anObject = "{"
)

// own are the fields of the payloads of package schema that stand in the
// document under their own name, and their kinds. Those that are missing here
// stand elsewhere: userId, username and displayName in user, eventType and
// platform in front, isTest behind. All other fields of a payload go into extra:
// a name from outside never becomes one of the document's own.
func own() map[string]string {
	return map[string]string{
		"isAnonymous": aFlag, "gifter": aText, "recipients": aList, "giftId": aText, "isFromBomb": aFlag,
		"count": aNumber, "cumulativeCount": aNumber, "value": aNumber, "raidViewers": aNumber,
		"tier": aText, "isPrime": aFlag, "level": aText,
		"months": aNumber, "streakMonths": aNumber, "durationMonths": aNumber,
		"message": aText, "systemMessage": aText, "messageId": aText,
		"amount": aText, "currency": aText, "amountText": aText, "service": aText, "reward": anObject, "hypeTrain": anObject,
		"title": aText, "oldTitle": aText, "category": anObject, "oldCategory": anObject, "description": aText,
		"startedAt": aText, "sentDateTime": aText,
	}
}

// payload is a payload taken apart.
type payload struct {
	eventType, platform           string
	userID, username, displayName string
	anonymous, test               bool
	// fields are the document's own, in the payload's order; null is left out.
	fields []member
	// extra are all others, as they came.
	extra []member
	// other is a payload that is no object.
	other json.RawMessage
}

type member struct {
	name  string
	value json.RawMessage
}

// read takes a payload apart. Fields of another kind than the schema says are
// taken as unknown ones, so that a reader finds one kind under each name.
func read(body json.RawMessage) (payload, error) {
	members, err := membersOf(body)
	if err != nil {
		return payload{}, err
	}
	if members == nil {
		return payload{other: body}, nil
	}
	p, kinds, seen := payload{}, own(), map[string]bool{}
	texts := map[string]*string{
		"eventType": &p.eventType, "platform": &p.platform,
		"userId": &p.userID, "username": &p.username, "displayName": &p.displayName,
	}
	flags := map[string]*bool{"isTest": &p.test, "isAnonymous": &p.anonymous}
	for _, m := range members {
		null, again := string(m.value) == "null", seen[m.name]
		seen[m.name] = true
		text, isText := texts[m.name]
		flag, isFlag := flags[m.name]
		kind, isOwn := kinds[m.name]
		switch {
		case again:
			p.extra = append(p.extra, m)
		case null && (isText || isFlag || isOwn):
		case isText && json.Unmarshal(m.value, text) == nil:
		case isFlag && json.Unmarshal(m.value, flag) == nil && !isOwn:
		case isOwn && strings.IndexByte(kind, m.value[0]) >= 0:
			p.fields = append(p.fields, m)
		default:
			p.extra = append(p.extra, m)
		}
	}
	return p, nil
}

// membersOf are the members of a JSON object in their order; nil for another
// kind of value.
func membersOf(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	first, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("payload is no JSON: %w", err)
	}
	if first != json.Delim('{') {
		return nil, nil
	}
	members := []member{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("payload is no JSON: %w", err)
		}
		m := member{name: name.(string)}
		if err := d.Decode(&m.value); err != nil {
			return nil, fmt.Errorf("payload is no JSON: %w", err)
		}
		members = append(members, m)
	}
	return members, nil
}

// object puts members together again.
func object(members ...member) ([]byte, error) {
	b := []byte{'{'}
	for i, m := range members {
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, name...), ':'), m.value...)
	}
	return append(b, '}'), nil
}

// appendFields writes the document's own fields, in the payload's order, then
// the others.
func (p payload) appendFields(b []byte) (out []byte, inexact []string, err error) {
	for _, m := range p.fields {
		var more []string
		if b, more, err = appendMember(b, m); err != nil {
			return nil, nil, err
		}
		inexact = append(inexact, more...)
	}
	extra := []byte(p.other)
	if extra == nil && len(p.extra) == 0 {
		return b, inexact, nil
	}
	if extra == nil {
		if extra, err = object(p.extra...); err != nil {
			return nil, nil, err
		}
	}
	b, more, err := convert.AppendField(b, "extra", extra)
	if err != nil {
		return nil, nil, fmt.Errorf("extra: %w", err)
	}
	return b, append(inexact, more...), nil
}

// appendMember writes one field of the document's own, or its JSON text under
// the same name with Json behind it.
func appendMember(b []byte, m member) (out []byte, inexact []string, err error) {
	// The converter takes objects: the value goes in under its name and the one
	// element is taken out again.
	wrapped, err := object(m)
	if err != nil {
		return nil, nil, err
	}
	doc, inexact, err := convert.Append(nil, wrapped)
	var not *convert.NotDocumentError
	switch {
	case errors.As(err, &not):
		return bsoncore.AppendStringElement(b, m.name+"Json", string(m.value)), nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("payload: %s: %w", m.name, err)
	}
	return append(b, doc[4:len(doc)-1]...), inexact, nil
}
