package ailicia

import "promethean/schema"

// Types are the types that ai_licia's public event reference lists (reference:
// ailicia.md 3), sorted by name. The set is open: others are read as well.
func Types() []schema.Type {
	return []schema.Type{
		"ai.moderation", "ai.thoughts", "ai.tts.generated", "api.event",
		schema.ChannelEvent, schema.ChannelGoLive, schema.ChannelGoOffline, "character.updated",
		"chat.ai_message", "chat.first_message", schema.ChatMessage, "system.join", "system.left",
	}
}
