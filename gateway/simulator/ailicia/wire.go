package ailicia

import (
	"bytes"
	"encoding/json"
	"time"
)

// Version is the only schema version that the documentation ever shows.
const Version = "2025-02-01"

// envelope is what every event is in (reference/ailicia.md section 2).
type envelope struct {
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Version   string   `json:"version,omitempty"`
	Timestamp stamp    `json:"timestamp"`
	Channel   Channel  `json:"channel"`
	Stream    *stream  `json:"stream,omitempty"`
	Payload   any      `json:"payload"`
	Meta      anything `json:"meta,omitempty"`
}

type anything = map[string]any

type stream struct {
	ID string `json:"id"`
}

// Channel is one of the channels that the key controls, one a platform.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
}

// Channels are those of every evening; the first is the channel of what belongs to none.
func Channels() []Channel {
	return []Channel{
		{"ch_51d0", "mossduck", "TWITCH"}, {"ch_51d1", "mossduck", "YOUTUBE"}, {"ch_51d2", "mossduck", "KICK"},
	}
}

// stamp is a time as ai_licia writes it: UTC, to the millisecond.
type stamp time.Time

func (s stamp) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(s).UTC().Format("2006-01-02T15:04:05.000Z"))
}

// maybe is a field that may be missing, null or there.
type maybe[T any] struct {
	value  T
	isNull bool
}

func (m maybe[T]) MarshalJSON() ([]byte, error) {
	if m.isNull {
		return []byte("null"), nil
	}
	return encode(m.value), nil
}

// The payloads, section 3. A nil *maybe is a missing field.
type (
	chatMessage struct {
		ID           string `json:"id"`
		Username     string `json:"username"`
		Message      string `json:"message"`
		Language     string `json:"language"`
		Platform     string `json:"platform"`
		IsSubscriber bool   `json:"isSubscriber"`
		IsVip        bool   `json:"isVip"`
		IsModerator  bool   `json:"isModerator"`
		Sent         stamp  `json:"sentDateTime"`
		IsCaption    *bool  `json:"isCaption,omitempty"`
	}
	aiMessage struct {
		ID          string         `json:"id"`
		Username    string         `json:"username"`
		Message     string         `json:"message"`
		Target      string         `json:"target"`
		TargetRole  string         `json:"targetRole"`
		Speak       bool           `json:"shouldGenerateTtsMessage"`
		CharacterID *maybe[string] `json:"characterId,omitempty"`
		Tone        *maybe[string] `json:"tone,omitempty"`
		Sent        stamp          `json:"sentDateTime"`
	}
	firstMessage struct {
		Memory   *maybe[memory] `json:"memory,omitempty"`
		Greeting *maybe[string] `json:"greeting,omitempty"`
		Username string         `json:"username"`
		Sent     stamp          `json:"sentDateTime"`
	}
	memory struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Facts   string `json:"facts"`
		Updated stamp  `json:"updated"`
	}
	thoughts struct {
		Reasoning            string `json:"reasoning"`
		ShouldAnswer         bool   `json:"shouldAnswer"`
		CompiledFromMultiple bool   `json:"compiledFromMultiple"`
		Sent                 stamp  `json:"sentDateTime"`
	}
	speech struct {
		MessageID string `json:"messageId"`
		Username  string `json:"username"`
		Text      string `json:"textToSpeech"`
		Format    string `json:"audioFormat"`
		Millis    int    `json:"generationTimeMs"`
		Bytes     int    `json:"audioSizeBytes"`
		URL       string `json:"ttsStreamUrl"`
		Sent      stamp  `json:"sentDateTime"`
	}
	channelEvent struct {
		EventType   string         `json:"eventType"`
		Username    *maybe[string] `json:"username,omitempty"`
		Gifter      *maybe[string] `json:"gifter,omitempty"`
		Count       *maybe[int]    `json:"count,omitempty"`
		Value       *maybe[int]    `json:"value,omitempty"`
		RaidViewers *maybe[int]    `json:"raidViewers,omitempty"`
		Message     *maybe[string] `json:"message,omitempty"`
		Currency    string         `json:"currency,omitempty"`
		Sent        stamp          `json:"sentDateTime"`
	}
	verdict struct {
		MessageID  string              `json:"messageId"`
		Username   string              `json:"username"`
		Original   string              `json:"originalMessage"`
		Fine       bool                `json:"isAppropriate"`
		Categories map[string]category `json:"categoriesScore"`
		Enabled    bool                `json:"moderationEnabled"`
		Sent       stamp               `json:"sentDateTime"`
	}
	category struct {
		Flagged bool    `json:"flagged"`
		Score   float64 `json:"score"`
	}
	apiEvent struct {
		EventType      string        `json:"eventType"`
		Content        string        `json:"content"`
		ShouldGenerate bool          `json:"shouldGenerate"`
		TTL            *maybe[int]   `json:"ttl,omitempty"`
		Expires        *maybe[stamp] `json:"expiresAt,omitempty"`
	}
	presence struct {
		ChannelID   string `json:"channelId"`
		ChannelName string `json:"channelName"`
		Sent        stamp  `json:"sentDateTime"`
	}
	character struct {
		ID   string `json:"characterId"`
		Name string `json:"displayName"`
		Sent stamp  `json:"sentDateTime"`
	}
	moment struct {
		Sent stamp `json:"sentDateTime"`
	}
)

// encode writes JSON as services do: nothing is escaped for HTML. All values here can be written.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
