package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/pflag"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

// order is a command on its way to the gateway, and how its end is shown.
type order struct {
	wait   time.Duration
	asJSON bool
}

func (o *order) flags(fs *pflag.FlagSet) {
	fs.DurationVar(&o.wait, "wait", time.Minute, "how long to wait for the end; 0 only sends")
	fs.BoolVar(&o.asJSON, "json", false, "the end as JSON")
}

// deadline is after when nothing may be done any more: a little before nobody
// waits, so that word of it still comes. nil leaves it to the gateway.
func (o *order) deadline(now time.Time) *schema.Time {
	within := o.wait - o.wait/10
	if within <= 0 || within >= schema.DefaultDeadline {
		return nil
	}
	t := schema.NewTime(now.Add(within))
	return &t
}

// send sends a command to the running gateway, waits for how it ended and
// shows that. The exit code tells it, too.
func (o *order) send(ctx context.Context, s *settings.Settings, p surroundings, kind schema.Type, payload any) error {
	c, err := connectClient(s)
	if err != nil {
		return err
	}
	defer c.close()
	if err := c.present(ctx); err != nil {
		return err
	}
	// Listening comes first: the end may be quick.
	ends, err := c.nc.SubscribeSync(schema.TenantEvents(schema.StreamerBot, c.tenant, "action"))
	if err == nil {
		err = c.nc.Flush()
	}
	if err != nil {
		return unreachable("NATS is gone: %w", err)
	}
	id, err := c.publish(ctx, kind, payload)
	if err != nil {
		return err
	}
	if o.wait <= 0 {
		fmt.Fprintln(p.stdout, id)
		return nil
	}
	if !o.asJSON {
		fmt.Fprintf(p.stderr, "sent as %s; waiting for its end\n", id)
	}
	end, err := o.await(ctx, ends, id)
	if err != nil {
		return &run.ExitError{Code: run.Partly, Err: fmt.Errorf("no word of command %s within %s: it may still be carried out until its deadline (%w)", id, o.wait, err)}
	}
	return o.show(p, end)
}

// publish returns when the control stream has the command.
func (c *client) publish(ctx context.Context, kind schema.Type, payload any) (id string, err error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	now := time.Now()
	m, err := schema.Seal(schema.Draft{
		ID: rand.Text(), Type: kind, Provider: schema.StreamerBot, OwnVersion: true, Timestamp: now, Payload: body,
		Channel: schema.Channel{Name: c.tenant, Platform: "STREAMERBOT"},
		Trace:   schema.Trace{Source: "brain", Tenant: c.tenant, ReceivedAt: now, Origin: schema.Live},
	})
	if err != nil {
		return "", err
	}
	msg := nats.NewMsg(m.Subject)
	msg.Data = m.Body
	for _, f := range m.Header {
		msg.Header.Set(f.Name, f.Value)
	}
	// Said again under the same id, it is one command.
	_, err = c.js.PublishMsg(ctx, msg, jetstream.WithMsgID(m.ID))
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		return "", unreachable("the control stream is not there: the gateway makes it as soon as it runs (%w)", err)
	}
	if err != nil {
		return "", fmt.Errorf("the command was not taken by NATS: %w", err)
	}
	return m.ID, nil
}

// await waits for the event of the command's end.
func (o *order) await(ctx context.Context, ends *nats.Subscription, id string) (p schema.ActionPayload, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	for {
		m, err := ends.NextMsgWithContext(ctx)
		if err != nil {
			return p, err
		}
		// Others' events are none of this command's business.
		e, err := schema.Parse(m.Data)
		if err == nil {
			err = json.Unmarshal(e.Payload, &p)
		}
		if err == nil && p.CommandID == id {
			return p, nil
		}
	}
}

func (o *order) show(p surroundings, end schema.ActionPayload) error {
	code := run.Failed
	switch end.Outcome {
	case schema.OutcomeCompleted, schema.OutcomeSent:
		code = run.OK
	case schema.OutcomeUnknown:
		code = run.Partly
	}
	switch {
	case o.asJSON:
		if err := printJSON(p.stdout, end); err != nil || code == run.OK {
			return err
		}
		return &run.ExitError{Code: code}
	case code != run.OK:
		return &run.ExitError{Code: code, Err: fmt.Errorf("%s: %s", end.Outcome, end.Reason)}
	}
	line := end.Outcome
	if a := end.Action; a != nil {
		line += fmt.Sprintf(": %s (%s)", a.Name, a.ID)
	}
	if end.DurationMs > 0 {
		line += " in " + (time.Duration(end.DurationMs) * time.Millisecond).String()
	}
	_, err := fmt.Fprintln(p.stdout, line)
	return err
}
