package ai

import (
	"encoding/json"

	"promethean/schema"
	convert "promethean/sinks/document"
)

// own are the fields of ai_licia's payloads (reference: ailicia.md 3) that stand
// in the document under their own name, and their kinds. username and messageId
// stand in front, isTest behind. All other fields go into extra: a name from
// outside never becomes one of the document's own.
func own() map[string]convert.Kind {
	const (
		aText, aNumber, aFlag, anObject = convert.Text, convert.Number, convert.Flag, convert.Dict
	)
	return map[string]convert.Kind{
		"message": aText, "target": aText, "targetRole": aText, "tone": aText, "characterId": aText, "shouldGenerateTtsMessage": aFlag,
		"greeting": aText, "memory": anObject,
		"reasoning": aText, "shouldAnswer": aFlag, "compiledFromMultiple": aFlag,
		"textToSpeech": aText, "audioFormat": aText, "generationTimeMs": aNumber, "audioSizeBytes": aNumber, "ttsStreamUrl": aText,
		"originalMessage": aText, "isAppropriate": aFlag, "categoriesScore": anObject, "moderationEnabled": aFlag,
		"displayName":  aText,
		"sentDateTime": aText,
	}
}

// payload is a payload taken apart.
type payload struct {
	convert.Payload
	username, messageID string
	test                bool
}

// read takes a payload apart. Fields of another kind than ai_licia documents are
// taken as unknown ones, so that a reader finds one kind under each name; null
// is left out. The id of a line of the AI is the messageId of what is said of it.
func read(e schema.Envelope) (payload, error) {
	members, err := convert.MembersOf(e.Payload)
	if err != nil {
		return payload{}, err
	}
	if members == nil {
		return payload{Payload: convert.Payload{Other: e.Payload}}, nil
	}
	p, kinds, seen := payload{}, own(), map[string]bool{}
	texts := map[string]*string{"username": &p.username, "messageId": &p.messageID}
	if e.Type == typeMessage {
		texts = map[string]*string{"username": &p.username, "id": &p.messageID}
	}
	for _, m := range members {
		again := seen[m.Name]
		seen[m.Name] = true
		text, isText := texts[m.Name]
		kind, isOwn := kinds[m.Name]
		switch {
		case again:
			p.Extra = append(p.Extra, m)
		case m.Null() && (isText || isOwn || m.Name == "isTest"):
		case isText && json.Unmarshal(m.Value, text) == nil:
		case m.Name == "isTest" && json.Unmarshal(m.Value, &p.test) == nil:
		case isOwn && kind.Is(m.Value):
			p.Fields = append(p.Fields, m)
		default:
			p.Extra = append(p.Extra, m)
		}
	}
	return p, nil
}
