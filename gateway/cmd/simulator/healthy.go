package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"promethean/ops/healthy"
)

// askHealth asks the simulator that listens at --listen whether it answers, for
// a container's health check: a WebSocket port answers plain HTTP too.
func askHealth(ctx context.Context, args []string, stderr io.Writer) error {
	fs := flag.NewFlagSet("simulator healthy", flag.ContinueOnError)
	fs.SetOutput(stderr)
	listen := fs.String("listen", defaultListen, "`address` that the simulator listens on")
	fs.Usage = func() {
		fmt.Fprintln(stderr, "simulator healthy asks a running simulator whether it answers: exit code 0, or 3 where nobody does.\n\nFlags:")
		fs.PrintDefaults()
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{err}
	}
	if fs.NArg() > 0 {
		return usageError{fmt.Errorf("healthy has no arguments, only --listen; %q is none", fs.Arg(0))}
	}
	if err := healthy.Answers(ctx, *listen); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	return nil
}
