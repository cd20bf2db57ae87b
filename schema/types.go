package schema

import "slices"

// Type names what happened, in dotted lower case, e.g. "chat.message". It is
// the last part of the subject as well.
type Type string

// Version is the date of a type's schema, e.g. "2025-02-01". ai_licia's public
// event reference introduced the form.
type Version string

// The types this gateway writes itself. Types that are not listed pass through.
const (
	ChatMessage        Type = "chat.message"
	SourceConnected    Type = "source.connected"
	SourceDisconnected Type = "source.disconnected"
	SourceGap          Type = "source.gap"
)

// PassThroughVersion is the version of every type that the catalogue does not
// list: the payload is the source's own, so only the envelope has a version.
const PassThroughVersion Version = "2025-02-01"

// Entry is one line of the catalogue.
type Entry struct {
	Type Type
	// Versions, oldest first; the last is the one written now. An entry is
	// never edited: a changed payload is a new version.
	Versions []Version
	About    string
}

// Current is the version that is written now.
func (e Entry) Current() Version { return e.Versions[len(e.Versions)-1] }

// Catalogue lists the types whose payload this project defines, sorted by
// name. Adding a type is one line here, a schema file and a sample.
func Catalogue() []Entry {
	return []Entry{
		{ChatMessage, []Version{"2025-02-01"}, "one line of chat, whatever the platform"},
		{SourceConnected, []Version{"2025-02-01"}, "a source can see again"},
		{SourceDisconnected, []Version{"2025-02-01"}, "a source cannot see any more"},
		{SourceGap, []Version{"2025-02-01"}, "a stretch of time in which events may have been missed"},
	}
}

// CurrentVersion is the version that is written now for t.
func CurrentVersion(t Type) Version {
	entries := Catalogue()
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Type == t })
	if i < 0 {
		return PassThroughVersion
	}
	return entries[i].Current()
}

// Valid reports whether t is one to eight dotted tokens of [a-z0-9_], at most
// 128 bytes: what may stand in a subject and be found again by its name.
func (t Type) Valid() bool {
	if len(t) == 0 || len(t) > 128 {
		return false
	}
	tokens, size := 1, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c == '.':
			if size == 0 {
				return false
			}
			tokens, size = tokens+1, 0
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_':
			size++
		default:
			return false
		}
	}
	return size > 0 && tokens <= 8
}

// Provider is the platform of a fact, not the road it came by: a Twitch line
// seen through ai_licia is a fact of Twitch.
type Provider string

// The closed list of providers, each one token of a subject.
const (
	Twitch      Provider = "twitch"
	YouTube     Provider = "youtube"
	Kick        Provider = "kick"
	Trovo       Provider = "trovo"
	OBS         Provider = "obs"
	AiLicia     Provider = "ailicia"
	StreamerBot Provider = "streamerbot"
	Brain       Provider = "brain"
)

// Providers lists them all.
func Providers() []Provider {
	return []Provider{Twitch, YouTube, Kick, Trovo, OBS, AiLicia, StreamerBot, Brain}
}

// Origin tells a live fact from a rehearsal and from history.
type Origin string

// The closed list of origins; Replay is only ever a header, never in an envelope.
const (
	Live   Origin = "live"
	Test   Origin = "test"
	Replay Origin = "replay"
)
