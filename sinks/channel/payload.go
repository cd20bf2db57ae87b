package channel

import (
	"encoding/json"

	convert "promethean/sinks/document"
)

// own are the fields of the payloads of package schema that stand in the
// document under their own name, and their kinds. Those that are missing here
// stand elsewhere: userId, username and displayName in user, eventType and
// platform in front, isTest behind. All other fields of a payload go into extra.
func own() map[string]convert.Kind {
	const (
		aText, aNumber, aFlag, aList, anObject = convert.Text, convert.Number, convert.Flag, convert.List, convert.Dict
	)
	return map[string]convert.Kind{
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
	convert.Payload
	eventType, platform           string
	userID, username, displayName string
	anonymous, test               bool
}

// read takes a payload apart. Fields of another kind than the schema says are
// taken as unknown ones, so that a reader finds one kind under each name; null
// is left out.
func read(body json.RawMessage) (payload, error) {
	members, err := convert.MembersOf(body)
	if err != nil {
		return payload{}, err
	}
	if members == nil {
		return payload{Payload: convert.Payload{Other: body}}, nil
	}
	p, kinds, seen := payload{}, own(), map[string]bool{}
	texts := map[string]*string{
		"eventType": &p.eventType, "platform": &p.platform,
		"userId": &p.userID, "username": &p.username, "displayName": &p.displayName,
	}
	flags := map[string]*bool{"isTest": &p.test, "isAnonymous": &p.anonymous}
	for _, m := range members {
		again := seen[m.Name]
		seen[m.Name] = true
		text, isText := texts[m.Name]
		flag, isFlag := flags[m.Name]
		kind, isOwn := kinds[m.Name]
		switch {
		case again:
			p.Extra = append(p.Extra, m)
		case m.Null() && (isText || isFlag || isOwn):
		case isText && json.Unmarshal(m.Value, text) == nil:
		case isFlag && json.Unmarshal(m.Value, flag) == nil && !isOwn:
		case isOwn && kind.Is(m.Value):
			p.Fields = append(p.Fields, m)
		default:
			p.Extra = append(p.Extra, m)
		}
	}
	return p, nil
}
