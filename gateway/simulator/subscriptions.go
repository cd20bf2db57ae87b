package simulator

import (
	"maps"
	"slices"
	"strings"
)

const wildcard = "*"

// subscriptions are what one client asked for. They belong to its connection and end with it. A value
// never changes: with and without give new ones, so a connection swaps them in one step.
type subscriptions struct {
	catalogue catalogue
	exact     bool
	wanted    map[string][]string // as echoed, types in the order asked for
	all       map[string]bool     // sources with the wildcard: types outside the catalogue are meant too
}

func noSubscriptions(c catalogue, exact bool) *subscriptions {
	return &subscriptions{catalogue: c, exact: exact}
}

func (s *subscriptions) copy() *subscriptions {
	c := *s
	c.all, c.wanted = map[string]bool{}, map[string][]string{}
	maps.Copy(c.all, s.all)
	for source, types := range s.wanted {
		c.wanted[source] = slices.Clone(types)
	}
	return &c
}

// plan resolves what a request names into the server's spelling. What the catalogue lacks is left
// out, except that an exact server keeps a wrong spelling, which then never matches anything.
func (s *subscriptions) plan(asked map[string][]string) (named map[string][]string, whole []string) {
	named = map[string][]string{}
	for name, types := range asked {
		sources := []string{name}
		if name == wildcard {
			sources = slices.Collect(maps.Keys(s.catalogue))
		}
		for _, source := range sources {
			source, known := s.catalogue.source(source, s.exact)
			if !known && !s.exact {
				continue
			}
			named[source] = append(named[source], s.kinds(source, types)...)
			if slices.Contains(types, wildcard) {
				whole = append(whole, source)
			}
		}
	}
	return named, whole
}

// kinds resolves the types named for one source.
func (s *subscriptions) kinds(source string, types []string) (found []string) {
	for _, t := range types {
		if t == wildcard {
			found = append(found, s.catalogue[source]...)
			continue
		}
		if t, known := s.catalogue.kind(source, t, s.exact); known || s.exact {
			found = append(found, t)
		}
	}
	return found
}

// with adds subscriptions.
func (s *subscriptions) with(asked map[string][]string) *subscriptions {
	more, whole := s.plan(asked)
	c := s.copy()
	for _, source := range whole {
		c.all[source] = true
	}
	for source, types := range more {
		for _, t := range types {
			if !slices.Contains(c.wanted[source], t) {
				c.wanted[source] = append(c.wanted[source], t)
			}
		}
	}
	return c
}

// without takes subscriptions away.
func (s *subscriptions) without(asked map[string][]string) *subscriptions {
	less, whole := s.plan(asked)
	c := s.copy()
	for _, source := range whole {
		delete(c.all, source)
	}
	for source, types := range less {
		c.wanted[source] = slices.DeleteFunc(c.wanted[source], func(t string) bool { return slices.Contains(types, t) })
		if len(c.wanted[source]) == 0 {
			delete(c.wanted, source)
		}
	}
	return c
}

// names lists what is wanted as Source.Type.
func (s *subscriptions) names() []string {
	list := []string{}
	for source, types := range s.wanted {
		for _, t := range types {
			list = append(list, source+"."+t)
		}
	}
	slices.Sort(list)
	return list
}

func (s *subscriptions) any() bool { return len(s.wanted) > 0 || len(s.all) > 0 }

// wants says whether an event, named as events name it, goes to this client.
func (s *subscriptions) wants(e event) bool {
	for name, types := range s.wanted {
		if strings.EqualFold(name, e.source) && s.offered(name) && slices.Contains(types, e.kind) {
			return true
		}
	}
	for name := range s.all {
		if strings.EqualFold(name, e.source) && s.offered(name) {
			return true
		}
	}
	return false
}

// offered keeps wrong spellings silent on an exact server.
func (s *subscriptions) offered(source string) bool {
	_, ok := s.catalogue[source]
	return ok
}
