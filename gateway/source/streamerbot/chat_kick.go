package streamerbot

import "promethean/schema"

// readKickChat reads Kick.ChatMessage, whose members may all be null
// (reference: streamerbot.md 4.7).
func readKickChat(c *chatData, p *schema.ChatPayload) {
	addPerson(&c.User.v, p)
	addEmotes(c.Emotes, p)
	p.ID = byMessage(&c.common)
	p.Message = first(c.Text, c.Message.text, c.Message.v.Message)
	p.ReplyTo = replyTo(c.Reply.v)
}

// readTrovoChat reads Trovo.ChatMessage. No frame of it is published: it is
// taken to be like Kick's, or to use the names of Trovo's own interface.
func readTrovoChat(c *chatData, p *schema.ChatPayload) {
	readKickChat(c, p)
	p.ID = first(text(p.ID), c.ID)
	p.Message = first(text(p.Message), c.Content)
}
