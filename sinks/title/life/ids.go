package life

import (
	"slices"

	"promethean/schema"
)

// The ids of the worker's own events are made of what caused them, so that
// telling one again is no second event, whoever tells it.

// RequestID is of the title.requested that a cause leads to: the event that
// opened a session, an ask or a command.
func RequestID(cause string) string { return schema.OwnID(cause, schema.TitleRequested, 0) }

// IntervalID is of a session's n-th request by interval.
func IntervalID(session string, n int) string {
	return schema.OwnID(session, schema.TitleRequested, uint64(n))
}

// SuggestionID is of a request's n-th round.
func SuggestionID(request string, round int) string {
	return schema.OwnID(request, schema.TitleSuggested, uint64(round))
}

// ApprovalID is of the n-th approval of a suggestion: two people who decide at
// once decide once.
func ApprovalID(suggestion string, n int) string {
	return schema.OwnID(suggestion, schema.TitleApproved, uint64(n))
}

// SentID is of the attempt, 1 or 2, of a suggestion.
func SentID(suggestion string, attempt int) string {
	return schema.OwnID(suggestion, schema.TitleSent, uint64(attempt))
}

// CommandID is of the action that a title.sent is about.
func CommandID(sent string) string { return schema.OwnID(sent, schema.ControlDoAction, 0) }

// AskCommandID is of the action that shows a suggestion to the streamer.
func AskCommandID(suggestion string) string {
	return schema.OwnID(suggestion, schema.ControlDoAction, 1)
}

// Platforms that have a title to set, in the order in which they are told.
func Platforms() []string {
	return []string{string(schema.Twitch), string(schema.YouTube), string(schema.Kick)}
}

// appliedID is of the word that one platform shows a title.
func appliedID(sent, platform string) string {
	return schema.OwnID(sent, schema.TitleApplied, uint64(slices.Index(Platforms(), platform)+1))
}
