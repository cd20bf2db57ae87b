package schema

import (
	"slices"
	"strings"
)

// Type names what happened, in dotted lower case, e.g. "chat.message". It is
// the last part of the subject as well.
type Type string

// Version is the date of a type's schema, e.g. "2025-02-01". ai_licia's public
// event reference introduced the form.
type Version string

// The types whose payload is known. Types that are not listed pass through.
const (
	ActionCompleted        Type = "action.completed"
	ActionFailed           Type = "action.failed"
	AIModeration           Type = "ai.moderation"
	AIThoughts             Type = "ai.thoughts"
	AITTSGenerated         Type = "ai.tts.generated"
	APIEvent               Type = "api.event"
	ChannelEvent           Type = "channel.event"
	ChannelGoLive          Type = "channel.go_live"
	ChannelGoOffline       Type = "channel.go_offline"
	ChannelUpdated         Type = "channel.updated"
	CharacterUpdated       Type = "character.updated"
	ChatAIMessage          Type = "chat.ai_message"
	ChatCleared            Type = "chat.cleared"
	ChatCommand            Type = "chat.command"
	ChatFirstMessage       Type = "chat.first_message"
	ChatMessage            Type = "chat.message"
	ChatMessageDeleted     Type = "chat.message_deleted"
	ChatUserBanned         Type = "chat.user_banned"
	ChatUserTimedOut       Type = "chat.user_timed_out"
	ChatUserUnbanned       Type = "chat.user_unbanned"
	ChatUserUntimedOut     Type = "chat.user_untimed_out"
	ControlDoAction        Type = "control.do_action"
	ControlSendMessage     Type = "control.send_message"
	OBSRecordingStarted    Type = "obs.recording_started"
	OBSRecordingStopped    Type = "obs.recording_stopped"
	OBSSceneChanged        Type = "obs.scene_changed"
	OBSStreamingStarted    Type = "obs.streaming_started"
	OBSStreamingStopped    Type = "obs.streaming_stopped"
	SourceConnected        Type = "source.connected"
	SourceDisconnected     Type = "source.disconnected"
	SourceGap              Type = "source.gap"
	SystemJoin             Type = "system.join"
	SystemLeft             Type = "system.left"
	ControlTitleApprove    Type = "control.title_approve"
	ControlTitleLock       Type = "control.title_lock"
	ControlTitleRegenerate Type = "control.title_regenerate"
	ControlTitleReject     Type = "control.title_reject"
	ControlTitleRollback   Type = "control.title_rollback"
	ControlTitleSuggest    Type = "control.title_suggest"
	TitleApplied           Type = "title.applied"
	TitleApproved          Type = "title.approved"
	TitleExpired           Type = "title.expired"
	TitleLocked            Type = "title.locked"
	TitleOverridden        Type = "title.overridden"
	TitleRefused           Type = "title.refused"
	TitleRejected          Type = "title.rejected"
	TitleRequested         Type = "title.requested"
	TitleSent              Type = "title.sent"
	TitleSuggested         Type = "title.suggested"
	TitleTainted           Type = "title.tainted"
	TitleUnconfirmed       Type = "title.unconfirmed"
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

// catalogue is never changed; [Catalogue] hands out copies.
var catalogue = []Entry{
	{ActionCompleted, []Version{"2025-02-01"}, "a command was carried out"},
	{ActionFailed, []Version{"2025-02-01"}, "a command was not carried out, or nobody knows"},
	{AIModeration, []Version{"2025-02-01"}, "a verdict on a message that ai_licia's AI wrote"},
	{AIThoughts, []Version{"2025-02-01"}, "what the AI thinks, written for people"},
	{AITTSGenerated, []Version{"2025-02-01"}, "speech was made of a message of the AI"},
	{APIEvent, []Version{"2025-02-01"}, "an event of the streamer's own that came to the AI by ai_licia's API"},
	{ChannelEvent, []Version{"2025-02-01"}, "a follow, a subscription, a gift, a raid, a donation …: what a community does beside chatting"},
	{ChannelGoLive, []Version{"2025-02-01"}, "a broadcast began"},
	{ChannelGoOffline, []Version{"2025-02-01"}, "a broadcast ended"},
	{ChannelUpdated, []Version{"2025-02-01"}, "title or category of the channel changed"},
	{CharacterUpdated, []Version{"2025-02-01"}, "another character of the AI is active"},
	{ChatAIMessage, []Version{"2025-02-01"}, "a line of chat that the AI wrote"},
	{ChatCleared, []Version{"2025-02-01"}, "the whole chat was emptied"},
	{ChatCommand, []Version{"2025-02-01"}, "Streamer.bot recognised a command in chat"},
	{ChatFirstMessage, []Version{"2025-02-01"}, "what came to the AI's mind as it saw a chatter; not that a line is somebody's first"},
	{ChatMessage, []Version{"2025-02-01"}, "one line of chat, whatever the platform"},
	{ChatMessageDeleted, []Version{"2025-02-01"}, "one line of chat was taken away"},
	{ChatUserBanned, []Version{"2025-02-01"}, "somebody was banned from chat"},
	{ChatUserTimedOut, []Version{"2025-02-01"}, "somebody may not write for a while"},
	{ChatUserUnbanned, []Version{"2025-02-01"}, "a ban was lifted"},
	{ChatUserUntimedOut, []Version{"2025-02-01"}, "a time-out was lifted"},
	{ControlDoAction, []Version{"2025-02-01"}, "command: run an action of Streamer.bot"},
	{ControlSendMessage, []Version{"2025-02-01"}, "command: say something in chat"},
	{ControlTitleApprove, []Version{"2026-11-25"}, "command: take a suggested title"},
	{ControlTitleLock, []Version{"2026-11-25"}, "command: keep the title that stands, or no more"},
	{ControlTitleRegenerate, []Version{"2026-11-25"}, "command: ask for other titles"},
	{ControlTitleReject, []Version{"2026-11-25"}, "command: take none of the suggested titles"},
	{ControlTitleRollback, []Version{"2026-11-25"}, "command: bring back the title before ours"},
	{ControlTitleSuggest, []Version{"2026-11-25"}, "command: ask for titles now"},
	{OBSRecordingStarted, []Version{"2025-02-01"}, "recording began"},
	{OBSRecordingStopped, []Version{"2025-02-01"}, "recording ended"},
	{OBSSceneChanged, []Version{"2025-02-01"}, "another scene is shown"},
	{OBSStreamingStarted, []Version{"2025-02-01"}, "the streaming software began to stream"},
	{OBSStreamingStopped, []Version{"2025-02-01"}, "the streaming software stopped streaming"},
	{SourceConnected, []Version{"2025-02-01"}, "a source can see again"},
	{SourceDisconnected, []Version{"2025-02-01"}, "a source cannot see any more"},
	{SourceGap, []Version{"2025-02-01", "2026-11-25", "2026-11-26"}, "a stretch of time in which events may have been missed"},
	{SystemJoin, []Version{"2025-02-01"}, "the AI came into the chat"},
	{SystemLeft, []Version{"2025-02-01"}, "the AI left the chat"},
	{TitleApplied, []Version{"2026-11-25"}, "a platform shows the title"},
	{TitleApproved, []Version{"2026-11-25"}, "a title is approved"},
	{TitleExpired, []Version{"2026-11-25"}, "a request for titles ended without a decision"},
	{TitleLocked, []Version{"2026-11-25"}, "the title is kept, or no more"},
	{TitleOverridden, []Version{"2026-11-25"}, "the streamer set another title by hand, which wins"},
	{TitleRefused, []Version{"2026-11-25"}, "a title was not set"},
	{TitleRejected, []Version{"2026-11-25"}, "what was suggested is not wanted"},
	{TitleRequested, []Version{"2026-11-25"}, "titles are asked for"},
	{TitleSent, []Version{"2026-11-25"}, "a title is handed to Streamer.bot"},
	{TitleSuggested, []Version{"2026-11-25"}, "titles are suggested"},
	{TitleTainted, []Version{"2026-11-25"}, "a line of chat that a title drew on was taken away"},
	{TitleUnconfirmed, []Version{"2026-11-25"}, "nobody knows whether the title was set"},
}

// Catalogue lists the types whose payload this project defines, sorted by
// name. Adding a type is one line above, a schema file and a sample.
func Catalogue() []Entry {
	entries := slices.Clone(catalogue)
	for i := range entries {
		entries[i].Versions = slices.Clone(entries[i].Versions)
	}
	return entries
}

// CurrentVersion is the version that is written now for t.
func CurrentVersion(t Type) Version {
	for i := range catalogue {
		if catalogue[i].Type == t {
			return catalogue[i].Current()
		}
	}
	return PassThroughVersion
}

// controlRoot begins the type of every command.
const controlRoot = "control."

// Command is the command's name where t is the type of one, else "".
func (t Type) Command() string {
	name, ok := strings.CutPrefix(string(t), controlRoot)
	if !ok {
		return ""
	}
	return name
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
