package schema

import "encoding/json"

// Payloads of the life of a title: requested, suggested, approved or rejected,
// sent, then applied, refused or unconfirmed; overridden, expired and tainted
// come from outside. All events of one life have its RequestID, which is the id
// of its title.requested and their meta.gateway.correlationId. Session is the
// key of the stream's session: the id of the event that opened it, or of the
// request where no stream was on.

// The closed list of modes: who decides about what was suggested.
const (
	TitleAuto    = "auto"
	TitleSuggest = "suggest"
	TitleOff     = "off"
)

// The closed list of what asks for titles, beside obs.streaming_started and
// channel.go_live.
const (
	// TriggerCustom: the streamer's own custom event brain.title.
	TriggerCustom = "brain.title"
	// TriggerCommand: a moderator's line in chat.
	TriggerCommand = "command"
	// TriggerOperator: control.title_suggest or title_regenerate.
	TriggerOperator = "operator"
	// TriggerInterval: so many minutes or messages have passed.
	TriggerInterval = "interval"
	// TriggerRollback: the title before is to come back.
	TriggerRollback = "rollback"
)

// The closed list of sources of a suggestion.
const (
	TitleFromModel    = "llm"
	TitleFromTemplate = "template"
	// TitleFromHistory: an earlier title, for a rollback.
	TitleFromHistory = "history"
)

// TitleActor is who asked or decided.
type TitleActor struct {
	// Kind is one of the Actor… constants, Via one of the Via… constants.
	Kind string `json:"kind"`
	Via  string `json:"via"`
	// UserID and Username are of a person in chat.
	UserID   string `json:"userId,omitempty"`
	Username string `json:"username,omitempty"`
}

// The closed lists of [TitleActor].
const (
	ActorHuman = "human"
	// ActorBot: an action of Streamer.bot that no person is known to have begun.
	ActorBot = "bot"
	// ActorPolicy: a setting.
	ActorPolicy = "policy"

	ViaChat        = "chat"
	ViaOperator    = "operator"
	ViaStreamerBot = "streamerbot"
	ViaSettings    = "settings"
)

// TitleRequestedPayload is the payload of title.requested.
type TitleRequestedPayload struct {
	RequestID string     `json:"requestId"`
	Session   string     `json:"session"`
	Trigger   string     `json:"trigger"`
	Mode      string     `json:"mode"`
	By        TitleActor `json:"by"`
	Note      string     `json:"note,omitempty"`
	// Context is all that the titles may draw on, ContextHash the SHA-256 of its
	// JSON in hex.
	Context     map[string]json.RawMessage `json:"context"`
	ContextHash string                     `json:"contextHash"`
	// DrawnFrom are the lines of chat of which words or the whole are in the
	// context.
	DrawnFrom    []TitleLine `json:"drawnFrom,omitempty"`
	SentDateTime Time        `json:"sentDateTime"`
}

// TitleLine names a line of chat without saying what it was.
type TitleLine struct {
	MessageID string `json:"messageId"`
	UserID    string `json:"userId,omitempty"`
	Platform  string `json:"platform"`
}

// TitleSuggestedPayload is the payload of title.suggested: what passed the
// gate, and what did not with the rule that it broke.
type TitleSuggestedPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	Session      string `json:"session"`
	// Round counts the suggestions of a request from 1.
	Round      int              `json:"round"`
	Candidates []TitleCandidate `json:"candidates"`
	Rejected   []TitleRejection `json:"rejected,omitempty"`
	// Source is one of the TitleFrom… constants; Fallback says why it is not the
	// model where one is configured.
	Source   string `json:"source"`
	Fallback string `json:"fallback,omitempty"`
	Model    string `json:"model,omitempty"`
	// Rung is how the server was asked for its form: json_schema, json_object, text.
	Rung        string `json:"rung,omitempty"`
	PromptHash  string `json:"promptHash,omitempty"`
	ContextHash string `json:"contextHash"`
	// Seed has at most 53 bits.
	Seed      int64 `json:"seed"`
	LatencyMs int64 `json:"latencyMs"`
	// Until is after when it cannot be approved any more.
	Until        Time `json:"until"`
	SentDateTime Time `json:"sentDateTime"`
}

// TitleCandidate is a title that passed the gate. N counts from 1.
type TitleCandidate struct {
	N     int    `json:"n"`
	Title string `json:"title"`
}

// TitleRejection is an answer that did not pass the gate.
type TitleRejection struct {
	Title  string `json:"title"`
	Rule   string `json:"rule"`
	Detail string `json:"detail,omitempty"`
}

// TitleApprovedPayload is the payload of title.approved.
type TitleApprovedPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	Session      string `json:"session"`
	// Candidate is the one that was taken, also where Edited says that its text
	// was changed; 0 for a text of one's own.
	Candidate    int        `json:"candidate"`
	Title        string     `json:"title"`
	Edited       bool       `json:"edited,omitempty"`
	By           TitleActor `json:"by"`
	SentDateTime Time       `json:"sentDateTime"`
}

