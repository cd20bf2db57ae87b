package title

import (
	"context"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/model"
	"promethean/sinks/title/prompt"
)

// asker makes titles by a model server.
type asker struct {
	prompts *prompt.Set
	client  *model.Client
}

// Titles renders the prompt and asks. What is known of the model and prompt is
// told with an error, too.
func (a asker) Titles(ctx context.Context, f facts.Facts, seed uint64) (Made, error) {
	rendered, err := a.prompts.Render(f)
	if err != nil {
		return Made{}, err
	}
	answer, err := a.client.Titles(ctx, rendered, seed)
	made := Made{Titles: answer.Titles, Model: answer.Model, PromptHash: rendered.Hash}
	if err == nil {
		made.Rung = answer.Rung.String()
	}
	return made, err
}
