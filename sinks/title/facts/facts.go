// Package facts holds what a title may draw on: what the log says about the
// stream at one moment. It has no chat line unless lines were switched on, and
// never a memory, a whisper or a deleted message.
package facts

import "time"

// Facts is the context of one request for titles.
type Facts struct {
	// Session is the key of the stream's session, the same for whatever
	// triggers a request during it.
	Session string `json:"session"`
	// Trigger is what asked: obs.streaming_started, channel.go_live,
	// brain.title, command, operator or interval.
	Trigger string `json:"trigger"`
	// Now is the moment of the trigger in the streamer's zone.
	Now time.Time `json:"now"`
	// Platforms are those the title is for: twitch, youtube, kick.
	Platforms []string `json:"platforms"`
	// Channel is the streamer's name, Category the game or category, Title the
	// one that stands now; "" is unknown.
	Channel  string `json:"channel,omitempty"`
	Category string `json:"category,omitempty"`
	Title    string `json:"title,omitempty"`
	// Note is what the streamer asks for with this request, Mood what the
	// settings or Streamer.bot's global brain_mood say.
	Note string `json:"note,omitempty"`
	Mood string `json:"mood,omitempty"`
	// Character is ai_licia's active character.
	Character string `json:"character,omitempty"`
	// Tried are earlier titles, the newest first.
	Tried []Tried `json:"tried,omitempty"`
	Chat  Chat    `json:"chat"`
}

// Tried is an earlier title and what became of it.
type Tried struct {
	Title string `json:"title"`
	// Fate is applied, rejected, refused, unconfirmed, overridden or, of a title
	// that the streamer set by hand, liked.
	Fate string    `json:"fate"`
	At   time.Time `json:"at"`
}

// Chat is the chat of the session in counts and trends.
type Chat struct {
	Messages  int     `json:"messages"`
	Chatters  int     `json:"chatters"`
	PerMinute float64 `json:"perMinute"`
	// Words and Emotes are the most frequent, the first most of all; words of
	// one chatter alone are not among them.
	Words  []string `json:"words,omitempty"`
	Emotes []string `json:"emotes,omitempty"`
	// Subs, Follows, Raids and Cheers count channel events.
	Subs    int `json:"subs"`
	Follows int `json:"follows"`
	Raids   int `json:"raids"`
	Cheers  int `json:"cheers"`
	// Lines are quoted as data, one a chatter; only when switched on.
	Lines []string `json:"lines,omitempty"`
}