// TitleRejectedPayload is the payload of title.rejected: none of the
// candidates is wanted. Again asks for others.
type TitleRejectedPayload struct {
	RequestID    string     `json:"requestId"`
	SuggestionID string     `json:"suggestionId"`
	Session      string     `json:"session"`
	Titles       []string   `json:"titles"`
	Reason       string     `json:"reason,omitempty"`
	Again        bool       `json:"again,omitempty"`
	Note         string     `json:"note,omitempty"`
	By           TitleActor `json:"by"`
	SentDateTime Time       `json:"sentDateTime"`
}

// TitleSentPayload is the payload of title.sent. It is on the log before the
// command is on the bus.
type TitleSentPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	SentID       string `json:"sentId"`
	Session      string `json:"session"`
	// Attempt is 1 or 2 of a suggestion.
	Attempt   int    `json:"attempt"`
	Candidate int    `json:"candidate"`
	Title     string `json:"title"`
	// Titles are the same for each platform, e.g. twitch, cut to its limit.
	Titles    map[string]json.RawMessage `json:"titles"`
	Action    ActionRef                  `json:"action"`
	CommandID string                     `json:"commandId"`
	// Until is how long a channel.updated confirms it.
	Until        Time `json:"until"`
	SentDateTime Time `json:"sentDateTime"`
}

// TitleAppliedPayload is the payload of title.applied: a platform shows the
// title. There is one for each platform.
type TitleAppliedPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	SentID       string `json:"sentId"`
	Session      string `json:"session"`
	Candidate    int    `json:"candidate"`
	Title        string `json:"title"`
	Platform     string `json:"platform"`
	SentDateTime Time   `json:"sentDateTime"`
}

// TitleRefusedPayload is the payload of title.refused: it is known that the
// title was not set.
type TitleRefusedPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	// SentID is left out where nothing was sent.
	SentID    string `json:"sentId,omitempty"`
	Session   string `json:"session"`
	Candidate int    `json:"candidate"`
	Title     string `json:"title"`
	// Kind is one of the Refused… constants, Reason for a person.
	Kind         string `json:"kind"`
	Reason       string `json:"reason"`
	SentDateTime Time   `json:"sentDateTime"`
}

// The closed list of kinds of refusals. After the first three another candidate
// may be better.
const (
	RefusedBannedWords = "banned_words"
	RefusedTooLong     = "too_long"
	RefusedByPlatform  = "platform"
	// RefusedAction: the action is not there, disabled, ambiguous or not allowed,
	// or the command was refused or expired; nothing was done.
	RefusedAction = "action"
)

// TitleUnconfirmedPayload is the payload of title.unconfirmed: in the time given
// no word came that the title was set. It is not sent again.
type TitleUnconfirmedPayload struct {
	RequestID    string `json:"requestId"`
	SuggestionID string `json:"suggestionId"`
	SentID       string `json:"sentId"`
	Session      string `json:"session"`
	Candidate    int    `json:"candidate"`
	Title        string `json:"title"`
	Reason       string `json:"reason"`
	SentDateTime Time   `json:"sentDateTime"`
}

// TitleOverriddenPayload is the payload of title.overridden: the streamer set
// another title by hand, which wins.
type TitleOverriddenPayload struct {
	RequestID string `json:"requestId"`
	Session   string `json:"session"`
	Platform  string `json:"platform"`
	// Title is the streamer's, Was ours where one had been sent.
	Title        string `json:"title"`
	Was          string `json:"was,omitempty"`
	SentDateTime Time   `json:"sentDateTime"`
}

// TitleExpiredPayload is the payload of title.expired: the request ended
// without anybody's decision.
type TitleExpiredPayload struct {
	RequestID string `json:"requestId"`
	Session   string `json:"session"`
	// Kind is one of the Expired… constants, Reason for a person.
	Kind         string `json:"kind"`
	Reason       string `json:"reason"`
	SentDateTime Time   `json:"sentDateTime"`
}

// The closed list of kinds of expiry.
const (
	ExpiredTimedOut    = "timed_out"
	ExpiredSuperseded  = "superseded"
	ExpiredStreamEnded = "stream_ended"
	// ExpiredTooLate: the worker was not running when it was due.
	ExpiredTooLate = "too_late"
	// ExpiredNoCandidate: nothing passed the gate.
	ExpiredNoCandidate = "no_candidate"
)

// TitleTaintedPayload is the payload of title.tainted: a line of chat that the
// title was drawn from was taken away.
type TitleTaintedPayload struct {
	RequestID string `json:"requestId"`
	Session   string `json:"session"`
	// Title is the one that was sent; left out where none was.
	Title string    `json:"title,omitempty"`
	Line  TitleLine `json:"line"`
	// Cause is the type of the event that took it away.
	Cause        string `json:"cause"`
	SentDateTime Time   `json:"sentDateTime"`
}

// TitleLockedPayload is the payload of title.locked: while it is locked, no
// title is asked for or sent, until the next stream.
type TitleLockedPayload struct {
	Locked       bool       `json:"locked"`
	Session      string     `json:"session"`
	By           TitleActor `json:"by"`
	SentDateTime Time       `json:"sentDateTime"`
}
