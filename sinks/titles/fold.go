package titles

import (
	"cmp"
	"slices"
	"strings"

	"promethean/schema"
)

// Fold makes the document of a request from its steps, in any order and however
// often each comes. There is at least one.
func Fold(id string, steps []Step) Title {
	t := Title{ID: id, Steps: inOrder(steps)}
	first := t.Steps[0]
	t.Session, t.Tenant, t.Channel, t.Platform, t.Timestamp = first.Session, first.Tenant, first.Channel, first.ChannelPlatform, first.At
	shown := map[string]bool{}
	for _, s := range t.Steps {
		t.take(s, shown)
	}
	return t
}

// inOrder are the steps in the order of the log, each event once: an event that
// is on the log twice is where it was first.
func inOrder(steps []Step) []Step {
	sorted := slices.Clone(steps)
	slices.SortStableFunc(sorted, func(a, b Step) int { return cmp.Compare(a.Seq, b.Seq) })
	seen := map[string]bool{}
	return slices.DeleteFunc(sorted, func(s Step) bool {
		again := seen[s.EventID]
		seen[s.EventID] = true
		return again
	})
}

// take moves the document on by one step. shown are the ids of what was sent
// and is shown by a platform.
func (t *Title) take(s Step, shown map[string]bool) {
	t.Seq, t.IsTest = s.Seq, t.IsTest || s.IsTest
	switch s.Type {
	case schema.TitleRequested:
		t.Trigger, t.Mode = s.Trigger, s.Mode
	case schema.TitleSuggested:
		t.Source, t.Model, t.PromptHash = s.Source, s.Model, s.PromptHash
	case schema.TitleApproved:
		t.DecidedBy, t.Edited, t.Title = s.By, s.Edited, s.Title
	case schema.TitleRejected:
		t.DecidedBy, t.Edited = s.By, false
	case schema.TitleSent:
		t.Title, t.Applied = s.Title, nil
	case schema.TitleApplied:
		shown[s.SentID] = true
		if !slices.Contains(t.Applied, s.Platform) {
			t.Applied = append(t.Applied, s.Platform)
		}
	case schema.TitleRefused, schema.TitleUnconfirmed:
		if shown[s.SentID] {
			return // one platform shows it; the others are told of in the steps
		}
	case schema.TitleTainted:
		t.Tainted = true
		return
	case schema.TitleOverridden, schema.TitleExpired:
	default:
		return // of a kind that is not known here
	}
	t.State = strings.TrimPrefix(string(s.Type), "title.")
}

// Names reports whether id is the request's, or an event's of it, or how one
// begins.
func (t *Title) Names(id string) bool {
	return strings.HasPrefix(t.ID, id) || slices.ContainsFunc(t.Steps, func(s Step) bool {
		return strings.HasPrefix(s.EventID, id) || strings.HasPrefix(s.SuggestionID, id)
	})
}
