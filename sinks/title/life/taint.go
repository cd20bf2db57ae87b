package life

import (
	"strings"

	"promethean/schema"
)

// taken folds that lines of chat were taken away: a title that drew on one is
// tainted.
func (s *State) taken(e Event) {
	for _, l := range s.lives {
		if l.tainted || l.taint != nil {
			continue
		}
		for _, line := range l.DrawnFrom {
			if !gone(e, line) {
				continue
			}
			l.taint = &schema.TitleTaintedPayload{RequestID: l.RequestID, Session: l.Session, Line: line, Cause: string(e.Type)}
			l.taintedBy = e.ID
			break
		}
	}
}

// gone reports whether an event took a line away.
func gone(e Event, line schema.TitleLine) bool {
	if !strings.EqualFold(e.Provider, line.Platform) {
		return false
	}
	if e.Type == schema.ChatCleared {
		return true
	}
	p, ok := read[struct{ ID, UserID string }](e)
	if e.Type == schema.ChatMessageDeleted {
		return ok && p.ID == line.MessageID && p.ID != ""
	}
	return ok && p.UserID == line.UserID && p.UserID != ""
}
