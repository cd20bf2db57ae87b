package gateway

import (
	"context"
	"encoding/json"
	"time"

	"promethean/schema"
)

// answerTime bounds one answer to a question.
const answerTime = 12 * time.Second

// answer answers questions about actions until ctx ends.
func (c *control) answer(ctx context.Context) {
	subject := schema.AskSubject(schema.StreamerBot, c.tenant, schema.AskActions)
	if err := c.bus.Answer(ctx, subject, "gateway", c.actions); err != nil && ctx.Err() == nil {
		c.log.Error().Err(err).Msg("questions are not answered")
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
