package streamerbot

import "promethean/schema"

// readYouTubeChat reads YouTube.Message, where message is the text itself and
// a person has flags in place of a role (reference: streamerbot.md 4.6).
func readYouTubeChat(c *chatData, p *schema.ChatPayload) {
	u := &c.User.v
	addPerson(u, p)
	addEmotes(c.Emotes, p)
	p.ID = first(c.EventID, c.MessageID)
	p.Message = first(c.Message.text, c.Text, c.Message.v.Message)
	p.IsBroadcaster = p.IsBroadcaster || u.IsOwner.on
	p.IsModerator = p.IsModerator || u.IsModerator.on
	p.IsSubscriber = p.IsSubscriber || u.IsSponsor.on
	p.ReplyTo = replyTo(c.Reply.v)
}
