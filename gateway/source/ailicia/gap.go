package ailicia

import (
	"cmp"
	"encoding/json"
	"time"

	"promethean/schema"
)

// blindness is a stretch without sight that has not ended yet; the zero value
// is none.
type blindness struct {
	from          time.Time
	cause, detail string
}

// connected emits that there is sight again, and has the gap before it told.
func (s *Source) connected(now time.Time) {
	s.emitOwn(schema.SourceConnected, now, schema.ConnectedPayload{Source: Name, URL: s.shown, Subscribed: s.subscribed()})
	if s.blind.from.IsZero() {
		return
	}
	b, before := s.blind, s.before
	s.blind = blindness{}
	// Its number is taken here: draft may be called by the outlet's timer.
	empty := s.own(schema.SourceGap, now)
	s.outlet.hold(&heldGap{from: b.from, draft: func(after *schema.EventRef) schema.Draft {
		return withPayload(empty, b.payload(now, before, after))
	}}, s.c.Timings.After)
}

// ended emits that sight was lost, where there was any. No gap before it waits
// any longer.
func (s *Source) ended(why string) {
	if s.session == nil {
		return
	}
	s.outlet.flush(nil)
	now := s.c.Clock()
	from := s.state.down(now)
	s.emitOwn(schema.SourceDisconnected, now, schema.DisconnectedPayload{Source: Name, URL: s.shown, Reason: why, Frames: s.session.n})
	s.blind = blindness{from: from, cause: schema.GapDisconnected, detail: why}
	s.session = nil
}

// payload is the gap that ends a blindness. A clock that was set back makes it
// empty, never negative.
func (b blindness) payload(to time.Time, before, after *schema.EventRef) schema.GapPayload {
	if b.from.After(to) {
		b.from = to
	}
	return schema.GapPayload{
		Source: Name, From: schema.NewTime(b.from), To: schema.NewTime(to),
		Cause: b.cause, Detail: b.detail, Before: before, After: after,
	}
}

// fullGap is the gap of a full outbox.
func (s *Source) fullGap(from, to time.Time) schema.Draft {
	b := blindness{from: from, cause: schema.GapOutboxFull, detail: "nothing was read from ai_licia while the outbox was full"}
	return withPayload(s.own(schema.SourceGap, to), b.payload(to, s.before, nil))
}

func (s *Source) emitOwn(t schema.Type, at time.Time, payload any) {
	s.tally.emitted.Add(1)
	s.outlet.send(withPayload(s.own(t, at), payload), nil, s.fullGap)
}

// own begins a draft of our own making.
func (s *Source) own(t schema.Type, at time.Time) schema.Draft {
	s.session.owned++
	return schema.Draft{
		ID:         schema.OwnID(s.session.id, t, s.session.owned),
		Type:       t,
		Provider:   schema.AiLicia,
		OwnVersion: true,
		Timestamp:  at,
		Channel:    schema.Channel{ID: cmp.Or(s.c.ChannelID, s.c.Tenant), Name: s.c.Tenant, Platform: "AILICIA"},
		Trace: schema.Trace{
			Source: Name, Tenant: s.c.Tenant, ReceivedAt: at, Connection: s.session.id, Origin: schema.Live,
		},
	}
}

// withPayload writes a payload of texts, times and numbers, which cannot fail.
func withPayload(d schema.Draft, payload any) schema.Draft {
	d.Payload, _ = json.Marshal(payload)
	return d
}
