package streamerbot

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"promethean/schema"
)

// chatData is all that a line of chat says.
type chatData struct {
	common

	Text    text
	Content text
	Parts   verbatim
	Emotes  objects[emote]
	Bits    count
	Reply   object[reply]

	// payload is what is made of it, in the same piece of memory.
	payload schema.ChatPayload
}

type emote struct {
	ID       text
	Name     text
	Type     text
	Start    count
	End      count
	ImageURL text
}

// reply is the line that is answered: {userName, msgBody, …} on Twitch and
// since 1.0.5 on Kick, {messageId, content, sender} on Kick before.
type reply struct {
	ID        text
	MessageID text
	MsgID     text
	ParentID  text
	UserID    text
	UserLogin text
	UserName  text
	MsgBody   text
	Content   text
	Sender    object[user]
}

// chatReader fills in what one platform says in its own way.
type chatReader func(*chatData, *schema.ChatPayload)

// chat makes the draft of a chat line, or a refusal where the frame holds
// nothing of one: a line without text and id is no fact, and a pass-through
// would hide that a platform changed its shape.
func (n *normaliser) chat(platform chatReader) (d schema.Draft, ignored bool) {
	c := &n.facts.memory.chat
	*c = chatData{}
	n.isObject = n.cursor.read(n.data, c)
	n.common = &c.common
	if n.isIgnored() {
		return schema.Draft{}, true
	}
	p := &c.payload
	*p = schema.ChatPayload{
		Platform: n.platform(),
		Badges:   []schema.Badge{},
		Emotes:   []schema.Emote{},
		IsTest:   c.isTest(),
	}
	if n.isObject {
		platform(c, p)
		addFlat(c, p)
	}
	if p.ID == "" && p.Message == "" && len(p.Emotes) == 0 && p.Bits == 0 {
		return n.refuse(errNothing), false
	}
	p.SentDateTime = n.sentAt()
	return n.fact(fact{becomes: schema.ChatMessage, payload: p, native: n.nativeKey()}), false
}

// refuse gives up on a frame whose names are known.
func (n *normaliser) refuse(reason error) schema.Draft {
	return n.facts.refuse(n.raw, n.frame, reason)
}

// sentAt is the platform's time: the first of a reader's own that can be read,
// else what chat has; else Streamer.bot's, else ours.
func (n *normaliser) sentAt(own ...text) schema.Time {
	for _, t := range own {
		if at := parseTime(string(t)); !at.IsZero() {
			return schema.NewTime(at)
		}
	}
	for _, t := range [...]text{n.common.CreatedAt, n.common.Meta.v.CreatedAt, n.common.PublishedAt} {
		if at := parseTime(string(t)); !at.IsZero() {
			return schema.NewTime(at)
		}
	}
	return n.stampedAt()
}

// stampedAt is Streamer.bot's time, else ours.
func (n *normaliser) stampedAt() schema.Time {
	if !n.at.IsZero() {
		return schema.NewTime(n.at)
	}
	return schema.NewTime(n.facts.ReceivedAt)
}

// setPayload writes a payload into a draft.
func setPayload(d *schema.Draft, payload any) (err error) {
	line, isChat := payload.(*schema.ChatPayload)
	if !isChat {
		d.Payload, err = encode(payload)
		return err
	}
	written, err := line.Encode()
	d.SetPayload(written)
	return err
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
	p.UserID = first(u.ID, u.UserID)
	p.Username = first(u.Login, u.UserLogin, u.Name, u.UserName)
	p.DisplayName = first(u.Display, u.Name, u.UserName)
	p.Color = string(u.Color)
	p.IsVerified = u.IsVerified.on
	p.IsSubscriber = u.Subscribed.on || u.IsSubscribed.on
	addRole(u.Role, p)
	addBadges(u.Badges, p)
}

// addFlat fills in what is still missing: a person whose members stand beside
// the message, and the line's text as its parts. Joined parts come last, since
// a cheer's part lacks its number (reference: streamerbot.md 4.1).
func addFlat(c *chatData, p *schema.ChatPayload) {
	p.UserID = first(text(p.UserID), c.UserID)
	p.DisplayName = first(text(p.DisplayName), c.DisplayName, c.UserName)
	p.Username = first(text(p.Username), c.UserLogin, c.Username, c.UserName)
	if p.Message == "" {
		p.Message = joined(c.Parts.parts())
	}
}

func joined(parts objects[part]) string {
	var line strings.Builder
	for _, part := range parts {
		line.WriteString(string(part.Text))
	}
	return line.String()
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
	p.Badges = slices.Grow(p.Badges, len(badges))
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
	p.Emotes = slices.Grow(p.Emotes, len(emotes))
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
