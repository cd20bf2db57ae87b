package life

import (
	"strings"

	"promethean/schema"
)

// awaited: a platform may still show the title.
func (n *send) awaited() bool {
	return n.refused == nil && n.refusal == nil && !n.unconfirmed
}

// ended folds how a command ended: one to us, or one to the gateway. That an action ran says nothing
// of the title; that it was not done says that no title was set.
func (s *State) ended(e Event) {
	p, ok := read[schema.ActionPayload](e)
	if !ok {
		return
	}
	if e.Provider == string(schema.Brain) {
		s.ends.note(p.CommandID, p)
		return
	}
	for _, l := range s.lives {
		for _, n := range l.sends {
			if n.CommandID != p.CommandID || !n.awaited() || len(n.shown) > 0 {
				continue
			}
			if p.Outcome == schema.OutcomeRefused || p.Outcome == schema.OutcomeExpired {
				n.refusal = &refusal{schema.RefusedAction, p.Reason, e.ID}
			}
		}
	}
}

// notSet folds the action's own word that the platform refused the title: an
// event with titleSuccess false, and brainRunId or the title to know it by.
func (s *State) notSet(e Event, args arguments) {
	run, title := args.text("brainRunId"), args.text("title")
	for _, l := range s.lives {
		for _, n := range l.sends {
			ours := run == n.CommandID || run == "" && title == strings.TrimSpace(n.Title)
			if !ours || !n.awaited() || len(n.shown) > 0 || e.Seq < n.seq || e.At.After(n.Until.Time) {
				continue
			}
			reason := args.text("reason", "titleError", "error")
			n.refusal = &refusal{kindOf(reason), reason, e.ID}
			if reason == "" {
				n.refusal.reason = "the platform refused the title"
			}
		}
	}
}

// kindOf reads a platform's reason. Twitch's are "Title is too long." and
// "Status contains banned words." (reference: titles.md 1).
func kindOf(reason string) string {
	low := strings.ToLower(reason)
	switch {
	case strings.Contains(low, "banned"):
		return schema.RefusedBannedWords
	case strings.Contains(low, "too long"), strings.Contains(low, "characters"):
		return schema.RefusedTooLong
	}
	return schema.RefusedByPlatform
}
