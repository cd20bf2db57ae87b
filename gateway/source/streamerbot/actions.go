package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"promethean/schema"
)

var errNoActions = errors.New("GetActions gave no list of actions")

// actions asks for the actions (reference: streamerbot.md 2.2).
func (s *session) actions(ctx context.Context) ([]schema.Action, error) {
	answer, err := s.ask(ctx, "GetActions", nil)
	if err != nil {
		return nil, err
	}
	return readActions(answer)
}

// readActions leaves out what has no id. An action that does not say whether
// it is enabled is.
func readActions(answer []byte) ([]schema.Action, error) {
	var a struct {
		Actions []object[struct {
			ID      text    `json:"id"`
			Name    text    `json:"name"`
			Group   text    `json:"group"`
			Enabled boolean `json:"enabled"`
		}] `json:"actions"`
	}
	if !read(answer, &a) || a.Actions == nil {
		return nil, errNoActions
	}
	actions := make([]schema.Action, 0, len(a.Actions))
	for _, row := range a.Actions {
		if row.v.ID == "" {
			continue
		}
		actions = append(actions, schema.Action{
			ID: string(row.v.ID), Name: string(row.v.Name), Group: string(row.v.Group),
			Enabled: row.v.Enabled.on || !row.v.Enabled.known,
		})
	}
	return actions, nil
}

// choose finds the one action that ref means: by its id, else by a name that
// exactly one enabled action has. allowed, when not empty, lists names and ids
// of those that commands may run. The error says in one sentence why not, and
// what to try.
func choose(actions []schema.Action, ref schema.ActionRef, allowed []string) (schema.ActionRef, error) {
	found := slices.DeleteFunc(slices.Clone(actions), func(a schema.Action) bool { return !meant(a, ref) })
	enabled := slices.DeleteFunc(slices.Clone(found), func(a schema.Action) bool { return !a.Enabled })
	switch {
	case len(found) == 0:
		return schema.ActionRef{}, absent(actions, ref)
	case len(enabled) == 0:
		return schema.ActionRef{}, fmt.Errorf("the action %q is disabled in Streamer.bot: enable it there", clip(found[0].Name))
	case len(enabled) > 1:
		return schema.ActionRef{}, fmt.Errorf("%d enabled actions are named %q: name one by its id (%s)", len(enabled), clip(ref.Name), ids(enabled))
	}
	a := enabled[0]
	if len(allowed) > 0 && !slices.ContainsFunc(allowed, func(s string) bool { return s == a.Name || strings.EqualFold(s, a.ID) }) {
		return schema.ActionRef{}, fmt.Errorf("the action %q (%s) is not among those that commands may run: add it to the setting streamerbot.actions (BRAIN_STREAMERBOT_ACTIONS)",
			clip(a.Name), clip(a.ID))
	}
	return schema.ActionRef{ID: a.ID, Name: a.Name}, nil
}

// meant reports whether ref names a. An id counts alone: who has one may hold
// an old name.
func meant(a schema.Action, ref schema.ActionRef) bool {
	if ref.ID != "" {
		return strings.EqualFold(a.ID, ref.ID)
	}
	return a.Name == ref.Name
}

func absent(actions []schema.Action, ref schema.ActionRef) error {
	if ref.ID != "" {
		return fmt.Errorf("there is no action with the id %q: see `brain action ls`", clip(ref.ID))
	}
	if near := nearest(actions, ref.Name); near != "" {
		return fmt.Errorf("there is no action named %q; the nearest is %q", clip(ref.Name), clip(near))
	}
	return fmt.Errorf("there is no action named %q: see `brain action ls`", clip(ref.Name))
}

// nearest is the name of an action that may have been meant: the same in
// another case, else one that holds name or is held by it.
func nearest(actions []schema.Action, name string) string {
	low := strings.ToLower(strings.TrimSpace(name))
	for _, near := range []func(string) bool{
		func(other string) bool { return other == low },
		func(other string) bool {
			return low != "" && other != "" && (strings.Contains(other, low) || strings.Contains(low, other))
		},
		func(other string) bool { return len(low) < 100 && len(other) < 100 && edits(low, other) <= 2 },
	} {
		for _, a := range actions {
			if near(strings.ToLower(strings.TrimSpace(a.Name))) {
				return a.Name
			}
		}
	}
	return ""
}

// edits counts how many bytes to change, add or drop to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}

// ids lists at most five.
func ids(actions []schema.Action) string {
	var list []string
	for _, a := range actions[:min(len(actions), 5)] {
		list = append(list, clip(a.ID))
	}
	return strings.Join(list, ", ")
}
