package schema

// Payloads of the events that only ai_licia makes, as its public event
// reference has them (docs.getailicia.com, EventSub; reference: ailicia.md 3).
// What may be missing or null there is left out or zero here.

// AIMessagePayload is the payload of chat.ai_message: a line that the AI wrote.
type AIMessagePayload struct {
	ID string `json:"id"`
	// Username is the persona's shown name.
	Username string `json:"username"`
	Message  string `json:"message"`
	// Target is the user it is for, or "chat"; TargetRole e.g. VIEWER, MOD, VIP.
	Target                   string `json:"target"`
	TargetRole               string `json:"targetRole"`
	ShouldGenerateTTSMessage bool   `json:"shouldGenerateTtsMessage"`
	// CharacterID may be null, and so may Tone.
	CharacterID  string `json:"characterId,omitempty"`
	Tone         string `json:"tone,omitempty"`
	SentDateTime Time   `json:"sentDateTime"`
}

// FirstMessagePayload is the payload of chat.first_message: what came to the
// AI's mind as it saw a chatter. It does not say that this is the chatter's
// first line.
type FirstMessagePayload struct {
	// Memory is personal data and may be null, as may Greeting.
	Memory       *Memory `json:"memory,omitempty"`
	Greeting     string  `json:"greeting,omitempty"`
	Username     string  `json:"username"`
	SentDateTime Time    `json:"sentDateTime"`
}

// Memory is what the AI remembers of a person. Facts is free text about them:
// it belongs into no prompt, no title, no log line and no public page.
type Memory struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Facts   string `json:"facts"`
	Updated Time   `json:"updated"`
}

// ThoughtsPayload is the payload of ai.thoughts: the AI's reasoning, made for
// people to read.
type ThoughtsPayload struct {
	Reasoning    string `json:"reasoning"`
	ShouldAnswer bool   `json:"shouldAnswer"`
	// CompiledFromMultiple says that it sums up several thoughts.
	CompiledFromMultiple bool `json:"compiledFromMultiple"`
	SentDateTime         Time `json:"sentDateTime"`
}

// SpeechPayload is the payload of ai.tts.generated: a message of the AI was
// spoken.
type SpeechPayload struct {
	// MessageID is the AI message's.
	MessageID        string `json:"messageId"`
	Username         string `json:"username"`
	TextToSpeech     string `json:"textToSpeech"`
	AudioFormat      string `json:"audioFormat"`
	GenerationTimeMs int64  `json:"generationTimeMs"`
	AudioSizeBytes   int64  `json:"audioSizeBytes"`
	// TTSStreamURL ended in a secret, which was taken out before anything was
	// written: the address no longer leads to the sound.
	TTSStreamURL string `json:"ttsStreamUrl"`
	SentDateTime Time   `json:"sentDateTime"`
}

// ModerationPayload is the payload of ai.moderation: the verdict on a message
// that the AI wrote.
type ModerationPayload struct {
	MessageID       string `json:"messageId"`
	Username        string `json:"username"`
	OriginalMessage string `json:"originalMessage"`
	IsAppropriate   bool   `json:"isAppropriate"`
	// CategoriesScore has an open set of categories.
	CategoriesScore   map[string]CategoryScore `json:"categoriesScore"`
	ModerationEnabled bool                     `json:"moderationEnabled"`
	SentDateTime      Time                     `json:"sentDateTime"`
}

// CategoryScore is how a message does in one category of moderation.
type CategoryScore struct {
	Flagged bool    `json:"flagged"`
	Score   float64 `json:"score"`
}

// APIEventPayload is the payload of api.event: an event of the streamer's own
// that came to the AI by ai_licia's API. It has no sentDateTime; the envelope's
// timestamp says when.
type APIEventPayload struct {
	// EventType is a free label.
	EventType      string `json:"eventType"`
	Content        string `json:"content"`
	ShouldGenerate bool   `json:"shouldGenerate"`
	// TTL, in seconds, and ExpiresAt may be null.
	TTL       *int64 `json:"ttl,omitempty"`
	ExpiresAt *Time  `json:"expiresAt,omitempty"`
}

// PresencePayload is the payload of system.join and system.left: the AI came
// into the chat, or left it.
type PresencePayload struct {
	ChannelID    string `json:"channelId"`
	ChannelName  string `json:"channelName"`
	SentDateTime Time   `json:"sentDateTime"`
}

// CharacterPayload is the payload of character.updated: another character is
// active.
type CharacterPayload struct {
	CharacterID  string `json:"characterId"`
	DisplayName  string `json:"displayName"`
	SentDateTime Time   `json:"sentDateTime"`
}
