package titles

import (
	"encoding/json"
	"errors"
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
	if err := json.Unmarshal(e.Payload, &s.Said); err != nil {
		return Step{}, "", fmt.Errorf("payload of %s: %w", e.Type, err)
	}
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return Step{}, "", err
	}
	if err := s.store(); err != nil {
		return Step{}, "", err
	}
	s.Seq, s.EventID, s.Type = int64(r.Seq), e.ID, e.Type
	s.At = e.Timestamp.UTC().Truncate(time.Millisecond)
	s.CausedBy, s.Tenant, s.Channel, s.ChannelPlatform = meta.Gateway.CausedBy, meta.Gateway.Tenant, e.Channel.Name, e.Channel.Platform
	s.IsTest = meta.Gateway.Origin == schema.Test
	return s, of.RequestID, s.readTitles(e.Payload)
}

// store makes the context what a document can hold.
func (s *Step) store() (err error) {
	if len(s.Context) == 0 || string(s.Context) == "null" {
		return nil
	}
	s.Stored, s.Inexact, err = convert.Append(nil, s.Context)
	if not := (*convert.NotDocumentError)(nil); errors.As(err, &not) && not.Reason != convert.InvalidUTF8 {
		s.StoredJSON = string(s.Context)
		return nil
	}
	if err != nil {
		return fmt.Errorf("context: %w", err)
	}
	return nil
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
