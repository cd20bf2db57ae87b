package life

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"promethean/schema"
)

// What an action of Streamer.bot raises passes through the gateway under these
// types: the sub-action Trigger Custom Event, its C# twin, and a broadcast to
// the WebSocket's clients (reference: Streamer.bot's General.Custom and Custom.Event).
const (
	customEvent schema.Type = "streamerbot.custom.event"
	codeEvent   schema.Type = "streamerbot.custom.code_event"
	broadcast   schema.Type = "streamerbot.general.custom"
)

// CustomTypes are the types of what an action raises.
func CustomTypes() []schema.Type { return []schema.Type{customEvent, codeEvent, broadcast} }

// The names of the streamer's own events that are for the worker.
const (
	raisedTitle   = "brain.title"
	raisedApprove = "brain.approve"
)

// arguments are what an action gives with an event. It may give all of its own
// arguments, so other names are nobody's affair; values are text or any JSON.
type arguments map[string]json.RawMessage

// custom hears what the streamer's own actions raise.
func (s *State) custom(e Event) {
	name, args := raised(e.Payload)
	if args.is("titleSuccess", "false") {
		s.notSet(e, args)
		return
	}
	by := schema.TitleActor{Kind: schema.ActorBot, Via: schema.ViaStreamerBot}
	if user := args.text("userName", "user"); user != "" {
		by.Kind, by.UserID, by.Username = schema.ActorHuman, args.text("userId"), user
	}
	a := ask{id: e.ID, seq: e.Seq, at: e.At, by: by}
	switch {
	case strings.EqualFold(name, raisedTitle):
		a.kind, a.game, a.title, a.note = askRaised, args.text("game", "gameName"), args.text("title", "targetChannelTitle"), args.text("note")
	case strings.EqualFold(name, raisedApprove):
		if !a.approving(args) {
			return
		}
	default:
		return
	}
	s.hear(a)
}

// approving reads brain.approve: which candidate, a text of one's own, or
// another answer; false where it is none of these. A mistake approves nothing.
func (a *ask) approving(args arguments) bool {
	a.suggestion, a.note = args.text("suggestionId"), args.text("note")
	switch strings.ToLower(args.text("answer")) {
	case "no":
		a.kind = askReject
		return true
	case "new":
		a.kind = askNew
		return true
	case "", "yes":
	default:
		return false
	}
	a.kind = askTake
	if a.title = args.text("title"); a.title != "" {
		return true
	}
	n, given := args.given("candidate", "n")
	if !given {
		a.candidate = 1
		return true
	}
	var err error
	a.candidate, err = strconv.Atoi(n)
	return err == nil && a.candidate > 0
}

// raised takes a custom event apart: {eventName, args}, or a broadcast object
// with name, event or eventName and its arguments beside or in args; a broadcast
// may be a text, or {data: text}, that holds such an object.
func raised(payload json.RawMessage) (name string, args arguments) {
	for range 3 {
		var text string
		if json.Unmarshal(payload, &text) == nil {
			payload = json.RawMessage(text)
		}
		args = nil
		if len(bytes.TrimSpace(payload)) == 0 || json.Unmarshal(payload, &args) != nil {
			return "", nil
		}
		data, wrapped := args["data"]
		if !wrapped || len(args) != 1 {
			break
		}
		payload = data
	}
	name = args.text("eventName", "event", "name")
	var inner arguments
	if json.Unmarshal(args["args"], &inner) == nil && inner != nil {
		args = inner
	}
	return name, args
}

// argumentMost bounds an argument, in code points: a note is a line, and all of it
// is on the log more than once.
const argumentMost = 300

// text is the first of the named arguments that is there and not empty, as
// %name% shows it. A variable that was not filled in is not there.
func (a arguments) text(names ...string) string {
	for _, name := range names {
		if text, _ := a.given(name); text != "" && !strings.EqualFold(text, "%"+name+"%") {
			return text
		}
	}
	return ""
}

// given is the first of the named arguments, whatever the case, that is a text or
// number and not empty.
func (a arguments) given(names ...string) (string, bool) {
	for _, name := range names {
		for _, key := range a.spelled(name) {
			var text string
			if json.Unmarshal(a[key], &text) != nil {
				if text = string(a[key]); text == "null" || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
					text = ""
				}
			}
			if text = strings.TrimSpace(text); text != "" {
				return cut(text), true
			}
		}
	}
	return "", false
}

// spelled are the keys that are the name in any case, always in the same order.
func (a arguments) spelled(name string) (keys []string) {
	for key := range a {
		if strings.EqualFold(key, name) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func cut(text string) string {
	n := 0
	for i := range text {
		if n++; n > argumentMost {
			return strings.TrimSpace(text[:i])
		}
	}
	return text
}

func (a arguments) is(name, value string) bool { return strings.EqualFold(a.text(name), value) }
