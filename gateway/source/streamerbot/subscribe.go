package streamerbot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

var errNoCatalogue = errors.New("GetEvents gave no list of events")

// offered asks what the server can send.
func (s *session) offered(ctx context.Context) (map[string][]string, error) {
	answer, err := s.ask(ctx, "GetEvents", nil)
	if err != nil {
		return nil, err
	}
	events, ok := eventLists(answer)
	if !ok {
		return nil, errNoCatalogue
	}
	return events, nil
}

// subscribe asks for the wishes that the server offers and compares its echo.
func (s *session) subscribe(ctx context.Context) error {
	c := &s.source.c
	offered, err := s.offered(ctx)
	if err != nil {
		return err
	}
	s.runs.spell(offered)
	chosen, lacking := plan(offered, c.Events, c.Private)
	s.subscribed = size(chosen)
	if s.subscribed == 0 {
		c.Log.Warn().Strs("wanted", c.Events).Msg("Streamer.bot offers none of the events wanted; nothing will be heard")
		return nil
	}
	answer, err := s.ask(ctx, "Subscribe", map[string]any{"events": chosen})
	if err != nil {
		return err
	}
	if echo, ok := eventLists(answer); ok {
		refused := missing(chosen, echo)
		s.subscribed -= len(refused)
		if len(refused) > 0 {
			c.Log.Warn().Strs("events", refused).Msg("Streamer.bot did not subscribe to these events")
		}
	}
	if names := unwatched(offered, chosen); len(names) > 0 {
		c.Log.Info().Strs("events", names).Msg("not among the events wanted: where Streamer.bot itself loses sight, no gap will tell of it")
	}
	if len(lacking) > 0 {
		c.Log.Debug().Strs("events", lacking).Str("version", s.facts().Version).Msg("this Streamer.bot does not have these events")
	}
	return nil
}

// unwatched lists the offered types by which Streamer.bot says that it loses
// sight of something that is listened to, and that were not chosen.
func unwatched(offered, chosen map[string][]string) []string {
	var names []string
	for source, types := range offered {
		for _, kind := range types {
			name := source + "." + kind
			_, isBack, isSight := readSight(name)
			isLoss := isSight && !isBack && len(chosen[source]) > 0 || strings.EqualFold(name, exitingEvent)
			if isLoss && !slices.Contains(chosen[source], kind) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// eventLists reads the member events, types by source. Sources whose types
// are no list are left out.
func eventLists(answer []byte) (map[string][]string, bool) {
	var a struct {
		Events object[map[string]texts] `json:"events"`
	}
	if !read(answer, &a) || !a.Events.has {
		return nil, false
	}
	lists := make(map[string][]string, len(a.Events.v))
	for source, types := range a.Events.v {
		lists[source] = types
	}
	return lists, true
}

// missing lists what was asked for and is not in the echo, which may name a
// whole source by "*" and spell in its own way.
func missing(asked, echo map[string][]string) []string {
	var names []string
	has := func(source, kind string) bool {
		for s, types := range echo {
			if strings.EqualFold(s, source) && slices.ContainsFunc(types, func(t string) bool {
				return t == "*" || strings.EqualFold(t, kind)
			}) {
				return true
			}
		}
		return false
	}
	for source, types := range asked {
		for _, kind := range types {
			if !has(source, kind) {
				names = append(names, source+"."+kind)
			}
		}
	}
	slices.Sort(names)
	return names
}

// texts is an array of which the elements that are strings count.
type texts []string

func (t *texts) UnmarshalJSON(value []byte) error {
	*t = nil
	var elements []text
	if err := json.Unmarshal(value, &elements, tolerant); err != nil {
		return nil // not an array: no texts
	}
	for _, e := range elements {
		if e != "" {
			*t = append(*t, string(e))
		}
	}
	return nil
}
