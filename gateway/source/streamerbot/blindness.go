package streamerbot

import (
	"time"

	"promethean/schema"
)

// blindness is a stretch without sight that has not ended yet; the zero value
// is none.
type blindness struct {
	from          time.Time
	cause, detail string
	// platform is upper case where only that one cannot be seen.
	platform string
	// connection is where it was told, or what it was the end of.
	connection string
	// doubt says that it was told up to from, and may have gone on.
	doubt bool
	// accepted is called when its gap is on disk, or with why it never will be.
	accepted func(error)
}

// connected emits that there is sight again, the gaps before it, and what came
// since the server knew of us.
func (s *session) connected() error {
	now := s.source.c.Clock()
	connected, err := s.own(schema.SourceConnected, now, schema.ConnectedPayload{
		Source:     Name,
		URL:        s.source.shown,
		InstanceID: s.facts().InstanceID,
		Version:    s.facts().Version,
		Subscribed: s.subscribed,
	})
	if err != nil {
		return err
	}
	first := []schema.Draft{connected}
	for _, b := range s.source.sight.back(s.id, now) {
		first = append(first, s.gap(b, now))
	}
	s.release(first...)
	return nil
}

// disconnected emits that sight was lost.
func (s *session) disconnected(reason error) error {
	d, err := s.own(schema.SourceDisconnected, s.source.c.Clock(), schema.DisconnectedPayload{
		Source: Name,
		URL:    s.source.shown,
		Reason: clip(reason.Error()),
		Frames: s.n.Load(),
	})
	if err == nil {
		s.send(d)
	}
	return err
}

// gap is the event that ends a blindness. A clock that was set back makes it
// empty, never negative.
func (s *session) gap(b blindness, to time.Time) schema.Draft {
	if b.from.After(to) {
		b.from = to
	}
	// Two times and some texts: this cannot fail to encode.
	d, _ := s.own(schema.SourceGap, to, schema.GapPayload{
		Source:   Name,
		From:     schema.NewTime(b.from),
		To:       schema.NewTime(to),
		Cause:    b.cause,
		Platform: clip(b.platform),
		Detail:   clip(b.detail),
	})
	d.Done = b.accepted
	return d
}

// fullGap is the gap of a full outbox.
func (s *session) fullGap(from, to time.Time) schema.Draft {
	return s.gap(blindness{
		from: from, cause: schema.GapOutboxFull,
		detail: "nothing was read from Streamer.bot while the outbox was full",
	}, to)
}

// own makes a draft of our own making.
func (s *session) own(t schema.Type, at time.Time, payload any) (schema.Draft, error) {
	body, err := encode(payload)
	if err != nil {
		return schema.Draft{}, err
	}
	f := s.facts()
	f.ReceivedAt = at
	return schema.Draft{
		ID:         schema.OwnID(s.id, t, s.owned.Add(1)),
		Type:       t,
		Provider:   schema.StreamerBot,
		OwnVersion: true,
		Timestamp:  at,
		Channel:    f.ownChannel(),
		Payload:    body,
		Trace:      f.trace(""),
	}, nil
}
