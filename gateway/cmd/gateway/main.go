// Command gateway takes Streamer.bot's events to a NATS server of your own; it
// is the program for containers. `brain up` does the same and more in one
// process.
package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"promethean/ops/run"
	"promethean/ops/settings"
)

func main() {
	os.Exit(run.Main("gateway", os.Stderr, func(ctx context.Context) error {
		return execute(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	}))
}

// defaults differ from those of brain: an outside NATS, a port of its own.
var defaults = map[string]string{"nats.url": "nats://127.0.0.1:4222", "http.addr": "127.0.0.1:8421"}

// execute runs the command; a mistake on the command line or in the settings
// is a usage error.
func execute(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	loader := settings.New(settings.Gateway(), defaults, environ)
	ran := false
	cmd := &cobra.Command{
		Use:           "gateway",
		Short:         "Streamer.bot → NATS JetStream",
		Example:       "  gateway\n  BRAIN_NATS_URL=nats://nats:4222 BRAIN_TENANT=duck gateway --data-dir /data\n  gateway healthy",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			ran = true
			return serve(cmd.Context(), s, stderr)
		},
	}
	loader.Flags(cmd.Flags())
	cmd.AddCommand(healthyCommand(environ, &ran))
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return settings.FlagError(c.Flags(), err) })
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err != nil && !ran {
		return &run.ExitError{Code: run.Usage, Err: settings.CommandError("gateway", err)}
	}
	return err
}
