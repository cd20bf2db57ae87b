package titles

import (
	"encoding/json"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
)

// Title is the document of one request, and what brain title shows.
type Title struct {
	// ID is the request's: the id of its title.requested.
	ID       string `bson:"_id" json:"id"`
	Session  string `bson:"session" json:"session"`
	Tenant   string `bson:"tenant" json:"tenant"`
	Channel  string `bson:"channel" json:"channel"`
	Platform string `bson:"platform" json:"platform"`
	// Timestamp is when its first step was taken.
	Timestamp time.Time `bson:"timestamp" json:"timestamp"`
	// State is the word of the step that counts: requested, suggested, approved,
	// rejected, sent, applied, refused, unconfirmed, overridden, expired.
	State string `bson:"state" json:"state"`
	// Title is the one approved or sent last.
	Title   string `bson:"title,omitempty" json:"title,omitempty"`
	Trigger string `bson:"trigger,omitempty" json:"trigger,omitempty"`
	Mode    string `bson:"mode,omitempty" json:"mode,omitempty"`
	// Source, Model and PromptHash are of the last suggestion.
	Source     string `bson:"source,omitempty" json:"source,omitempty"`
	Model      string `bson:"model,omitempty" json:"model,omitempty"`
	PromptHash string `bson:"promptHash,omitempty" json:"promptHash,omitempty"`
	// DecidedBy approved or rejected last.
	DecidedBy *Actor `bson:"decidedBy,omitempty" json:"decidedBy,omitempty"`
	Edited    bool   `bson:"edited,omitempty" json:"edited,omitempty"`
	// Applied are the platforms that show the title.
	Applied []string `bson:"applied,omitempty" json:"applied,omitempty"`
	Tainted bool     `bson:"tainted,omitempty" json:"tainted,omitempty"`
	IsTest  bool     `bson:"isTest" json:"isTest"`
	// Seq is the last step's.
	Seq   int64  `bson:"seq" json:"seq"`
	Steps []Step `bson:"steps" json:"steps"`
}

// Step is one event of a life.
type Step struct {
	Seq      int64       `bson:"seq" json:"seq"`
	EventID  string      `bson:"eventId" json:"eventId"`
	Type     schema.Type `bson:"type" json:"type"`
	At       time.Time   `bson:"at" json:"at"`
	CausedBy []string    `bson:"causedBy,omitempty" json:"causedBy,omitempty"`
	Tenant   string      `bson:"tenant" json:"-"`
	Channel  string      `bson:"channel" json:"-"`
	// ChannelPlatform is the envelope's, Platform the payload's.
	ChannelPlatform string `bson:"channelPlatform" json:"-"`
	IsTest          bool   `bson:"isTest,omitempty" json:"isTest,omitempty"`
	Said            `bson:",inline"`
}

// Said is what an event's payload has, of the fields that its type has, as in
// package schema.
type Said struct {
	Session      string   `bson:"session,omitempty" json:"session,omitempty"`
	SuggestionID string   `bson:"suggestionId,omitempty" json:"suggestionId,omitempty"`
	Trigger      string   `bson:"trigger,omitempty" json:"trigger,omitempty"`
	Mode         string   `bson:"mode,omitempty" json:"mode,omitempty"`
	By           *Actor   `bson:"by,omitempty" json:"by,omitempty"`
	Note         string   `bson:"note,omitempty" json:"note,omitempty"`
	Stored       bson.Raw `bson:"context,omitempty" json:"-"`
	// StoredJSON takes Stored's place where that can't be a document everywhere.
	StoredJSON string `bson:"contextJson,omitempty" json:"-"`
	// Context is either as it was received; a document read back lacks it.
	Context     json.RawMessage `bson:"-" json:"context,omitempty"`
	Inexact     []string        `bson:"inexact,omitempty" json:"-"`
	ContextHash string          `bson:"contextHash,omitempty" json:"contextHash,omitempty"`
	DrawnFrom   []Line          `bson:"drawnFrom,omitempty" json:"drawnFrom,omitempty"`
	Round       int64           `bson:"round,omitempty" json:"round,omitempty"`
	Candidates  []Candidate     `bson:"candidates,omitempty" json:"candidates,omitempty"`
	Rejected    []Rejection     `bson:"rejected,omitempty" json:"rejected,omitempty"`
	Source      string          `bson:"source,omitempty" json:"source,omitempty"`
	Fallback    string          `bson:"fallback,omitempty" json:"fallback,omitempty"`
	Model       string          `bson:"model,omitempty" json:"model,omitempty"`
	Rung        string          `bson:"rung,omitempty" json:"rung,omitempty"`
	PromptHash  string          `bson:"promptHash,omitempty" json:"promptHash,omitempty"`
	Seed        *int64          `bson:"seed,omitempty" json:"seed,omitempty"`
	LatencyMs   *int64          `bson:"latencyMs,omitempty" json:"latencyMs,omitempty"`
	Candidate   *int64          `bson:"candidate,omitempty" json:"candidate,omitempty"`
	Title       string          `bson:"title,omitempty" json:"title,omitempty"`
	Edited      bool            `bson:"edited,omitempty" json:"edited,omitempty"`
	// Titles are what was sent, by platform, in the order of their names.
	Titles    []ForPlatform `bson:"titles,omitempty" json:"-"`
	Reason    string        `bson:"reason,omitempty" json:"reason,omitempty"`
	Kind      string        `bson:"kind,omitempty" json:"kind,omitempty"`
	Again     bool          `bson:"again,omitempty" json:"again,omitempty"`
	SentID    string        `bson:"sentId,omitempty" json:"sentId,omitempty"`
	Attempt   int64         `bson:"attempt,omitempty" json:"attempt,omitempty"`
	Action    *Action       `bson:"action,omitempty" json:"action,omitempty"`
	CommandID string        `bson:"commandId,omitempty" json:"commandId,omitempty"`
	Platform  string        `bson:"platform,omitempty" json:"platform,omitempty"`
	Was       string        `bson:"was,omitempty" json:"was,omitempty"`
	Line      *Line         `bson:"line,omitempty" json:"line,omitempty"`
	Cause     string        `bson:"cause,omitempty" json:"cause,omitempty"`
}

// Actor is [schema.TitleActor].
type Actor struct {
	Kind     string `bson:"kind" json:"kind"`
	Via      string `bson:"via" json:"via"`
	UserID   string `bson:"userId,omitempty" json:"userId,omitempty"`
	Username string `bson:"username,omitempty" json:"username,omitempty"`
}

// Line is [schema.TitleLine].
type Line struct {
	MessageID string `bson:"messageId" json:"messageId"`
	UserID    string `bson:"userId,omitempty" json:"userId,omitempty"`
	Platform  string `bson:"platform" json:"platform"`
}

// Candidate is [schema.TitleCandidate].
type Candidate struct {
	N     int64  `bson:"n" json:"n"`
	Title string `bson:"title" json:"title"`
}

// Rejection is [schema.TitleRejection].
type Rejection struct {
	Title  string `bson:"title" json:"title"`
	Rule   string `bson:"rule" json:"rule"`
	Detail string `bson:"detail,omitempty" json:"detail,omitempty"`
}

// ForPlatform is the title as one platform gets it.
type ForPlatform struct {
	Platform string `bson:"platform" json:"platform"`
	Title    string `bson:"title" json:"title"`
}

// Action is [schema.ActionRef].
type Action struct {
	ID   string `bson:"id,omitempty" json:"id,omitempty"`
	Name string `bson:"name,omitempty" json:"name,omitempty"`
}
