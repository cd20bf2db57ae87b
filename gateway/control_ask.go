package gateway

import (
	"context"
	"encoding/json"
	"time"

	"promethean/schema"
)

// answerTime bounds one answer to a question.
const answerTime = 12 * time.Second

// answer answers questions of one kind until ctx ends.
func (c *control) answer(ctx context.Context, name string, answer func(context.Context) []byte) {
	subject := schema.AskSubject(schema.StreamerBot, c.tenant, name)
	if err := c.bus.Answer(ctx, subject, "gateway", answer); err != nil && ctx.Err() == nil {
		c.log.Error().Err(err).Str("question", name).Msg("questions are not answered")
	}
}

func (c *control) actions(ctx context.Context) []byte {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer := schema.ActionsAnswer{Actions: []schema.Action{}}
	actions, err := c.commander.Actions(ctx)
	if err != nil {
		answer.Error = err.Error()
	} else if actions != nil {
		answer.Actions = actions
	}
	// Texts and booleans: this cannot fail to encode.
	body, _ := json.Marshal(answer)
	return body
}

func (c *control) mood(ctx context.Context) []byte {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var answer schema.MoodAnswer
	mood, err := c.commander.Mood(ctx)
	if answer.Mood = clip(mood); err != nil {
		answer.Error = err.Error()
	}
	// Texts: this cannot fail to encode.
	body, _ := json.Marshal(answer)
	return body
}
