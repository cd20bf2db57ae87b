// Command sinks takes events off a NATS server of your own and stores them; it
// is the program for containers. `brain up` does the same and more in one
// process.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/sinks"
)

func main() {
	os.Exit(run.Main("sinks", os.Stderr, func(ctx context.Context) error {
		return execute(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	}))
}

// defaults differ from those of brain: outside servers, a port of its own.
var defaults = map[string]string{
	"nats.url": "nats://127.0.0.1:4222", "mongo.uri": "mongodb://127.0.0.1:27017", "http.addr": "127.0.0.1:8422",
}

// execute runs one command; a mistake on the command line or in the settings
// is a usage error.
func execute(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	ran := false
	root := &cobra.Command{Use: "sinks", Short: "NATS JetStream → stores", SilenceUsage: true, SilenceErrors: true}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return settings.FlagError(c.Flags(), err) })
	root.AddCommand(mongoCommand(environ, stderr, &ran), titleCommand(environ, stderr, &ran), healthyCommand(environ, &ran))
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil && !ran {
		return &run.ExitError{Code: run.Usage, Err: settings.CommandError("sinks", err)}
	}
	return err
}

func mongoCommand(environ []string, stderr io.Writer, ran *bool) *cobra.Command {
	loader := settings.New(settings.Sinks(), defaults, environ)
	cmd := &cobra.Command{
		Use:     "mongo",
		Short:   "store events in MongoDB",
		Example: "  sinks mongo\n  sinks mongo --only ledger,chat\n  BRAIN_NATS_URL=nats://nats:4222 BRAIN_MONGO_URI=mongodb://mongo:27017 sinks mongo",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			if err := checkOnly(s); err != nil {
				return err
			}
			*ran = true
			return serve(cmd.Context(), s, stderr)
		},
	}
	loader.Flags(cmd.Flags())
	return cmd
}

// checkOnly refuses a sink that does not exist.
func checkOnly(s *settings.Settings) error {
	names := sinks.Names()
	for _, name := range s.Only {
		if !slices.Contains(names, name) {
			return fmt.Errorf("only (from %s): there is no sink %q; the nearest is %s, all are %s",
				s.Origin("only"), name, settings.Nearest(name, names), strings.Join(names, ", "))
		}
	}
	return nil
}
