package facts

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"promethean/schema"
)

// Options are what the streamer set about the context.
type Options struct {
	// Zone is the streamer's.
	Zone *time.Location
	// Platforms, where set, are those that a title is for; else those that the
	// log has heard of within [platformKept].
	Platforms []string
	// Lines lets lines of chat in, quoted.
	Lines bool
}

// platformKept is how long a platform counts that nothing was heard of.
const platformKept = 30 * 24 * time.Hour

// Fold gathers from the log what a title may draw on. Events come in the order
// of the log. The zero value is not ready; [NewFold] is.
type Fold struct {
	o Options
	// heard is when each platform was heard of last.
	heard    map[string]time.Time
	category map[string]string
	title    map[string]string
	channel  map[string]string
	// character is ai_licia's active one.
	character string
	chat      chat
}

// Event is what the fold needs of an event of the log.
type Event struct {
	ID       string
	Type     schema.Type
	Provider string
	// Source is the road it came by: the same fact may come by another, too.
	Source  string
	At      time.Time
	Channel schema.Channel
	Payload json.RawMessage
}

// Types are those that count however old they are; those of [ChatTypes] only
// within a stream.
func Types() []schema.Type {
	return []schema.Type{schema.ChannelUpdated, schema.ChannelGoLive, "character.updated"}
}

// ChatTypes are those of which only the stream that is on counts.
func ChatTypes() []schema.Type {
	return []schema.Type{
		schema.ChatMessage, schema.ChatMessageDeleted, schema.ChatCleared, schema.ChatUserBanned, schema.ChatUserTimedOut, schema.ChannelEvent,
	}
}

// NewFold is the fold before anything happened.
func NewFold(o Options) *Fold {
	if o.Zone == nil {
		o.Zone = time.Local
	}
	return &Fold{o: o, heard: map[string]time.Time{}, category: map[string]string{}, title: map[string]string{}, channel: map[string]string{}}
}

// titled are the platforms that have a title, the one that says most first.
func titled() []string {
	return []string{string(schema.Twitch), string(schema.YouTube), string(schema.Kick)}
}

// Add folds the next event. A payload that cannot be read says nothing.
func (f *Fold) Add(e Event) {
	if slices.Contains(titled(), e.Provider) {
		f.heard[e.Provider] = e.At
		if e.Channel.Name != "" {
			f.channel[e.Provider] = e.Channel.Name
		}
	}
	switch e.Type {
	case schema.ChannelUpdated:
		var p schema.ChannelUpdatedPayload
		if json.Unmarshal(e.Payload, &p) == nil {
			f.title[e.Provider] = strings.TrimSpace(p.Title)
			if p.Category != nil {
				f.category[e.Provider] = p.Category.Name
			}
		}
	case schema.ChannelGoLive:
		var p schema.LivePayload
		if json.Unmarshal(e.Payload, &p) == nil && p.Title != "" {
			f.title[e.Provider] = strings.TrimSpace(p.Title)
		}
	case "character.updated":
		var p struct{ DisplayName string }
		if json.Unmarshal(e.Payload, &p) == nil {
			f.character = p.DisplayName
		}
	case schema.ChannelEvent:
		f.chat.happened(e)
	case schema.ChatMessage:
		f.chat.said(e)
	case schema.ChatMessageDeleted, schema.ChatCleared, schema.ChatUserBanned, schema.ChatUserTimedOut:
		f.chat.taken(e)
	}
}

// Begin forgets the chat of the stream before.
func (f *Fold) Begin() { f.chat = chat{} }

// At is the context at a moment: since is when the stream began, zero where none
// is on. What only the request knows is left empty. Lines are the lines of chat
// that words or quotes are from.
func (f *Fold) At(now, since time.Time) (Facts, []schema.TitleLine) {
	facts := Facts{
		Now: now.In(f.o.Zone), Platforms: f.platforms(now), Character: f.character,
		Channel: f.first(f.channel), Category: f.first(f.category), Title: f.first(f.title),
	}
	var drawn []schema.TitleLine
	facts.Chat, drawn = f.chat.at(now, since, f.o.Lines)
	return facts, drawn
}

func (f *Fold) platforms(now time.Time) []string {
	if len(f.o.Platforms) > 0 {
		return f.o.Platforms
	}
	var list []string
	for _, p := range titled() {
		if at, heard := f.heard[p]; heard && now.Sub(at) < platformKept {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		list = titled()[:1]
	}
	return list
}

// first is what the platform says that says most.
func (f *Fold) first(by map[string]string) string {
	for _, p := range titled() {
		if by[p] != "" {
			return by[p]
		}
	}
	return ""
}
