package streamerbot

import "promethean/schema"

// readKickChat reads Kick.ChatMessage, whose members may all be null, and
// Trovo.ChatMessage, of which no frame is published and which is taken to be
// like it (reference: streamerbot.md 4.7).
func readKickChat(c *common, p *schema.ChatPayload) {
	addPerson(&c.User.v, p)
	addEmotes(c.Emotes, p)
	p.ID = first(c.MessageID, c.MsgID)
	p.Message = first(c.Text, c.Message.text, c.Message.v.Message)
	p.Username = first(text(p.Username), c.Username, c.UserName)
	p.ReplyTo = replyTo(c.Reply.v)
}
