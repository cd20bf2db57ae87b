package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

const (
	// askTime is how long a gateway may take, which itself asks Streamer.bot.
	askTime = 15 * time.Second
	// presentTime is how long a gateway may take to show that it is there.
	presentTime = 2 * time.Second
)

// client is a command's connection to NATS, by which it reaches the log and a
// running gateway of the tenant.
type client struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	tenant string
}

// connectClient connects; an error has the exit code for what cannot be reached.
func connectClient(s *settings.Settings, more ...nats.Option) (*client, error) {
	nc, err := dialNATS(s, more...)
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(natsTimeout))
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &client{nc: nc, js: js, tenant: s.Tenant}, nil
}

func (c *client) close() { c.nc.Close() }

func unreachable(format string, args ...any) error {
	return &run.ExitError{Code: run.Unreachable, Err: fmt.Errorf(format, args...)}
}

// actions asks the gateway for Streamer.bot's actions.
func (c *client) actions(ctx context.Context) ([]schema.Action, error) {
	m, err := c.ask(ctx, askTime)
	if err != nil {
		return nil, err
	}
	var answer schema.ActionsAnswer
	if err := json.Unmarshal(m.Data, &answer); err != nil {
		return nil, fmt.Errorf("the gateway's answer cannot be read: %w", err)
	}
	if answer.Error != "" {
		return nil, errors.New(answer.Error)
	}
	return answer.Actions, nil
}

// present returns an error when no gateway of the tenant is there. One that is
// busy with Streamer.bot is.
func (c *client) present(ctx context.Context) error {
	_, err := c.ask(ctx, presentTime)
	if errors.Is(err, nats.ErrNoResponders) || ctx.Err() != nil {
		return err
	}
	return nil
}

func (c *client) ask(ctx context.Context, within time.Duration) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	m, err := c.nc.RequestWithContext(ctx, schema.AskSubject(schema.StreamerBot, c.tenant, schema.AskActions), nil)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, unreachable("no gateway of tenant %s answers: is `brain up` running? Another tenant is named by BRAIN_TENANT (%w)", c.tenant, err)
	case err != nil:
		return nil, unreachable("the gateway of tenant %s does not answer: %w", c.tenant, err)
	}
	return m, nil
}
