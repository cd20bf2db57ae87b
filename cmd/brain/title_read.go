package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/ops/settings"
	"promethean/schema"
	"promethean/sinks/titles"
)

// readTitles folds the title.* events of the tenant's log, the newest request
// first. The log is asked and not stream_titles: it is the source of truth, the
// same fold makes both, and it works where no MongoDB is.
func readTitles(ctx context.Context, s *settings.Settings, p surroundings) ([]titles.Title, error) {
	c, err := connectClient(s)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.titles(ctx, p.stderr)
}

// titleOf is the request of an id.
func (c *client) titleOf(ctx context.Context, request string) (titles.Title, error) {
	all, err := c.titles(ctx, io.Discard)
	if err != nil {
		return titles.Title{}, err
	}
	return titleNamed(all, []string{request})
}

// titles are all of them, the newest request first. What cannot be read is
// complained of.
func (c *client) titles(ctx context.Context, complaints io.Writer) ([]titles.Title, error) {
	ctx, cancel := context.WithTimeout(ctx, 12*natsTimeout)
	defer cancel()
	steps := map[string][]titles.Step{}
	f := follower{js: c.js, filter: filter{subjects: []string{schema.TenantEvents(schema.Brain, c.tenant, "title")}}}
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy}
	err := f.consume(ctx, config, errEnough, func(m jetstream.Msg, at *jetstream.MsgMetadata) error {
		if step, request, err := readStep(m, at); err != nil {
			fmt.Fprintf(complaints, "event %d of the log cannot be read and is left out: %v\n", at.Sequence.Stream, err)
		} else if request != "" {
			steps[request] = append(steps[request], step)
		}
		if at.NumPending == 0 {
			return errEnough
		}
		return nil
	})
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return nil, unreachable("there is no log yet: the gateway makes it as soon as it runs (%w)", err)
	case err != nil && !errors.Is(err, errEnough):
		return nil, unreachable("read the titles from the log: %w", err)
	}
	var all []titles.Title
	for _, id := range slices.Sorted(maps.Keys(steps)) {
		all = append(all, titles.Fold(id, steps[id]))
	}
	slices.SortStableFunc(all, func(a, b titles.Title) int { return int(b.Steps[0].Seq - a.Steps[0].Seq) })
	return all, nil
}

func readStep(m jetstream.Msg, at *jetstream.MsgMetadata) (titles.Step, string, error) {
	e, err := schema.Parse(m.Data())
	if err != nil {
		return titles.Step{}, "", err
	}
	return titles.Read(schema.Recorded{
		Envelope: e, Body: m.Data(), Subject: m.Subject(), Stream: at.Stream, Seq: at.Sequence.Stream, StoredAt: at.Timestamp,
	})
}

// titleNamed is the request of an id, of an event of it or of how either begins;
// the newest where none is named.
func titleNamed(all []titles.Title, words []string) (titles.Title, error) {
	switch {
	case len(all) == 0:
		return titles.Title{}, errors.New("the log has no request for titles of this tenant; brain title suggest asks for some")
	case len(words) == 0:
		return all[0], nil
	}
	var found []titles.Title
	for _, t := range all {
		if t.Names(words[0]) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		return titles.Title{}, fmt.Errorf("no request for titles has the id or event %.64q; brain title ls lists them", words[0])
	case 1:
		return found[0], nil
	}
	return titles.Title{}, fmt.Errorf("%d requests have an id that begins with %.64q; give more of it", len(found), words[0])
}
