package streamerbot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"promethean/schema"
)

// Mood is the value of the persisted global variable [schema.MoodVariable] as
// text, "" where Streamer.bot has none.
func (s *Source) Mood(ctx context.Context) (string, error) {
	n, err := s.connected()
	if err != nil {
		return "", err
	}
	answer, err := n.ask(ctx, "GetGlobal", map[string]any{"variable": schema.MoodVariable, "persisted": true})
	if refusal := (*refusedError)(nil); errors.As(err, &refusal) {
		// Real servers answer so where there is no such variable.
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return readGlobal(answer, schema.MoodVariable), nil
}

// readGlobal takes the value from either shape of the answer: variables{name:…}
// of the client's types, or variable{…} of the documentation (reference:
// streamerbot.md 2.2). null is none.
func readGlobal(answer []byte, name string) string {
	type variable struct {
		Value json.RawMessage `json:"value"`
	}
	var a struct {
		Variables map[string]variable `json:"variables"`
		Variable  *variable           `json:"variable"`
	}
	if json.Unmarshal(answer, &a) != nil {
		return ""
	}
	value := a.Variables[name].Value
	if a.Variable != nil {
		value = a.Variable.Value
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	return strings.TrimSpace(text)
}

// connected is the session that stands; the error says for a person why none
// does.
func (s *Source) connected() (*session, error) {
	n := s.state.now()
	if n != nil {
		return n, nil
	}
	if why := s.Status().LastError; why != "" {
		return nil, fmt.Errorf("no connection to Streamer.bot at %s: %s", s.shown, why)
	}
	return nil, fmt.Errorf("no connection to Streamer.bot at %s yet", s.shown)
}
