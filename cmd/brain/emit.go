package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"

	"promethean/bus"
	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

// emitFlags are what emit can be told beside the type.
type emitFlags struct {
	payload, file         string
	sets                  []string
	platform, channel, id string
	json, dryRun, list    bool
}

func emitCommand(p surroundings) *cobra.Command {
	var f emitFlags
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "emit TYPE",
		Short: "put one test event on the log",
		Long: "Puts one event on the log, as a gateway would, and says where it is. The payload is the type's sample with\n" +
			"times of now, or yours; it is checked against the type's JSON Schema. The event is always marked as a test.",
		Example: "  brain emit chat.message --set message=quack --set displayName=Ada\n" +
			"  brain emit channel.event --set eventType=RAID --set raidViewers=42\n" +
			"  brain emit chat.message --payload-file line.json --dry-run\n  brain emit --list",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.list {
				return failed(listTypes(p, f.json))
			}
			s, err := loader.Load()
			if err != nil {
				return err
			}
			draft, err := f.draft(args, s.Tenant, cmd)
			if err != nil {
				return err
			}
			message, err := schema.Seal(draft)
			if err != nil {
				return err
			}
			if f.dryRun {
				_, err := fmt.Fprintf(p.stdout, "%s\n", message.Body)
				return failed(err)
			}
			return failed(emit(cmd.Context(), s, message, func(e emitted) error { return e.print(p.stdout, f.json) }))
		},
	}
	loader.Flags(cmd.Flags())
	f.flags(cmd)
	return cmd
}

func (f *emitFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.payload, "payload", "", "the payload, as a JSON object")
	flags.StringVar(&f.file, "payload-file", "", "the payload's file; - is standard input")
	flags.StringArrayVar(&f.sets, "set", nil, "member=value of the payload, e.g. message=quack or reward.cost=500; may be given several times")
	flags.StringVar(&f.platform, "platform", "", "where it happened: "+providerNames()+" (default the payload's platform, else brain)")
	flags.StringVar(&f.channel, "channel", "", "the channel's name (default the tenant)")
	flags.StringVar(&f.id, "id", "", "the event's id (default a new one); the same id again is the same event")
	flags.BoolVar(&f.json, "json", false, "say where it is as JSON")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print the envelope and put nothing on the log")
	flags.BoolVar(&f.list, "list", false, "list the types")
	cmd.MarkFlagsMutuallyExclusive("payload", "payload-file")
}

// draft makes the event. Its errors are mistakes in what was asked for.
func (f *emitFlags) draft(args []string, tenant string, cmd *cobra.Command) (schema.Draft, error) {
	t, err := emitType(args)
	if err != nil {
		return schema.Draft{}, err
	}
	given, err := f.given(cmd)
	if err != nil {
		return schema.Draft{}, err
	}
	now := time.Now()
	payload, provider, err := given.build(t, now)
	if err != nil {
		return schema.Draft{}, err
	}
	id, channel := f.id, f.channel
	if !cmd.Flags().Changed("id") {
		id = schema.OwnID(rand.Text(), t, 1)
	}
	if channel == "" {
		channel = tenant
	}
	return schema.Draft{
		ID: id, Type: t, Provider: provider, OwnVersion: true, Timestamp: now,
		Channel: schema.Channel{ID: channel, Name: channel, Platform: strings.ToUpper(string(provider))},
		Payload: payload,
		Trace:   schema.Trace{Source: "brain", Tenant: tenant, ReceivedAt: now, Origin: schema.Test},
	}, nil
}

// emitType is the type that was named; one that cannot be emitted is an error
// with what can be done in its place.
func emitType(args []string) (schema.Type, error) {
	if len(args) == 0 {
		return "", errors.New("which type? `brain emit --list` shows them")
	}
	t := schema.Type(args[0])
	switch t {
	case schema.ControlDoAction:
		return "", fmt.Errorf("%s is a command and no event: use `brain action run`", t)
	case schema.ControlSendMessage:
		return "", fmt.Errorf("%s is a command and no event: use `brain say`", t)
	}
	if strings.HasPrefix(args[0], "control.title_") {
		return "", fmt.Errorf("%s is a command and no event: use `brain title`", t)
	}
	var names []string
	for _, e := range emittable() {
		names = append(names, string(e.Type))
	}
	if !slices.Contains(names, args[0]) {
		return "", fmt.Errorf("%q is no type of the catalogue; the nearest is %s, and `brain emit --list` shows all", args[0], settings.Nearest(args[0], names))
	}
	return t, nil
}

// emittable are the types that are events.
func emittable() []schema.Entry {
	return slices.DeleteFunc(schema.Catalogue(), func(e schema.Entry) bool { return e.Type.Command() != "" })
}

func listTypes(p surroundings, asJSON bool) error {
	type line struct {
		Type    schema.Type    `json:"type"`
		Version schema.Version `json:"version"`
		About   string         `json:"about"`
	}
	var lines []line
	for _, e := range emittable() {
		lines = append(lines, line{e.Type, e.Current(), e.About})
	}
	if asJSON {
		return printJSON(p.stdout, lines)
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TYPE\tVERSION\tABOUT")
	for _, l := range lines {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Type, l.Version, l.About)
	}
	return w.Flush()
}

// emitted says where an event is on the log.
type emitted struct {
	ID       string `json:"id"`
	Subject  string `json:"subject"`
	Sequence uint64 `json:"sequence"`
	// Duplicate says that an event of this id was there already and that the
	// log took no other.
	Duplicate bool `json:"duplicate,omitempty"`
}

func (e emitted) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, e)
	}
	_, err := fmt.Fprintf(w, "id        %s\nsubject   %s\nsequence  %d\n", e.ID, e.Subject, e.Sequence)
	if err == nil && e.Duplicate {
		_, err = fmt.Fprintln(w, "an event of this id was there already; nothing was added")
	}
	return err
}

// emit publishes m and waits until the log has it.
func emit(ctx context.Context, s *settings.Settings, m schema.Message, done func(emitted) error) error {
	c, err := connectClient(s)
	if err != nil {
		return err
	}
	defer c.close()
	ctx, cancel := context.WithTimeout(ctx, natsTimeout)
	defer cancel()
	ack, err := c.js.PublishMsg(ctx, natsMessage(m), jetstream.WithExpectStream(bus.StreamEvents))
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return &run.ExitError{Code: run.Unreachable, Err: errors.New("there is no log on this NATS yet: start `brain up` or a gateway, which makes it")}
	case errors.Is(err, context.DeadlineExceeded):
		return &run.ExitError{Code: run.Unreachable, Err: fmt.Errorf("NATS did not acknowledge within %s, so whether the event is on the log is unknown: the same again with --id %s is not stored twice", natsTimeout, m.ID)}
	case err != nil:
		return fmt.Errorf("emit %s: %w", m.ID, err)
	}
	return done(emitted{m.ID, m.Subject, ack.Sequence, ack.Duplicate})
}
