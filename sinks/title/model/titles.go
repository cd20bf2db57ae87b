package model

import (
	"context"
	"errors"
	"time"

	"promethean/sinks/title/prompt"
)

// Answer is what a call came to. With an error it holds no titles, and of the
// rest what was known by then.
type Answer struct {
	// Titles are one to three lines of at most 200 characters, different from
	// each other, in the model's order. Nothing else is known of them.
	Titles []string
	// Model is the one that was asked.
	Model string
	// Rung is how strictly the shape of the answer was asked for.
	Rung Rung
	// Seed is the one of the last try; Tries counts requests, refused shapes
	// included.
	Seed    int
	Tries   int
	Latency time.Duration
	// Tokens is what the server says it read and wrote; 0 where it says nothing.
	Tokens Tokens
}

// Tokens are a server's own count.
type Tokens struct{ Prompt, Completion int }

// pause is the time before another try where the server names none.
const pause = 250 * time.Millisecond

// seedMask keeps seeds within what every server takes: a positive int32.
const seedMask = 1<<31 - 1

// Titles asks for three titles. It returns within the timeout, or earlier with
// ctx; the error is an [*Error].
func (c *Client) Titles(ctx context.Context, p prompt.Rendered, seed uint64) (Answer, error) {
	started := time.Now()
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	a := Answer{Seed: int(seed & seedMask)}
	err := c.try(ctx, p, &a)
	a.Latency = time.Since(started)
	if err != nil {
		a.Titles = nil
		return a, err
	}
	return a, nil
}

// try is the loop of tries: as often as the shape is refused, and once more for
// what may pass.
func (c *Client) try(ctx context.Context, p prompt.Rendered, a *Answer) error {
	if !c.Configured() {
		return notConfigured()
	}
	for again := false; ; {
		a.Tries++
		err := c.once(ctx, p, a)
		var failed *Error
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &failed):
			return err
		case failed.shape && a.Rung > Text:
			if a.Rung--; c.rung(a.Model) == a.Rung+1 {
				c.remember(a.Model, a.Rung)
			}
			continue
		case failed.Kind == NoModel:
			c.forget()
			return err
		case again || !failed.Kind.passes() || !wait(ctx, failed.after):
			return err
		}
		again = true
		a.Seed = (a.Seed + 1) & seedMask
		if failed.Kind == Empty && a.Rung > Text {
			// One version of LM Studio answers nothing to a schema (reference:
			// its tracker, 1684). That is not remembered: it may be chance.
			a.Rung--
		}
	}
}

// once asks once, and before it which model, where nobody has said.
func (c *Client) once(ctx context.Context, p prompt.Rendered, a *Answer) error {
	if a.Model == "" {
		name, err := c.name(ctx, p.Model)
		if err != nil {
			return err
		}
		a.Model, a.Rung = name, c.rung(name)
	}
	return c.ask(ctx, p, a)
}

// wait waits for another try; false if there is no time for it.
func wait(ctx context.Context, d time.Duration) bool {
	d = max(d, pause)
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// name is the model to ask: the prompt's, the settings', or one of the server's.
func (c *Client) name(ctx context.Context, asked string) (string, error) {
	for _, name := range []string{asked, c.o.Model} {
		if name != "" {
			return name, nil
		}
	}
	c.mu.Lock()
	name := c.chosen
	c.mu.Unlock()
	if name != "" {
		return name, nil
	}
	name, err := c.choose(ctx)
	if err == nil {
		c.mu.Lock()
		c.chosen = name
		c.mu.Unlock()
	}
	return name, err
}

// forget lets the list be asked again: the model has gone.
func (c *Client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chosen = ""
}

func (c *Client) rung(name string) Rung {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.rungs[name]; ok {
		return r
	}
	return Schema
}

func (c *Client) remember(name string, r Rung) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rungs[name] = r
}
