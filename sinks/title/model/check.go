package model

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"promethean/sinks/title/prompt"
)

// warmTime bounds loading a model into memory.
const warmTime = 2 * time.Minute

// Models asks which models there are (GET /models), once, within the timeout.
// The error is an [*Error].
func (c *Client) Models(ctx context.Context) ([]string, error) {
	if !c.Configured() {
		return nil, notConfigured()
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	x := &exchange{}
	list, err := c.library(x).ListModels(ctx)
	if failed := c.failure(ctx, x, ""); failed != nil {
		return nil, failed
	}
	if err != nil && len(list.Models) == 0 {
		return nil, c.unreadable(x, "")
	}
	var names []string
	for _, m := range list.Models {
		if m.ID != "" {
			names = append(names, m.ID)
		}
	}
	return names, nil
}

// Check asks whether titles could be had: the server answers, and has the named
// model, or with "" that of the settings. It costs no tokens. The error is an
// [*Error].
func (c *Client) Check(ctx context.Context, name string) error {
	name = cmp.Or(name, c.o.Model)
	names, err := c.Models(ctx)
	if err != nil || name == "" {
		return err
	}
	// Ollama takes a name without its tag for the latest.
	if slices.Contains(names, name) || slices.Contains(names, name+":latest") {
		return nil
	}
	return c.errorf(NoModel, "has no model %q, but %s: load it there, or name another with llm.model", name, some(names))
}

// notForChat are models that answer no chat, by their usual names.
var notForChat = regexp.MustCompile(`(?i)embed|whisper|rerank|tts|\bbge\b`)

// choose is the first model that the server lists for chats. Where a key is
// needed an answer may cost money, so that one of several must be named.
func (c *Client) choose(ctx context.Context) (string, error) {
	names, err := c.Models(ctx)
	if err != nil {
		return "", err
	}
	usable := slices.DeleteFunc(slices.Clone(names), notForChat.MatchString)
	switch {
	case len(usable) == 0:
		return "", c.errorf(NoModel, "has no model to chat with, but %s: load one there", some(names))
	case len(usable) > 1 && c.o.Key != "":
		return "", c.errorf(NoModel, "has several models, and none is named: set llm.model to one of %s", some(usable))
	}
	return usable[0], nil
}

// some names a few of many.
func some(names []string) string {
	const few = 5
	switch n := len(names); {
	case n == 0:
		return "none at all"
	case n > few:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), n-few)
	}
	return strings.Join(names, ", ")
}

// Warm asks the named model, or with "" that of the settings, for one token, so
// that the server has it in memory when a stream starts. It may take minutes, at
// most two; ctx ends it earlier. The error is an [*Error].
func (c *Client) Warm(ctx context.Context, name string) error {
	if !c.Configured() {
		return notConfigured()
	}
	ctx, cancel := context.WithTimeout(ctx, warmTime)
	defer cancel()
	name, err := c.name(ctx, name)
	if err != nil {
		return err
	}
	x := &exchange{set: c.members(prompt.Rendered{}, name)}
	x.set[c.o.MaxTokensField] = 1
	// That the answer is cut after a token is what was asked for.
	_, _ = c.library(x).CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model:    placeholder,
		Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: "Hello"}},
	})
	return c.failure(ctx, x, "")
}
