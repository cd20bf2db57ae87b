package ailicia

import "promethean/schema"

// Name is this source's name in traces, payloads and metrics.
const Name = "ailicia"

// Types are the types that ai_licia's public event reference lists (reference:
// ailicia.md 3), sorted by name. The set is open: others are read as well.
func Types() []schema.Type {
	return []schema.Type{
		schema.AIModeration, schema.AIThoughts, schema.AITTSGenerated, schema.APIEvent,
		schema.ChannelEvent, schema.ChannelGoLive, schema.ChannelGoOffline, schema.CharacterUpdated,
		schema.ChatAIMessage, schema.ChatFirstMessage, schema.ChatMessage, schema.SystemJoin, schema.SystemLeft,
	}
}
