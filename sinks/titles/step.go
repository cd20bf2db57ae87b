package titles

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"promethean/schema"
	convert "promethean/sinks/document"
)

// Read makes a step of an event, and says of which request; "" is that of an
// event which belongs to none. An error is for ever.
func Read(r schema.Recorded) (s Step, request string, err error) {
	e := r.Envelope
	var of struct {
		RequestID string `json:"requestId"`
	}
	if err := json.Unmarshal(e.Payload, &of); err != nil {
		return Step{}, "", fmt.Errorf("payload of %s: %w", e.Type, err)
	}
	if of.RequestID == "" {
		return Step{}, "", nil
	}
	if err := json.Unmarshal(e.Payload, &s); err != nil {
		return Step{}, "", fmt.Errorf("payload of %s: %w", e.Type, err)
	}
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return Step{}, "", err
	}
	if len(s.Context) > 0 {
		if s.Stored, s.Inexact, err = convert.Append(nil, s.Context); err != nil {
			return Step{}, "", fmt.Errorf("context: %w", err)
		}
	}
	// The names are the envelope's, whatever the payload has under them.
	s.Seq, s.EventID, s.Type = int64(r.Seq), e.ID, e.Type
	s.At = e.Timestamp.UTC().Truncate(time.Millisecond)
	s.CausedBy, s.Tenant, s.Channel, s.ChannelPlatform = meta.Gateway.CausedBy, meta.Gateway.Tenant, e.Channel.Name, e.Channel.Platform
	s.IsTest = meta.Gateway.Origin == schema.Test
	return s, of.RequestID, s.readTitles(e.Payload)
}

// readTitles reads what title.sent has by platform. The list that title.rejected
// has under the same name stands in its suggestion.
func (s *Step) readTitles(payload json.RawMessage) error {
	if s.Type != schema.TitleSent {
		return nil
	}
	var p struct {
		Titles map[string]string `json:"titles"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("payload of %s: %w", s.Type, err)
	}
	for _, platform := range slices.Sorted(maps.Keys(p.Titles)) {
		s.Titles = append(s.Titles, ForPlatform{platform, p.Titles[platform]})
	}
	return nil
}
