package chat

import (
	"cmp"
	"encoding/json"
	"errors"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"promethean/schema"
	convert "promethean/sinks/document"
)

// appendUser writes who wrote the line. The shapes are the user's own: Twitch
// {id, username, color, badges, mod, subscriber, vip}, YouTube {id, username,
// badges, moderator, verified}; displayName is ours, behind them.
func appendUser(b []byte, p schema.ChatPayload, data []byte) (out []byte, inexact []string, err error) {
	at, b := bsoncore.AppendDocumentElementStart(b, "user")
	b = bsoncore.AppendStringElement(b, "id", p.UserID)
	b = bsoncore.AppendStringElement(b, "username", p.Username)
	if p.Platform == "YOUTUBE" {
		b = convertFlags(b, p)
		b = bsoncore.AppendBooleanElement(b, "moderator", p.IsModerator)
		b = bsoncore.AppendBooleanElement(b, "verified", p.IsVerified)
	} else {
		b = bsoncore.AppendStringElement(b, "color", p.Color)
		if b, inexact, err = appendBadges(b, p, data); err != nil {
			return nil, nil, err
		}
		b = bsoncore.AppendBooleanElement(b, "mod", p.IsModerator)
		b = bsoncore.AppendBooleanElement(b, "subscriber", p.IsSubscriber)
		b = bsoncore.AppendBooleanElement(b, "vip", p.IsVIP)
	}
	b = bsoncore.AppendStringElement(b, "displayName", cmp.Or(p.DisplayName, p.Username))
	b, err = bsoncore.AppendDocumentEnd(b, at)
	return b, inexact, err
}

// convertFlags makes YouTube's badges of its is… flags: owner, moderator,
// sponsor, verified.
func convertFlags(b []byte, p schema.ChatPayload) []byte {
	var badges []string
	for _, f := range []struct {
		set  bool
		name string
	}{{p.IsBroadcaster, "owner"}, {p.IsModerator, "moderator"}, {p.IsSubscriber, "sponsor"}, {p.IsVerified, "verified"}} {
		if f.set {
			badges = append(badges, f.name)
		}
	}
	if len(badges) == 0 {
		return appendEmptyArray(b, "badges")
	}
	return convert.AppendStrings(b, "badges", badges)
}

func appendEmptyArray(b []byte, name string) []byte {
	at, b := bsoncore.AppendArrayElementStart(b, name)
	b, _ = bsoncore.AppendArrayEnd(b, at)
	return b
}

// appendBadges writes the badges as received, from where the frame's shape has
// them: data.user.badges, else data.message.badges (Streamer.bot before 0.2.5),
// else the payload's.
func appendBadges(b []byte, p schema.ChatPayload, data []byte) (out []byte, inexact []string, err error) {
	received := rawBadges(data)
	if received == nil && p.Badges == nil {
		return appendEmptyArray(b, "badges"), nil, nil // ai_licia says nothing of badges
	}
	if received == nil {
		if received, err = json.Marshal(p.Badges); err != nil {
			return nil, nil, err
		}
	}
	// The converter takes objects, so the array goes in under its name and the
	// one element is taken out again.
	wrapped := append(append([]byte(`{"badges":`), received...), '}')
	start := len(b)
	out, inexact, err = convert.Append(b, wrapped)
	var not *convert.NotDocumentError
	switch {
	case errors.As(err, &not):
		return appendEmptyArray(b, "badges"), nil, nil
	case err != nil:
		return nil, nil, err
	}
	for i := range inexact {
		inexact[i] = "user." + inexact[i]
	}
	return append(out[:start], out[start+4:len(out)-1]...), inexact, nil
}

// rawBadges finds the array of badges in a frame's data; nil when none is
// there.
func rawBadges(data []byte) json.RawMessage {
	holders, sure := convert.Members(data, "user", "message")
	for _, holder := range holders {
		if !sure {
			break
		}
		if len(holder) == 0 || holder[0] != '{' {
			continue
		}
		var badges [][]byte
		if badges, sure = convert.Members(holder, "badges"); sure && len(badges[0]) > 0 && badges[0][0] == '[' {
			return badges[0]
		}
	}
	if sure {
		return nil
	}
	return slowBadges(data)
}

// slowBadges is rawBadges for data that we would have written otherwise: keys
// that are there twice, or in another case.
func slowBadges(data []byte) json.RawMessage {
	var shapes struct {
		User    json.RawMessage `json:"user"`
		Message json.RawMessage `json:"message"`
	}
	if json.Unmarshal(data, &shapes) != nil {
		return nil
	}
	for _, holder := range []json.RawMessage{shapes.User, shapes.Message} {
		var has struct {
			Badges []json.RawMessage `json:"badges"`
		}
		if json.Unmarshal(holder, &has) != nil || has.Badges == nil {
			continue
		}
		if array, err := json.Marshal(has.Badges); err == nil {
			return array
		}
	}
	return nil
}
