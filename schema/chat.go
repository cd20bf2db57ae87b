package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// ChatPayload is the payload of chat.message, one shape whatever the source.
// The first nine fields are those of ai_licia's public event reference.
type ChatPayload struct {
	// ID is the platform's message id; empty when the source gave none (test
	// buttons of old Streamer.bots).
	ID string `json:"id"`
	// UserID is the platform's user id, always as text.
	UserID string `json:"userId,omitempty"`
	// Username is the login where the platform has logins (Twitch, Kick,
	// Trovo), else the shown name.
	Username    string `json:"username"`
	DisplayName string `json:"displayName,omitempty"`
	Message     string `json:"message"`
	Language    string `json:"language,omitempty"`
	// Platform is the upper-case platform name: TWITCH, YOUTUBE, KICK, TROVO.
	Platform      string  `json:"platform"`
	IsSubscriber  bool    `json:"isSubscriber"`
	IsVIP         bool    `json:"isVip"`
	IsModerator   bool    `json:"isModerator"`
	IsBroadcaster bool    `json:"isBroadcaster"`
	IsVerified    bool    `json:"isVerified,omitempty"`
	Badges        []Badge `json:"badges"`
	// Color is "#RRGGBB" as the platform gave it.
	Color  string  `json:"color,omitempty"`
	Emotes []Emote `json:"emotes"`
	Bits   int64   `json:"bits,omitempty"`
	// IsFirstMessage is the platform's own mark of a person's first line ever
	// in this channel; nil when the source does not say.
	IsFirstMessage *bool    `json:"isFirstMessage,omitempty"`
	ReplyTo        *ReplyTo `json:"replyTo,omitempty"`
	IsTest         bool     `json:"isTest"`
	// SentDateTime is the platform's time where it gives one (createdAt,
	// publishedAt), else the envelope's timestamp. UTC, milliseconds.
	SentDateTime Time `json:"sentDateTime"`
}

// ParseChat reads a payload of chat.message. caption: it is speech that
// ai_licia heard, which is not chat. A member of another kind than is documented
// says nothing, but for the message itself and for whether it is a caption: an
// outsider's payload is passed on as it came.
func ParseChat(payload []byte) (p ChatPayload, caption bool, err error) {
	if p.readQuickly(payload, &caption) {
		return p, caption, nil
	}
	var whole chatMembers
	if err = json.Unmarshal(payload, &whole); err == nil {
		return whole.ChatPayload, whole.IsCaption, nil
	}
	return parseOddChat(payload, err)
}

type chatMembers struct {
	ChatPayload
	IsCaption bool `json:"isCaption"`
}

// parseOddChat reads member by member what cannot be read as a whole, which
// whole says why.
func parseOddChat(payload []byte, whole error) (ChatPayload, bool, error) {
	var odd chatMembers
	has, needed := false, true
	_, err := CheckMembers(payload, func(key []byte, value Checked) {
		member := chatMembers{}
		one := slices.Concat([]byte{'{'}, key, []byte{':'}, value.b, []byte{'}'})
		isGood := json.Unmarshal(one, &member) == nil
		switch name := strings.ToLower(string(key)); {
		case isGood:
			_ = json.Unmarshal(one, &odd)
			has = has || name == `"message"`
		case name == `"message"`, name == `"iscaption"`:
			needed = false
		case name == `"sentdatetime"`:
			odd.SentDateTime = timeWithoutZone(value.b)
		}
	})
	if err != nil || !has || !needed {
		return ChatPayload{}, false, whole
	}
	return odd.ChatPayload, odd.IsCaption, nil
}

// timeWithoutZone reads a time that names no zone as UTC, and what is none as the
// zero time.
func timeWithoutZone(text []byte) Time {
	t, err := time.Parse(`"2006-01-02T15:04:05"`, string(text))
	if err != nil {
		return Time{}
	}
	return NewTime(t)
}

func (p *ChatPayload) readQuickly(object []byte, caption *bool) bool {
	return quickly(object, func(key, value []byte) int {
		switch string(key) {
		case "id":
			return took(0, readText(&p.ID, value))
		case "userId":
			return took(1, readText(&p.UserID, value))
		case "username":
			return took(2, readText(&p.Username, value))
		case "displayName":
			return took(3, readText(&p.DisplayName, value))
		case "message":
			return took(4, readText(&p.Message, value))
		case "language":
			return took(5, readText(&p.Language, value))
		case "platform":
			return took(6, readText(&p.Platform, value))
		case "badges":
			return took(7, readList(&p.Badges, value, (*Badge).readQuickly))
		case "color":
			return took(8, readText(&p.Color, value))
		case "emotes":
			return took(9, readList(&p.Emotes, value, (*Emote).readQuickly))
		case "bits":
			return took(10, readNumber(&p.Bits, value))
		case "replyTo":
			return took(11, json.Unmarshal(value, &p.ReplyTo) == nil)
		case "sentDateTime":
			return took(12, readTime(&p.SentDateTime, value))
		case "isCaption":
			return took(13, readFlag(caption, value))
		}
		return p.readFlags(key, value)
	})
}

func (p *ChatPayload) readFlags(key, value []byte) int {
	switch string(key) {
	case "isSubscriber":
		return took(20, readFlag(&p.IsSubscriber, value))
	case "isVip":
		return took(21, readFlag(&p.IsVIP, value))
	case "isModerator":
		return took(22, readFlag(&p.IsModerator, value))
	case "isBroadcaster":
		return took(23, readFlag(&p.IsBroadcaster, value))
	case "isVerified":
		return took(24, readFlag(&p.IsVerified, value))
	case "isTest":
		return took(25, readFlag(&p.IsTest, value))
	case "isFirstMessage":
		p.IsFirstMessage = new(bool)
		return took(26, readFlag(p.IsFirstMessage, value))
	}
	return odd
}

// Badge is one badge beside a name.
type Badge struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Info     string `json:"info,omitempty"`
	ImageURL string `json:"imageUrl,omitempty"`
}

func (b *Badge) readQuickly(object []byte) bool {
	return quickly(object, func(key, value []byte) int {
		switch string(key) {
		case "name":
			return took(0, readText(&b.Name, value))
		case "version":
			return took(1, readText(&b.Version, value))
		case "info":
			return took(2, readText(&b.Info, value))
		case "imageUrl":
			return took(3, readText(&b.ImageURL, value))
		}
		return odd
	})
}

// Emote is one emote in a message. Start and End are inclusive and count
// UTF-16 units of the message, as Streamer.bot records them.
type Emote struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"`
	Start    int64  `json:"startIndex"`
	End      int64  `json:"endIndex"`
	ImageURL string `json:"imageUrl,omitempty"`
}

func (e *Emote) readQuickly(object []byte) bool {
	return quickly(object, func(key, value []byte) int {
		switch string(key) {
		case "id":
			return took(0, readText(&e.ID, value))
		case "name":
			return took(1, readText(&e.Name, value))
		case "type":
			return took(2, readText(&e.Type, value))
		case "startIndex":
			return took(3, readNumber(&e.Start, value))
		case "endIndex":
			return took(4, readNumber(&e.End, value))
		case "imageUrl":
			return took(5, readText(&e.ImageURL, value))
		}
		return odd
	})
}

// ReplyTo is the line that a message answers, as far as the source says.
type ReplyTo struct {
	ID       string `json:"id,omitempty"`
	UserID   string `json:"userId,omitempty"`
	Username string `json:"username,omitempty"`
	Message  string `json:"message,omitempty"`
}
