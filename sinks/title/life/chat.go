package life

import (
	"strconv"
	"strings"

	"promethean/schema"
)

// word begins a line of chat that is for the title worker.
const word = "!title"

// line hears what a moderator or the broadcaster says in chat.
func (s *State) line(e Event) {
	p, caption, err := schema.ParseChat(e.Payload)
	if err != nil || caption || !p.IsModerator && !p.IsBroadcaster {
		return
	}
	said, rest, _ := strings.Cut(strings.TrimSpace(p.Message), " ")
	if !strings.EqualFold(said, word) {
		return
	}
	s.ordered(e, rest, schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaChat, UserID: p.UserID, Username: p.Username}, p.Platform)
}

// command hears the same where Streamer.bot has a command of the word.
func (s *State) command(e Event) {
	p, ok := read[schema.ChatCommandPayload](e)
	if !ok || !p.IsModerator && !p.IsBroadcaster || !strings.EqualFold(strings.TrimSpace(p.Command), word) {
		return
	}
	s.ordered(e, p.Message, schema.TitleActor{Kind: schema.ActorHuman, Via: schema.ViaChat, UserID: p.UserID, Username: p.Username}, p.Platform)
}

// ordered hears what stands behind the word. Other words are not for us: many
// channels have a !title of their own.
func (s *State) ordered(e Event, text string, by schema.TitleActor, platform string) {
	a := ask{id: e.ID, seq: e.Seq, at: e.At, by: by, platform: strings.ToLower(platform)}
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	n, err := strconv.Atoi(first)
	switch first = strings.ToLower(first); {
	case first == "":
		a.kind = askShow
	case first == "new":
		a.kind, a.note = askNew, rest
	case first == "no" && rest == "":
		a.kind = askReject
	case first == "lock" && rest == "":
		a.kind = askLock
	case first == "unlock" && rest == "":
		a.kind = askUnlock
	case first == "set" && rest != "":
		a.kind, a.title = askTake, rest
	case err == nil && n > 0 && rest == "":
		a.kind, a.candidate = askTake, n
	default:
		return
	}
	s.hear(a)
}

// IsOrder reports whether a line of chat is a moderator's to the worker: such a
// line may hold a title, and is no viewer's word.
func IsOrder(e Event) bool {
	p, caption, err := schema.ParseChat(e.Payload)
	said, _, _ := strings.Cut(strings.TrimSpace(p.Message), " ")
	return err == nil && !caption && (p.IsModerator || p.IsBroadcaster) && strings.EqualFold(said, word)
}
