package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/pflag"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

// order is a command on its way to the gateway or to the title worker, and how
// its end is shown.
type order struct {
	// title: it is for the title worker.
	title  bool
	id     string
	wait   time.Duration
	asJSON bool
}

func (o *order) flags(fs *pflag.FlagSet) {
	fs.DurationVar(&o.wait, "wait", time.Minute, "how long to wait for the end; 0 only sends")
	fs.BoolVar(&o.asJSON, "json", false, "the end as JSON")
	fs.StringVar(&o.id, "id", "", "the command's id (default a new one); the same id again is the same command and is not carried out again")
}

// orderCodes is what a command's help says of its exit codes.
func orderCodes(done string) string {
	return "Exit codes: 0 " + done + ", 1 failed, refused or expired, 3 no NATS or no gateway there, 4 unknown."
}

// deadline is after when nothing may be done any more: before nobody waits, by as
// much as a busy machine may need to give word of it. nil leaves it to the gateway.
func (o *order) deadline(now time.Time) *schema.Time {
	within := o.wait - max(o.wait/10, min(o.wait/2, 3*time.Second))
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
	if !o.title { // the title worker answers no question; its silence is the sign
		if err := c.present(ctx); err != nil {
			return err
		}
	}
	m, err := o.seal(c.tenant, kind, payload)
	if err != nil {
		return err
	}
	// Listening comes first: the end may be quick.
	ends, err := c.nc.SubscribeSync(schema.TenantEvents(o.provider(), c.tenant, "action"))
	tells, tellsErr := c.newTale(m.ID, kind)
	if err = errors.Join(err, tellsErr); err == nil {
		err = c.nc.Flush()
	}
	if err != nil {
		return unreachable("NATS is gone: %w", err)
	}
	taken, err := c.publish(ctx, m)
	switch {
	case err != nil:
		return err
	case o.wait <= 0 && taken:
		fmt.Fprintln(p.stdout, m.ID)
		return nil
	case !o.asJSON:
		fmt.Fprintf(p.stderr, "sent as %s; waiting for its end\n", m.ID)
	}
	waiting, cancel := context.WithTimeout(ctx, o.wait)
	defer cancel()
	end, err := await(waiting, ends, m.ID)
	if err == nil {
		if err := o.show(p, end); err != nil || o.asJSON {
			return err
		}
		return tells.tell(waiting, p.stdout)
	}
	why := err.Error()
	switch {
	case ctx.Err() != nil:
		why = "interrupted"
	case waiting.Err() != nil && !taken:
		why = "NATS did not say whether it has the command, and no word of its end came"
	case waiting.Err() != nil:
		why = fmt.Sprintf("no word of its end within %s", o.wait)
		if o.title {
			why += " (does a title worker run for this tenant? `brain up` and `sinks title` are one)"
		}
	}
	return &run.ExitError{Code: run.Partly, Err: fmt.Errorf(
		"command %s: %s. It may have been carried out, or still be until its deadline; sent again with --id %[1]s it is not carried out twice", m.ID, why)}
}

func (o *order) provider() schema.Provider {
	if o.title {
		return schema.Brain
	}
	return schema.StreamerBot
}

// seal makes the command.
func (o *order) seal(tenant string, kind schema.Type, payload any) (schema.Message, error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return schema.Message{}, err
	}
	now := time.Now()
	return schema.Seal(schema.Draft{
		ID: cmp.Or(o.id, rand.Text()), Type: kind, Provider: o.provider(), OwnVersion: true, Timestamp: now, Payload: body,
		Channel: schema.Channel{Name: tenant, Platform: strings.ToUpper(string(o.provider()))},
		Trace:   schema.Trace{Source: "brain", Tenant: tenant, ReceivedAt: now, Origin: schema.Live},
	})
}

// publish puts a command on the control stream. taken is false when NATS did
// not say, which leaves open whether it has it. An error means that it has not.
func (c *client) publish(ctx context.Context, m schema.Message) (taken bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, natsTimeout)
	defer cancel()
	_, err = c.js.PublishMsg(ctx, natsMessage(m))
	var refused *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return false, unreachable("the control stream is not there: the gateway makes it as soon as it runs (%w)", err)
	case errors.Is(err, nats.ErrReconnectBufExceeded): // disconnected: nothing was written
		return false, unreachable("NATS is gone and the command was not sent (%w)", err)
	case errors.As(err, &refused), errors.Is(err, nats.ErrMaxPayload):
		return false, fmt.Errorf("the command was not taken by NATS: %w", err)
	}
	return err == nil, nil
}

// await waits for the event of a command's end.
func await(ctx context.Context, ends *nats.Subscription, id string) (schema.ActionPayload, error) {
	for {
		m, err := ends.NextMsgWithContext(ctx)
		if errors.Is(err, nats.ErrSlowConsumer) {
			continue // some were dropped; the one may still come
		}
		if err != nil {
			return schema.ActionPayload{}, err
		}
		// Others' events are none of this command's business.
		var p schema.ActionPayload
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
	if o.title {
		line = "done"
	}
	if a := end.Action; a != nil {
		line += fmt.Sprintf(": %s (%s)", a.Name, a.ID)
	}
	if end.DurationMs > 0 {
		line += " in " + (time.Duration(end.DurationMs) * time.Millisecond).String()
	}
	_, err := fmt.Fprintln(p.stdout, line)
	return err
}
