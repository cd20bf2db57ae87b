package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"promethean/gateway/simulator/internal/evening"
)

// Action is one action of the simulated Streamer.bot.
type Action struct {
	// ID is a GUID, matched in any case. An empty one is made of the name and the place in the list.
	ID    string
	Name  string
	Group string
	// Disabled actions can be asked for all the same: the answer is ok, and nothing ever happens.
	Disabled bool
	// SubActions and Triggers are what GetActions counts.
	SubActions, Triggers int
	// Do is what a run does; nil does nothing. Its error ends the run as failed. Actions run one after
	// the other, so a Do that takes its time holds up those behind it. It must return when ctx ends,
	// which is when the server does, and may call every method of the Server but Serve.
	Do func(ctx context.Context, s *Server, run *Run) error
}

// Run is one run of an action.
type Run struct {
	ID     string // the runningActionId
	Action Action
	// Args are the arguments of DoAction, and source, actionId, actionName, runningActionId and
	// actionQueuedAt, which the server adds.
	Args map[string]json.RawMessage

	queued, started, completed time.Time
	success                    bool
}

// Text gives an argument as an action's %name% shows it: a string without its quotes, other JSON as it
// is. A missing one is empty.
func (r *Run) Text(name string) string {
	raw := r.Args[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// action is how GetActions shows one.
type action struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Group      string `json:"group"`
	Enabled    bool   `json:"enabled"`
	SubActions int    `json:"subaction_count"`
	Triggers   int    `json:"trigger_count"`
}

// newActions completes the list and sorts it by name, as servers do since 0.1.5.
func newActions(o Options) []Action {
	list := slices.Clone(o.Actions)
	if o.Actions == nil {
		list = DefaultActions()
	}
	for i, a := range list {
		if a.ID == "" {
			list[i].ID = uuidOf(fmt.Sprint("action ", i, " ", a.Name))
		}
	}
	slices.SortStableFunc(list, func(a, b Action) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return list
}

func (c *session) getActions(r request) error {
	list := []action{}
	for _, a := range c.server.actions {
		list = append(list, action{a.ID, a.Name, a.Group, !a.Disabled, a.SubActions, a.Triggers})
	}
	return c.reply(r, fields{"actions": list, "count": len(list)})
}

// find looks an action up: by id if one is given, else the first of that name, enabled or not.
func (s *Server) find(id, name string) (Action, bool) {
	i := slices.IndexFunc(s.actions, func(a Action) bool {
		if id != "" {
			return strings.EqualFold(a.ID, id)
		}
		return name != "" && a.Name == name
	})
	if i < 0 {
		return Action{}, false
	}
	return s.actions[i], true
}

// doAction queues a run. The answer means just that; how the run ends is told by Raw.ActionCompleted.
func (c *session) doAction(r request) error {
	var a struct {
		Action struct{ ID, Name string }
		Args   map[string]json.RawMessage
	}
	if r.read(&a) != nil {
		return c.refuse(r, errInvalid)
	}
	s := c.server
	found, ok := s.find(a.Action.ID, a.Action.Name)
	if !ok {
		return c.refuse(r, "Action not found")
	}
	run := s.newRun(found, a.Args)
	var told fields
	if s.opt.since("1.0.0") {
		told = fields{"actionId": found.ID, "args": run.Args}
	}
	if err := c.reply(r, told); err != nil {
		return err
	}
	if found.Disabled {
		return nil
	}
	return c.enqueue(func(ctx context.Context) { s.perform(ctx, run) })
}

// newRun prepares a run with the arguments that the server adds (reference/streamerbot.md section 2.3).
func (s *Server) newRun(a Action, args map[string]json.RawMessage) *Run {
	run := &Run{ID: randomUUID(), Action: a, Args: args, queued: s.opt.Clock()}
	if run.Args == nil {
		run.Args = map[string]json.RawMessage{}
	}
	for name, value := range map[string]string{
		"source": "WebSocketServer", "actionId": a.ID, "actionName": a.Name,
		"runningActionId": run.ID, "actionQueuedAt": evening.Stamp(run.queued),
	} {
		run.Args[name] = encode(value)
	}
	return run
}
