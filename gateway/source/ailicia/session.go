package ailicia

import (
	"crypto/rand"
	"errors"

	"promethean/gateway/source/ailicia/eventstream"
	"promethean/schema"
)

// session is one connection.
type session struct {
	// id names it in traces and in ids of our own events.
	id string
	// n counts its events, owned the events of our own.
	n, owned uint64
}

// opened notes that there is sight, and says so.
func (s *Source) opened() {
	now := s.c.Clock()
	s.session = &session{id: rand.Text()}
	s.tally.connections.Add(1)
	s.horizon.owe(s.blind.from) // before there is sight: a crash in between would lose the gap
	s.state.up(now)
	s.told = ""
	s.c.Log.Info().Str("url", s.shown).Msg("connected to ai_licia")
	s.connected(now)
}

// take handles one event of the stream.
func (s *Source) take(e eventstream.Event) {
	now := s.c.Clock()
	s.session.n++
	s.tally.frames.Add(1)
	got := event{name: e.Type, data: string(e.Data), id: e.ID, connection: s.session.id, n: s.session.n}
	if e.Oversize {
		s.tally.oversize.Add(1)
		// The resume point stays: a server that can resend may send it smaller.
		s.send(s.normaliser.oversize(got, e.Size, e.SHA256, now))
		return
	}
	d, err := s.normaliser.normalise(got, now)
	if errors.Is(err, errIgnored) {
		s.tally.ignored.Add(1)
		return
	}
	if err != nil {
		d = s.normaliser.refuse(got, now, err)
	}
	// An id that holds a secret is not kept: it would be written to disk. Nor is
	// one that no server would take back.
	if len(e.ID) <= maxName && redactText(e.ID) == e.ID {
		d.Done = func(err error) {
			if err == nil {
				s.horizon.kept(e.ID)
			}
		}
	}
	s.send(d)
}

// send counts a draft and hands it on.
func (s *Source) send(d schema.Draft) {
	var ref *schema.EventRef
	if d.Refusal != nil {
		s.tally.refused.Add(1)
	} else {
		s.tally.emitted.Add(1)
		ref = &schema.EventRef{ID: d.ID, Timestamp: schema.NewTime(d.Timestamp)}
		s.before = ref
	}
	s.outlet.send(d, ref, s.fullGap)
}
