package streamerbot

import "promethean/schema"

// readTwitchChat reads all three shapes: the message object (2023), both side
// by side (0.2.5), the flat one (1.0.5). The flat member counts where both
// are there (reference: streamerbot.md 4.1).
func readTwitchChat(c *chatData, p *schema.ChatPayload) {
	old, u := &c.Message.v, &c.User.v
	addPerson(u, p)
	p.ID = byMessage(&c.common)
	p.Message = first(c.Text, old.Message, c.Message.text)
	p.UserID = first(u.ID, old.UserID)
	p.Username = first(u.Login, old.Username, u.Name, old.DisplayName)
	p.DisplayName = first(u.Name, old.DisplayName)
	p.Color = first(u.Color, old.Color)
	p.Bits = int64(max(c.Bits, old.Bits))
	p.IsSubscriber = p.IsSubscriber || old.Subscriber.on
	if u.Role == "" {
		addRole(old.Role, p)
	}
	if len(u.Badges) == 0 {
		addBadges(old.Badges, p)
	}
	if addEmotes(c.Emotes, p); len(c.Emotes) == 0 {
		addEmotes(old.Emotes, p)
	}
	if f := known(c.Meta.v.FirstMessage, old.FirstMessage); f.known {
		p.IsFirstMessage = &f.on
	}
	if p.ReplyTo = replyTo(c.Reply.v); p.ReplyTo == nil {
		p.ReplyTo = replyTo(old.Reply.v)
	}
}
