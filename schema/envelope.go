package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Envelope is one event as it stands on the log. Payload and Meta are
// the bytes as they stood there, white space around them cut, never re-encoded.
type Envelope struct {
	ID        string          `json:"id"`
	Type      Type            `json:"type"`
	Version   Version         `json:"version,omitempty"`
	Timestamp Time            `json:"timestamp"`
	Channel   Channel         `json:"channel"`
	Stream    *Stream         `json:"stream,omitempty"`
	Payload   json.RawMessage `json:"payload"`
	Meta      json.RawMessage `json:"meta,omitempty"`
}

// Channel is where a fact happened. Platform is upper case, e.g. TWITCH; an
// event that no platform's channel can be named for has {instance, tenant,
// STREAMERBOT}.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
}

// Stream is the broadcast a fact belongs to.
type Stream struct {
	ID string `json:"id"`
}

// ErrEnvelope is wrapped by every error of [Parse]: the bytes are not an
// envelope, and no later try will make them one.
var ErrEnvelope = errors.New("not an envelope")

// Parse reads an envelope's bytes. It checks that they are valid UTF-8 and that
// the required fields are there; what payload and meta hold is the reader's affair.
func Parse(b []byte) (Envelope, error) {
	var e Envelope
	if !utf8.Valid(b) {
		return Envelope{}, fmt.Errorf("%w: %w", ErrEnvelope, ErrUTF8)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		return Envelope{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
	}
	switch {
	case e.ID == "":
		return Envelope{}, fmt.Errorf("%w: no id", ErrEnvelope)
	case e.Type == "":
		return Envelope{}, fmt.Errorf("%w: no type", ErrEnvelope)
	case e.Timestamp.Equal(time.Time{}):
		return Envelope{}, fmt.Errorf("%w: no timestamp", ErrEnvelope)
	case len(e.Payload) == 0:
		return Envelope{}, fmt.Errorf("%w: no payload", ErrEnvelope)
	}
	return e, nil
}
