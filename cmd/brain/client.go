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
	// connectTime is how long NATS may take to answer.
	connectTime = 3 * time.Second
	// askTime is how long a gateway may take, which itself asks Streamer.bot.
	askTime = 15 * time.Second
	// presentTime is how long a gateway may take to show that it is there.
	presentTime = 2 * time.Second
)

// client is a command's connection to NATS, by which it reaches a running
// gateway of the tenant.
type client struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	tenant string
}

// connectClient connects to the NATS of the settings, or to where `brain up`
// has its own. An error has the exit code for what cannot be reached.
func connectClient(s *settings.Settings) (*client, error) {
	url := s.NATS.URL
	if url == "" {
		url = "nats://" + s.NATS.Listen
	}
	opts := []nats.Option{nats.Name("brain"), nats.Timeout(connectTime)}
	switch {
	case s.NATS.Creds != "":
		opts = append(opts, nats.UserCredentials(s.NATS.Creds))
	case s.NATS.User != "":
		opts = append(opts, nats.UserInfo(s.NATS.User, s.NATS.Password))
	}
	nc, err := nats.Connect(url, opts...)
	if errors.Is(err, nats.ErrAuthorization) {
		return nil, unreachable("NATS at %s refuses the login: check BRAIN_NATS_USER and BRAIN_NATS_PASSWORD, or BRAIN_NATS_CREDS", settings.Redacted(url))
	}
	if err != nil {
		return nil, unreachable("NATS does not answer at %s: is `brain up` running? One that is elsewhere is named by BRAIN_NATS_URL (%w)", settings.Redacted(url), err)
	}
	js, err := jetstream.New(nc)
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
