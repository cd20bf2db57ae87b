package eventline

import (
	"cmp"
	"fmt"
	"time"

	"promethean/schema"
)

// chat describes what happens in chat.
func chat(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.ChatMessage:
		return read(e, l.message)
	case schema.ChatMessageDeleted:
		return read(e, l.deleted)
	case schema.ChatCleared:
		return read(e, func(p schema.ChatClearedPayload) {
			l.text("the chat was cleared")
			l.by(p.Moderator)
		})
	case schema.ChatUserTimedOut, schema.ChatUserBanned, schema.ChatUserUnbanned, schema.ChatUserUntimedOut:
		return read(e, func(p schema.UserModeratedPayload) { l.moderated(e.Type, p) })
	case schema.ChatCommand:
		return read(e, func(p schema.ChatCommandPayload) {
			l.paint(bold, cmp.Or(p.DisplayName, p.Username))
			l.text(" used ")
			l.paint(bold, p.Command)
			l.text(before(" ", p.Message))
		})
	}
	return false
}

func (l *line) message(p schema.ChatPayload) {
	l.paint(userColour(p.Color), cmp.Or(p.DisplayName, p.Username, "?"))
	for _, role := range []struct {
		has  bool
		name string
	}{{p.IsBroadcaster, "broadcaster"}, {p.IsModerator, "mod"}, {p.IsVIP, "vip"}} {
		if role.has {
			l.paint(dim, " "+role.name)
			break
		}
	}
	if r := p.ReplyTo; r != nil && r.Username != "" {
		l.paint(dim, " to "+r.Username)
	}
	l.text(": " + p.Message)
	if p.Bits > 0 {
		l.paint(yellow, fmt.Sprintf(" (%d bits)", p.Bits))
	}
	if p.IsFirstMessage != nil && *p.IsFirstMessage {
		l.paint(yellow, " (first message)")
	}
}

func (l *line) deleted(p schema.MessageDeletedPayload) {
	l.text("a line")
	if name := cmp.Or(p.DisplayName, p.Username); name != "" {
		l.text(" of ")
		l.paint(bold, name)
	}
	l.text(" was deleted")
	l.by(p.Moderator)
	l.text(before(": ", p.Message))
}

func (l *line) moderated(t schema.Type, p schema.UserModeratedPayload) {
	l.paint(bold, cmp.Or(p.DisplayName, p.Username, p.UserID, "somebody"))
	switch t {
	case schema.ChatUserTimedOut:
		l.text(" was timed out")
		if p.DurationSeconds > 0 && p.DurationSeconds < 1<<31 {
			l.text(" for " + (time.Duration(p.DurationSeconds) * time.Second).String())
		}
	case schema.ChatUserBanned:
		l.text(" was banned")
	case schema.ChatUserUnbanned:
		l.text(" is unbanned")
	case schema.ChatUserUntimedOut:
		l.text("'s time-out was lifted")
	}
	l.by(p.Moderator)
	l.text(before(": ", p.Reason))
}

// by says who did it, where that is known.
func (l *line) by(p *schema.Person) {
	if p == nil {
		return
	}
	if name := cmp.Or(p.DisplayName, p.Username); name != "" {
		l.text(" by " + name)
	}
}

// before is text with something before it, or nothing.
func before(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}
