package eventline

import (
	"cmp"
	"fmt"
	"strings"

	"promethean/schema"
)

// title describes the life of a title.
func title(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.TitleRequested:
		return read(e, func(p schema.TitleRequestedPayload) {
			l.text("titles are asked for by " + p.Trigger + before(": ", p.Note))
		})
	case schema.TitleSuggested:
		return read(e, l.suggested)
	case schema.TitleApproved:
		return read(e, func(p schema.TitleApprovedPayload) {
			l.named("approved", p.Title)
			l.actor(p.By)
		})
	case schema.TitleRejected:
		return read(e, func(p schema.TitleRejectedPayload) {
			l.text(fmt.Sprintf("%d titles are not wanted%s", len(p.Titles), before(": ", p.Reason)))
			l.actor(p.By)
		})
	case schema.TitleSent:
		return read(e, func(p schema.TitleSentPayload) {
			l.named("sent", p.Title)
			l.text(" to action " + cmp.Or(p.Action.Name, p.Action.ID))
		})
	case schema.TitleApplied:
		return read(e, func(p schema.TitleAppliedPayload) {
			l.paint(green, "applied ")
			l.paint(bold, p.Title)
			l.text(" on " + p.Platform)
		})
	}
	return titleEnd(l, e)
}

// titleEnd describes what ends such a life otherwise.
func titleEnd(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.TitleRefused:
		return read(e, func(p schema.TitleRefusedPayload) {
			l.paint(red, "refused ")
			l.paint(bold, p.Title)
			l.text(before(": ", p.Reason))
		})
	case schema.TitleUnconfirmed:
		return read(e, func(p schema.TitleUnconfirmedPayload) {
			l.paint(yellow, "unconfirmed ")
			l.paint(bold, p.Title)
			l.text(before(": ", p.Reason))
		})
	case schema.TitleOverridden:
		return read(e, func(p schema.TitleOverriddenPayload) {
			l.named("set by hand", p.Title)
			l.text(before(", ours was ", p.Was))
		})
	case schema.TitleExpired:
		return read(e, func(p schema.TitleExpiredPayload) { l.text("the request ended: " + cmp.Or(p.Reason, p.Kind)) })
	case schema.TitleTainted:
		return read(e, func(p schema.TitleTaintedPayload) {
			l.paint(yellow, "tainted ")
			l.paint(bold, p.Title)
			l.text(" by " + p.Cause)
		})
	case schema.TitleLocked:
		return read(e, func(p schema.TitleLockedPayload) {
			text := "the title is free again"
			if p.Locked {
				text = "the title is kept"
			}
			l.text(text)
			l.actor(p.By)
		})
	}
	return false
}

func (l *line) suggested(p schema.TitleSuggestedPayload) {
	l.text("from " + strings.TrimSpace(p.Source+" "+p.Model))
	for _, c := range p.Candidates {
		l.text(fmt.Sprintf(" %d. ", c.N))
		l.paint(bold, c.Title)
	}
	if n := len(p.Rejected); n > 0 {
		l.paint(dim, fmt.Sprintf(" (%d did not pass)", n))
	}
}

func (l *line) named(what, title string) {
	l.text(what + " ")
	l.paint(bold, title)
}

func (l *line) actor(a schema.TitleActor) {
	l.paint(dim, " ("+cmp.Or(a.Username, a.Kind)+")")
}
