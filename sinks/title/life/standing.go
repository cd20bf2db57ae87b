package life

import (
	"encoding/json"
	"strings"

	"promethean/schema"
)

// updated folds what title a platform shows now: ours, the same as before, or
// one that the streamer set.
func (s *State) updated(e Event) {
	p, ok := read[schema.ChannelUpdatedPayload](e)
	title := strings.TrimSpace(p.Title)
	if !ok || title == "" { // no platform has an empty one
		return
	}
	was, known := s.standing[e.Provider]
	if p.OldTitle != nil {
		was, known = strings.TrimSpace(*p.OldTitle), true
	}
	s.standing[e.Provider] = title
	switch {
	case s.isOurs(e, title):
		if known && was != title && was != "" {
			s.before[e.Provider] = was
		}
	case known && was == title: // only the category changed
	case known:
		s.byHand(e, title)
	}
}

// isOurs reports whether a title is one that was sent, and notes that it shows.
func (s *State) isOurs(e Event, title string) (ours bool) {
	for _, l := range s.lives {
		for _, n := range l.sends {
			if n.titleOn(e.Provider) != title || e.Seq < n.seq {
				continue
			}
			ours = true
			if _, before := n.shown[e.Provider]; !before && !e.At.After(n.Until.Time) && n.refused == nil {
				n.shown[e.Provider] = e
				n.refusal = nil
			}
		}
	}
	return ours
}

// titleOn is what a platform was sent, as it shows it.
func (n *send) titleOn(platform string) string {
	var title string
	if json.Unmarshal(n.Titles[platform], &title) != nil {
		title = n.Title
	}
	return strings.TrimSpace(title)
}

// byHand notes that the streamer set a title: whatever is going on, it wins.
func (s *State) byHand(e Event, title string) {
	s.remember(title, "liked", e.At)
	if s.session.key != "" && !s.session.requested { // an interruption is part of it
		s.session.hand = &handTitle{e, e.Provider, title}
	}
	for i := len(s.lives) - 1; i >= 0; i-- {
		l := s.lives[i]
		if l.overridden {
			return
		}
		n := l.sending()
		if l.over && (n == nil || len(n.shown) == 0) {
			continue
		}
		if n != nil && e.Seq < n.seq {
			return
		}
		l.hand = &handTitle{e, e.Provider, title}
		return
	}
}
