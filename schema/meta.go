package schema

import (
	"encoding/json"
	"fmt"
)

// Gateway is the block meta.gateway: how an event came here.
type Gateway struct {
	Trace
	ReceivedAt       Time `json:"receivedAt"`
	RawIsPayload     bool `json:"rawIsPayload,omitempty"`
	VersionAssumed   bool `json:"versionAssumed,omitempty"`
	TimestampAssumed bool `json:"timestampAssumed,omitempty"`
}

// Meta is an envelope's meta, split: our block and the frame. What else the
// source put there stays in Envelope.Meta.
type Meta struct {
	Gateway Gateway `json:"gateway"`
	// Raw is the frame exactly as received; nil when payload is the source's
	// data already.
	Raw json.RawMessage `json:"raw"`
}

// ParseMeta reads an envelope's meta. An envelope of another program may have
// none: every field is then zero.
func ParseMeta(b []byte) (Meta, error) {
	var m Meta
	if len(b) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Meta{}, fmt.Errorf("%w: meta: %w", ErrEnvelope, err)
	}
	return m, nil
}
