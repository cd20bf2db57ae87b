package life

import "promethean/schema"

// lately are the last ones that were noted, with what is known of each: a command
// comes again within an hour.
type lately[T any] struct {
	known map[string]T
	order []string
}

const latelyMost = 256

func (l *lately[T]) note(id string, of T) {
	if l.known == nil {
		l.known = map[string]T{}
	}
	if _, again := l.known[id]; again {
		return
	}
	l.known[id] = of
	if l.order = append(l.order, id); len(l.order) > latelyMost {
		delete(l.known, l.order[0])
		l.order = l.order[1:]
	}
}

// caused notes what an event of the worker's was caused by. A request's end for
// another's sake is no answer yet.
func (s *State) caused(e Event) {
	if e.Type == schema.TitleExpired {
		return
	}
	for _, id := range e.CausedBy {
		s.causes.note(id, true)
	}
}

// Knows reports whether a cause has led to an event of the worker's lately.
func (s *State) Knows(cause string) bool { return s.causes.known[cause] }

// Ended is how a command to the worker ended, where that has been told lately.
func (s *State) Ended(command string) (schema.ActionPayload, bool) {
	end, ok := s.ends.known[command]
	return end, ok
}
