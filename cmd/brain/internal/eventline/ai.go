package eventline

import (
	"fmt"

	"promethean/schema"
)

// ai describes what ai_licia's AI does. What it remembers of people is not
// shown.
func ai(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.ChatAIMessage:
		return read(e, func(p schema.AIMessagePayload) {
			l.paint(bold, p.Username)
			if p.Target != "chat" {
				l.paint(dim, before(" to ", p.Target))
			}
			l.text(": " + p.Message)
		})
	case schema.ChatFirstMessage:
		return read(e, func(p schema.FirstMessagePayload) {
			l.text("the AI sees ")
			l.paint(bold, p.Username)
			if p.Memory != nil {
				l.text(" and remembers them")
			}
		})
	case schema.AIThoughts:
		return read(e, func(p schema.ThoughtsPayload) {
			l.text("thinks: " + p.Reasoning)
			if !p.ShouldAnswer {
				l.paint(dim, " (will not answer)")
			}
		})
	case schema.AITTSGenerated:
		return read(e, func(p schema.SpeechPayload) {
			l.paint(bold, p.Username)
			l.text(" says: " + p.TextToSpeech)
			l.paint(dim, fmt.Sprintf(" (%s, made in %d ms)", p.AudioFormat, p.GenerationTimeMs))
		})
	case schema.AIModeration:
		return read(e, l.verdict)
	}
	return aiState(l, e)
}

func (l *line) verdict(p schema.ModerationPayload) {
	if p.IsAppropriate {
		l.paint(green, "appropriate")
	} else {
		l.paint(red, "not appropriate")
	}
	l.text(before(", by ", p.Username) + before(": ", p.OriginalMessage))
}

// aiState describes what happens to the AI.
func aiState(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.APIEvent:
		return read(e, func(p schema.APIEventPayload) { l.text(p.EventType + before(": ", p.Content)) })
	case schema.SystemJoin:
		return read(e, func(p schema.PresencePayload) { l.text("the AI came into the chat" + before(" of ", p.ChannelName)) })
	case schema.SystemLeft:
		return read(e, func(p schema.PresencePayload) { l.text("the AI left the chat" + before(" of ", p.ChannelName)) })
	case schema.CharacterUpdated:
		return read(e, func(p schema.CharacterPayload) {
			l.text("the AI is now ")
			l.paint(bold, p.DisplayName)
		})
	}
	return false
}
