package chat

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
)

// Why a line was removed: reason in deleted. The list is closed.
const (
	reasonDeleted  = "deleted"
	reasonCleared  = "cleared"
	reasonTimedOut = "timed_out"
	reasonBanned   = "banned"
)

// maxText is the most of a moderator's name and words, in bytes, that is noted
// on a line: one ban may be noted on thousands. The event has all of it.
const maxText = 512

// removal is what one moderation event takes away.
type removal struct {
	// event is its index in the batch, seq its stream sequence.
	event      int
	seq        uint64
	eventID    string
	collection string
	platform   string
	channel    string
	streamID   string
	at         time.Time
	test       bool
	// start is the stream sequence at which the broadcast began; 0 when nobody
	// knows. over: it had ended.
	start int64
	over  bool
	// line is the _id of the one line; where it is empty, userID or else username
	// say whose lines, everybody's where both are empty.
	line, userID, username string
	// names are the person's, as compared: ai_licia gives no ids.
	names []string
	// user is the writer of the line, as far as known.
	user bson.D
	// deleted is what is noted on the lines.
	deleted bson.D
}

// moderation is what the payloads of all of them have.
type moderation struct {
	ID           string         `json:"id"`
	UserID       string         `json:"userId"`
	Username     string         `json:"username"`
	DisplayName  string         `json:"displayName"`
	Reason       string         `json:"reason"`
	Moderator    *schema.Person `json:"moderator"`
	Platform     string         `json:"platform"`
	IsTest       bool           `json:"isTest"`
	SentDateTime schema.Time    `json:"sentDateTime"`
}

// reasonOf is why lines are removed by events of a type; "" for types that
// remove none. A ban that is lifted brings no line back: the platforms do not
// either.
func reasonOf(t schema.Type) string {
	switch t {
	case schema.ChatMessageDeleted:
		return reasonDeleted
	case schema.ChatCleared:
		return reasonCleared
	case schema.ChatUserTimedOut:
		return reasonTimedOut
	case schema.ChatUserBanned:
		return reasonBanned
	}
	return ""
}

// readRemoval reads a moderation event. It is not ok where nothing says what is
// to be removed, or there is no collection for it. An error is for ever.
func readRemoval(r schema.Recorded, reason string) (out removal, ok bool, err error) {
	e := r.Envelope
	var p moderation
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return out, false, fmt.Errorf("payload is no %s: %w", e.Type, err)
	}
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return out, false, err
	}
	out = removal{
		seq: r.Seq, eventID: e.ID, platform: cmp.Or(p.Platform, e.Channel.Platform), channel: channelOf(e),
		at: e.Timestamp.Time, test: isTest(p.IsTest, meta), user: writer(p), deleted: noted(r, p, reason), names: namesOf(p.Username, p.DisplayName),
	}
	if e.Stream != nil {
		out.streamID = e.Stream.ID
	}
	switch {
	case reason == reasonDeleted:
		out.line = ID("", p.ID)
		ok = out.line != ""
	case reason == reasonCleared:
		ok = true
	case p.UserID != "":
		out.userID, ok = p.UserID, true
	case p.Username != "":
		out.username, ok = p.Username, true
	}
	var known bool
	out.collection, known = Collections()[out.platform]
	return out, ok && known, nil
}

// writer is who wrote a line, as far as the event says.
func writer(p moderation) bson.D {
	var user bson.D
	for _, f := range []struct{ name, value string }{{"id", p.UserID}, {"username", p.Username}, {"displayName", p.DisplayName}} {
		if f.value != "" {
			user = append(user, bson.E{Key: f.name, Value: clip(f.value)})
		}
	}
	return user
}

// noted is deleted of a line: {at, by?, reason, note?, eventId, seq}.
func noted(r schema.Recorded, p moderation, reason string) bson.D {
	e := r.Envelope
	at := p.SentDateTime
	if at.IsZero() {
		at = e.Timestamp
	}
	deleted := bson.D{{Key: "at", Value: bson.NewDateTimeFromTime(at.Time)}}
	if p.Moderator != nil {
		if by := cmp.Or(p.Moderator.Username, p.Moderator.DisplayName); by != "" {
			deleted = append(deleted, bson.E{Key: "by", Value: clip(by)})
		}
	}
	deleted = append(deleted, bson.E{Key: "reason", Value: reason})
	if p.Reason != "" {
		deleted = append(deleted, bson.E{Key: "note", Value: clip(p.Reason)})
	}
	return append(deleted, bson.E{Key: "eventId", Value: e.ID}, bson.E{Key: "seq", Value: int64(r.Seq)})
}

// clip keeps what fits, in whole characters.
func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// channelOf is the channel as lines name it.
func channelOf(e schema.Envelope) string { return cmp.Or(e.Channel.Name, e.Channel.ID) }

// isTest tells rehearsals, by a test button or by command, from what happened.
func isTest(said bool, m schema.Meta) bool { return said || m.Gateway.Origin == schema.Test }
