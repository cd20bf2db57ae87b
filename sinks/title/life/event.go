package life

import (
	"encoding/json"
	"strings"
	"time"

	"promethean/schema"
)

// Event is what counts of an event of the log.
type Event struct {
	ID   string
	Type schema.Type
	// Seq is the order of record.
	Seq uint64
	// At is when the gateway received it or the log took it, whichever was first:
	// an event that waited in an outbox is as old as it is.
	At time.Time
	// Provider is whose fact it is, e.g. twitch.
	Provider string
	// Source is the road it came by, e.g. ailicia.
	Source  string
	Channel schema.Channel
	Payload json.RawMessage
	// Broadcast is the platform's id of the broadcast, where it is known.
	Broadcast string
	// CausedBy are the events that the worker's own events answer.
	CausedBy []string
	// Rehearsal: a test, a replay or something else that is no live fact.
	Rehearsal bool
}

// Read takes from a recorded event what counts. What cannot be read of its meta
// makes it a rehearsal: nobody knows where it came from.
func Read(r schema.Recorded) Event {
	e := Event{
		ID: r.Envelope.ID, Type: r.Envelope.Type, Seq: r.Seq, At: r.StoredAt, Channel: r.Envelope.Channel,
		Payload: r.Envelope.Payload, Provider: provider(r.Subject),
	}
	if r.Envelope.Stream != nil {
		e.Broadcast = r.Envelope.Stream.ID
	}
	meta, err := schema.ParseMeta(r.Envelope.Meta)
	if received := meta.Gateway.ReceivedAt.Time; err == nil && !received.IsZero() && received.Before(e.At) {
		e.At = received
	}
	e.Source, e.CausedBy = meta.Gateway.Source, meta.Gateway.CausedBy
	e.Rehearsal = err != nil || meta.Gateway.Origin != schema.Live || r.Origin != "" && r.Origin != schema.Live || isTest(e.Payload)
	return e
}

// isTest: a test button of Streamer.bot made it.
func isTest(payload json.RawMessage) bool {
	var p struct {
		IsTest      bool `json:"isTest"`
		IsTestSnake bool `json:"is_test"`
	}
	// A payload that is no object says nothing.
	_ = json.Unmarshal(payload, &p)
	return p.IsTest || p.IsTestSnake
}

// provider is the third token of promethean.p.<provider>.t. …
func provider(subject string) string {
	tokens := strings.SplitN(subject, ".", 4)
	if len(tokens) < 4 {
		return ""
	}
	return tokens[2]
}

// read decodes a payload; false where it is none.
func read[T any](e Event) (p T, ok bool) {
	return p, json.Unmarshal(e.Payload, &p) == nil
}
