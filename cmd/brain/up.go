package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"promethean/ops/logging"
	"promethean/ops/settings"
)

// stopWithin bounds a stop. The longest is that of a flood which no store keeps up
// with: 0.7 s of it, 2 s for what the sinks are writing then, 1 s for the store, NATS.
const stopWithin = 4700 * time.Millisecond

func upCommand(p surroundings) *cobra.Command {
	simulate := false
	loader := settings.New(settings.Brain(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "up",
		Short: "run everything in one process",
		Long: "Runs the gateway, the sinks, and each server that no setting replaces: NATS, a MongoDB-compatible store.\n" +
			"Without flags it tries Streamer.bot at ws://127.0.0.1:8080/ and waits until it is there.",
		Example: "  brain up --simulate\n  BRAIN_MONGO_URI=mongodb://127.0.0.1:27017 brain up\n  BRAIN_NATS_URL=nats://127.0.0.1:4222 brain up",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			if err := refuseReplicas(s); err != nil {
				return err
			}
			if simulate {
				if err := refuseRealServers(s); err != nil {
					return err
				}
				s.DataDir = filepath.Join(s.DataDir, "sim")
			}
			return failed(up(cmd.Context(), newNode(s, simulate, p)))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&simulate, "simulate", false, "play a simulated Streamer.bot and ai_licia; their invented chat stays in <data-dir>/sim")
	return cmd
}

// refuseRealServers keeps invented chat out of real logs and stores, and real
// chat out of ./data/sim.
func refuseRealServers(s *settings.Settings) error {
	var asked []string
	for _, server := range []struct{ name, value string }{
		{"nats.url", s.NATS.URL}, {"mongo.uri", s.Mongo.URI}, {"streamerbot.url", s.Streamerbot.URL}, {"ailicia.url", s.Ailicia.URL},
	} {
		if server.value != "" && s.Asked(server.name) {
			asked = append(asked, fmt.Sprintf("%s (from %s)", server.name, s.Origin(server.name)))
		}
	}
	if len(asked) == 0 {
		return nil
	}
	return fmt.Errorf("--simulate invents chat, which must never reach real servers: leave out %s, or leave out --simulate", strings.Join(asked, " and "))
}

// refuseReplicas: the embedded NATS is one server, and would take no stream of
// several copies.
func refuseReplicas(s *settings.Settings) error {
	if s.NATS.URL != "" || s.NATS.Replicas <= 1 {
		return nil
	}
	return fmt.Errorf("nats.replicas (from %s): %d is not possible: nats.replicas needs a NATS cluster of your own (BRAIN_NATS_URL)",
		s.Origin("nats.replicas"), s.NATS.Replicas)
}

// newNode is everything that `brain up` runs, not yet started.
func newNode(s *settings.Settings, simulate bool, p surroundings) *node {
	screen := newScreen(p.stdout, p.stderr)
	format := s.Log.Format
	// The logger cannot see the terminal behind the screen.
	if format == "auto" && logging.IsTerminal(p.stderr) {
		format = "console"
	}
	return &node{s: s, simulate: simulate, screen: screen, log: logging.New(screen, s.Log.Level, format)}
}

// up runs n until ctx ends, and gives up on a stop that takes too long: what
// was accepted is on disk.
func up(ctx context.Context, n *node) error {
	done := make(chan error, 1)
	go func() { done <- n.run(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	timer := time.NewTimer(stopWithin)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errors.New("something did not stop in time and was cut off; what was accepted is on disk, and the next start goes on there")
	}
}
