package prompt

import (
	"time"

	"promethean/sinks/title/facts"
)

// view is what a template's dot is. Texts are those that the streamer or the
// platform set, on one line and bounded; what viewers caused is in Data alone,
// so that no template can put it among its instructions.
type view struct {
	// Trigger, Now and Platforms are as in [facts.Facts].
	Trigger   string
	Now       time.Time
	Platforms []string
	// Languages are the file's.
	Languages                            []string
	Channel, Category, Title, Note, Mood string
	Chat                                 counts
	// Data is the marked block with all facts.
	Data string
}

// counts are what a template may know of the chat.
type counts struct {
	Messages, Chatters           int
	PerMinute                    float64
	Subs, Follows, Raids, Cheers int
}

// The fields by name, for messages.
const (
	fieldNames = ".Trigger, .Now, .Platforms, .Languages, .Channel, .Category, .Title, .Note, .Mood, .Chat, .Data"
	countNames = ".Chat.Messages, .Chat.Chatters, .Chat.PerMinute, .Chat.Subs, .Chat.Follows, .Chat.Raids, .Chat.Cheers"
)

// How long texts may be, in code points.
const (
	nameMax      = 60
	categoryMax  = 100
	titleMax     = 140
	noteMax      = 240
	moodMax      = 100
	wordMax      = 24
	lineMax      = 120
	wordsMost    = 12
	triedMost    = 20
	linesMost    = 40
	platformsMax = 8
)

func newView(f facts.Facts, languages []string, data string) view {
	c := f.Chat
	return view{
		Trigger: oneLine(f.Trigger, nameMax), Now: f.Now, Platforms: oneLines(f.Platforms, platformsMax, wordMax), Languages: languages,
		Channel: oneLine(f.Channel, nameMax), Category: oneLine(f.Category, categoryMax), Title: oneLine(f.Title, titleMax),
		Note: oneLine(f.Note, noteMax), Mood: oneLine(f.Mood, moodMax),
		Chat: counts{c.Messages, c.Chatters, c.PerMinute, c.Subs, c.Follows, c.Raids, c.Cheers},
		Data: data,
	}
}
