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
// the required fields are there; what payload and meta hold is the reader's
// affair. They may alias b, which nobody may change from then on.
func Parse(b []byte) (Envelope, error) {
	e, ok := quickEnvelope(b)
	if !ok {
		if !utf8.Valid(b) {
			return Envelope{}, fmt.Errorf("%w: %w", ErrEnvelope, ErrUTF8)
		}
		e = Envelope{}
		if err := json.Unmarshal(b, &e); err != nil {
			return Envelope{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
		}
	}
	if err := e.complete(); err != nil {
		return Envelope{}, err
	}
	return e, nil
}

func quickEnvelope(b []byte) (e Envelope, ok bool) {
	ok = quickly(b, func(key, value []byte) int {
		switch string(key) {
		case "id":
			return took(0, readText(&e.ID, value))
		case "type":
			return took(1, readText(&e.Type, value))
		case "version":
			return took(2, readText(&e.Version, value))
		case "timestamp":
			return took(3, readTime(&e.Timestamp, value))
		case "channel":
			return took(4, e.Channel.readQuickly(value))
		case "stream":
			e.Stream = new(Stream)
			return took(5, e.Stream.readQuickly(value))
		case "payload":
			e.Payload = value
			return 6
		case "meta":
			e.Meta = value
			return 7
		}
		return odd
	})
	return e, ok
}

func (c *Channel) readQuickly(object []byte) bool {
	return quickly(object, func(key, value []byte) int {
		switch string(key) {
		case "id":
			return took(0, readText(&c.ID, value))
		case "name":
			return took(1, readText(&c.Name, value))
		case "platform":
			return took(2, readText(&c.Platform, value))
		}
		return odd
	})
}

func (s *Stream) readQuickly(object []byte) bool {
	return quickly(object, func(key, value []byte) int {
		if string(key) != "id" {
			return odd
		}
		return took(0, readText(&s.ID, value))
	})
}

func (e *Envelope) complete() error {
	var missing string
	switch {
	case e.ID == "":
		missing = "id"
	case e.Type == "":
		missing = "type"
	case e.Timestamp.Equal(time.Time{}):
		missing = "timestamp"
	case len(e.Payload) == 0:
		missing = "payload"
	default:
		return nil
	}
	return fmt.Errorf("%w: no %s", ErrEnvelope, missing)
}
