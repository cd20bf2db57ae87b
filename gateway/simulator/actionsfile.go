package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// ReadActions reads actions from JSON: a list of {id, name, group, enabled, do}. id may be left out;
// enabled is true unless it says otherwise; do lists orders that a run carries out in turn, the words
// "set title" and "raise event" among them for [SetStreamTitle] and [RaiseCustomEvent]. %name% in an order
// is replaced by the argument of that name, and stays as it is without one.
func ReadActions(from io.Reader) ([]Action, error) {
	var list []struct {
		ID, Name, Group string
		Enabled         *bool
		Do              []string
	}
	dec := json.NewDecoder(from)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("simulator: read actions: %w", err)
	}
	actions := []Action{}
	for i, a := range list {
		do, err := doAll(a.Do)
		if a.Name == "" {
			err = errors.New("it has no name")
		}
		if err != nil {
			return nil, fmt.Errorf("simulator: read actions: action %d %q: %w", i+1, a.Name, err)
		}
		actions = append(actions, Action{
			ID: a.ID, Name: a.Name, Group: a.Group, Disabled: a.Enabled != nil && !*a.Enabled,
			SubActions: len(a.Do), Do: do,
		})
	}
	return actions, nil
}

type doing = func(context.Context, *Server, *Run) error

// doAll makes a Do of lines. Those without variables are checked at once, the others when they are run.
func doAll(lines []string) (doing, error) {
	var steps []doing
	for _, line := range lines {
		switch line {
		case "set title":
			steps = append(steps, SetStreamTitle)
			continue
		case "raise event":
			steps = append(steps, RaiseCustomEvent)
			continue
		}
		if _, err := ParseOrder(line); err != nil && !strings.Contains(line, "%") {
			return nil, err
		}
		steps = append(steps, func(ctx context.Context, s *Server, run *Run) error {
			do, err := ParseOrder(run.expand(line))
			if err != nil {
				return err
			}
			return do(ctx, s)
		})
	}
	return func(ctx context.Context, s *Server, run *Run) error {
		for _, step := range steps {
			if err := step(ctx, s, run); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

var variable = regexp.MustCompile(`%[A-Za-z0-9_.]+%`)

// expand replaces %name%. What an argument says is not looked at again.
func (r *Run) expand(line string) string {
	return variable.ReplaceAllStringFunc(line, func(v string) string {
		name := strings.Trim(v, "%")
		if _, ok := r.Args[name]; !ok {
			return v
		}
		return strings.NewReplacer("\r", " ", "\n", " ").Replace(r.Text(name))
	})
}
