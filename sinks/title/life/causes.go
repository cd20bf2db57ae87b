package life

import "promethean/schema"

// causesMost are remembered: a command comes again within an hour.
const causesMost = 256

// causes are what the worker's last events were caused by. A request's end for
// another's sake is no answer yet.
type causes struct {
	known map[string]bool
	order []string
}

func (c *causes) add(e Event) {
	if e.Type == schema.TitleExpired {
		return
	}
	if c.known == nil {
		c.known = map[string]bool{}
	}
	for _, id := range e.CausedBy {
		if c.known[id] {
			continue
		}
		c.known[id] = true
		if c.order = append(c.order, id); len(c.order) > causesMost {
			delete(c.known, c.order[0])
			c.order = c.order[1:]
		}
	}
}

// Knows reports whether a cause has led to an event of the worker's lately.
func (s *State) Knows(cause string) bool { return s.causes.known[cause] }
