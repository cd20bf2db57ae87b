package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"promethean/ops/run"
	"promethean/ops/settings"
)

// surroundings are what a command has of the process it runs in.
type surroundings struct {
	environ        []string
	stdout, stderr io.Writer
}

// commandError is an error of a command that was understood; every other is a
// usage error.
type commandError struct{ error }

func (e commandError) Unwrap() error { return e.error }

// execute runs one command. A mistake on the command line or in the settings
// gives exit code 2.
func execute(ctx context.Context, args []string, p surroundings) error {
	root := &cobra.Command{
		Use:           "brain",
		Short:         "The Promethean event gateway: Streamer.bot → NATS JetStream → MongoDB",
		Example:       "  brain up --simulate\n  BRAIN_MONGO_URI=mongodb://127.0.0.1:27017 brain up\n  brain schema\n  brain config --json",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return settings.FlagError(c.Flags(), err) })
	root.AddCommand(upCommand(p), statusCommand(p), tailCommand(p), emitCommand(p), actionCommand(p), sayCommand(p), titleCommand(p),
		schemaCommand(p), healthyCommand(p), configCommand(p), versionCommand(p))
	root.SetArgs(args)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	command, err := root.ExecuteContextC(ctx)
	if failed, ok := err.(commandError); ok {
		return failed.error
	}
	if err != nil && strings.Contains(err.Error(), " arg(s), ") { // cobra has no type for it
		err = fmt.Errorf("%w; the command is: %s", err, command.UseLine())
	}
	if err != nil {
		return &run.ExitError{Code: run.Usage, Err: settings.CommandError("brain", err)}
	}
	return nil
}

// failed marks an error as one of a command that was understood.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return commandError{err}
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
