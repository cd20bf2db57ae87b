package streamerbot

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"promethean/schema"
)

// chatReaderFunc fills in what one platform says in its own way.
type chatReaderFunc func(*common, *schema.ChatPayload)

// chatReader is the reader of a chat line's frame; nil for every other type.
// FirstWord and its like repeat a line and are never a second chat.message.
func chatReader(source, kind string) chatReaderFunc {
	switch strings.ToLower(source + "." + kind) {
	case "twitch.chatmessage":
		return readTwitchChat
	case "youtube.message":
		return readYouTubeChat
	case "kick.chatmessage":
		return readKickChat
	case "trovo.chatmessage":
		return readTrovoChat
	}
	return nil
}

// chat makes the draft of a chat line, or a refusal where the frame holds
// nothing of one.
func (n *normaliser) chat(platform chatReaderFunc) schema.Draft {
	p := schema.ChatPayload{
		Platform: strings.ToUpper(string(provider(n.source))),
		Badges:   []schema.Badge{},
		Emotes:   []schema.Emote{},
		IsTest:   n.common.isTest(),
	}
	if n.isObject {
		platform(&n.common, &p)
		addFlat(&n.common, &p)
	}
	name, _ := frameType(n.source, n.kind)
	if p.ID == "" && p.Message == "" && len(p.Emotes) == 0 && p.Bits == 0 {
		return n.facts.refuse(n.raw, name, errNothing)
	}
	d := n.draft(schema.ChatMessage)
	p.SentDateTime = n.sentAt(d)
	payload, err := encode(p)
	if err != nil {
		return n.facts.refuse(n.raw, name, err)
	}
	d.OwnVersion, d.Payload, d.Raw = true, payload, n.raw
	return d
}

// sentAt is the platform's time, else Streamer.bot's, else ours.
func (n *normaliser) sentAt(d schema.Draft) schema.Time {
	for _, t := range []text{n.common.CreatedAt, n.common.Meta.v.CreatedAt, n.common.PublishedAt} {
		if at := parseTime(string(t)); !at.IsZero() {
			return schema.NewTime(at)
		}
	}
	if !d.Timestamp.IsZero() {
		return schema.NewTime(d.Timestamp)
	}
	return schema.NewTime(d.Trace.ReceivedAt)
}

// encode writes a payload without HTML escapes, which would let text grow
// sixfold.
func encode(payload any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(payload); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// addPerson fills in what a user object says on every platform.
func addPerson(u *user, p *schema.ChatPayload) {
	p.UserID = string(u.ID)
	p.Username = first(u.Login, u.Name)
	p.DisplayName = first(u.Display, u.Name)
	p.Color = string(u.Color)
	p.IsVerified = u.IsVerified.on
	p.IsSubscriber = u.Subscribed.on || u.IsSubscribed.on
	addRole(u.Role, p)
	addBadges(u.Badges, p)
}

// addFlat fills in what is still missing: a person whose members stand beside
// the message, and the line's text as its parts. Joined parts come last, since
// a cheer's part lacks its number (reference: streamerbot.md 4.1).
func addFlat(c *common, p *schema.ChatPayload) {
	p.UserID = first(text(p.UserID), c.UserID)
	p.DisplayName = first(text(p.DisplayName), c.DisplayName, c.UserName)
	p.Username = first(text(p.Username), c.UserLogin, c.Username, c.UserName)
	if p.Message == "" {
		var line strings.Builder
		for _, part := range c.Parts {
			line.WriteString(string(part.Text))
		}
		p.Message = line.String()
	}
}

// addRole reads a role: 2 VIP, 3 moderator, 4 broadcaster, or their names.
func addRole(role text, p *schema.ChatPayload) {
	if n, ok := role.whole(); ok {
		role = text(strconv.FormatInt(n, 10))
	}
	switch strings.ToLower(string(role)) {
	case "2", "vip":
		p.IsVIP = true
	case "3", "moderator":
		p.IsModerator = true
	case "4", "broadcaster":
		p.IsBroadcaster = true
	}
}

func addBadges(badges objects[badge], p *schema.ChatPayload) {
	for _, b := range badges {
		name := first(b.Name, b.ID)
		if name == "" {
			continue
		}
		p.Badges = append(p.Badges, schema.Badge{
			Name: name, Version: string(b.Version), Info: string(b.Info), ImageURL: string(b.ImageURL),
		})
		switch strings.ToLower(name) {
		case "subscriber", "founder":
			p.IsSubscriber = true
		case "vip":
			p.IsVIP = true
		case "moderator", "lead_moderator":
			p.IsModerator = true
		case "broadcaster":
			p.IsBroadcaster = true
		}
	}
}

func addEmotes(emotes objects[emote], p *schema.ChatPayload) {
	for _, e := range emotes {
		if e.Name == "" && e.ID == "" {
			continue
		}
		p.Emotes = append(p.Emotes, schema.Emote{
			ID: string(e.ID), Name: string(e.Name), Type: string(e.Type),
			Start: int64(e.Start), End: int64(e.End), ImageURL: string(e.ImageURL),
		})
	}
}

func replyTo(r reply) *schema.ReplyTo {
	to := schema.ReplyTo{
		ID:       first(r.MessageID, r.MsgID, r.ParentID, r.ID),
		UserID:   first(r.UserID, r.Sender.v.ID),
		Username: first(r.UserLogin, r.Sender.v.Login, r.UserName, r.Sender.v.Name),
		Message:  first(r.MsgBody, r.Content),
	}
	if to == (schema.ReplyTo{}) {
		return nil
	}
	return &to
}
