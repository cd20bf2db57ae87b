package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"promethean/ops/healthy"
	"promethean/ops/run"
	"promethean/ops/settings"
)

// healthyTime bounds the question to NATS.
const healthyTime = 4 * time.Second

// healthyCommand asks a running `brain up` of the same settings how it is.
func healthyCommand(p surroundings) *cobra.Command {
	live := false
	loader := settings.New([]string{"http.addr"}, nil, p.environ)
	cmd := &cobra.Command{
		Use:   "healthy",
		Short: "ask `brain up`, or NATS, whether it is ready, for a container's health check",
		Long: "Asks the `brain up` whose health pages are at http.addr whether it is ready.\n" +
			"Exit code 0: it is; 1: it is not, and each check that fails is printed; 3: nobody answers.",
		Example: "  brain healthy\n  brain healthy --live\n  BRAIN_NATS_URL=nats://nats:4222 brain healthy nats",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			return failed(healthy.Program(cmd.Context(), s.HTTP.Addr, live))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&live, "live", false, "ask only whether it lives, not whether it is ready")
	cmd.AddCommand(healthyNATSCommand(p))
	return cmd
}

func healthyNATSCommand(p surroundings) *cobra.Command {
	loader := settings.New(natsSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "nats",
		Short: "ask a NATS server whether its JetStream is ready",
		Long: "Logs in to NATS and asks JetStream for the account's figures; nothing is changed.\n" +
			"Exit code 0: it answers; 1: JetStream is not ready; 3: nobody answers, or the login is refused.",
		Example: "  BRAIN_NATS_URL=nats://nats:4222 brain healthy nats",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			return failed(askNATS(cmd.Context(), s))
		},
	}
	loader.Flags(cmd.Flags())
	return cmd
}

// askNATS returns nil when JetStream answers.
func askNATS(ctx context.Context, s *settings.Settings) error {
	ctx, cancel := context.WithTimeout(ctx, healthyTime)
	defer cancel()
	c, err := connectClient(s, nats.Timeout(healthyTime/2))
	if err != nil {
		return err
	}
	defer c.close()
	if _, err := c.js.AccountInfo(ctx); err != nil {
		return &run.ExitError{Code: run.Failed, Err: fmt.Errorf("NATS at %s answers, its JetStream does not: %w", settings.Redacted(natsAddress(s)), err)}
	}
	return nil
}
