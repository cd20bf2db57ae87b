package life

import (
	"strings"

	"promethean/schema"
)

// Types are those that the state follows from, but for chat.
func Types() []schema.Type {
	return []schema.Type{
		schema.OBSStreamingStarted, schema.OBSStreamingStopped, schema.ChannelGoLive, schema.ChannelGoOffline, schema.ChannelUpdated,
		schema.ActionCompleted, schema.ActionFailed,
		schema.TitleRequested, schema.TitleSuggested, schema.TitleApproved, schema.TitleRejected, schema.TitleSent, schema.TitleApplied,
		schema.TitleRefused, schema.TitleUnconfirmed, schema.TitleOverridden, schema.TitleExpired, schema.TitleTainted, schema.TitleLocked,
	}
}

// Add folds the next event of the log. Events of one log come in its order, but
// for the worker's own, which may come a little earlier; adding one again
// changes nothing.
func (s *State) Add(e Event) {
	if e.Rehearsal {
		return
	}
	switch e.Type {
	case schema.OBSStreamingStarted, schema.ChannelGoLive:
		s.start(e)
	case schema.OBSStreamingStopped, schema.ChannelGoOffline:
		s.stop(e)
	case schema.ChannelUpdated:
		s.updated(e)
	case schema.ChatMessage:
		s.messages++
		s.line(e)
	case schema.ChatCommand:
		s.command(e)
	case customEvent, codeEvent, broadcast:
		s.custom(e)
	case schema.ChatMessageDeleted, schema.ChatUserBanned, schema.ChatUserTimedOut, schema.ChatCleared:
		s.taken(e)
	case schema.ActionCompleted, schema.ActionFailed:
		s.ended(e)
	default:
		if strings.HasPrefix(string(e.Type), "title.") && e.Provider == string(schema.Brain) {
			s.own(e)
		}
	}
}
