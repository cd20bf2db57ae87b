// Command composetest brings docker-compose.yml up where a Docker engine runs,
// plays an evening through its simulation, kills each of its servers and
// programs once, takes it down and up again, and compares what was sent with
// the log and with the store. Elsewhere it says "skipped: why".
//
//	composetest [--file docker-compose.yml]
//
// It has a project name and ports of its own, and removes what it made.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	file := flag.String("file", "docker-compose.yml", "the file to bring up")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, *file)
	if why, ok := errors.AsType[skip](err); ok {
		fmt.Println("skipped:", why)
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compose-test:", err)
		stop()
		os.Exit(1)
	}
	fmt.Println("ok	the compose file: nothing lost, nothing twice, order kept")
}

// skip says why nothing could be tried.
type skip string

func (s skip) Error() string { return string(s) }

func run(ctx context.Context, file string) (err error) {
	e, err := newEngine(ctx, file)
	if err != nil {
		return err
	}
	// What was made is removed although the context has ended.
	defer func() { err = errors.Join(err, e.remove(context.WithoutCancel(ctx))) }()
	v := &evening{engine: e}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"build and start, in order of health", e.up},
		{"send lines", v.send},
		{"kill nats-sim while lines are sent", v.killing("nats-sim")},
		{"kill mongo-sim while lines are sent", v.killing("mongo-sim")},
		{"kill sinks-sim while lines are sent", v.killing("sinks-sim")},
		{"kill titles-sim while lines are sent", v.killing("titles-sim")},
		// What is on the wire when a gateway dies cannot be sent again by
		// Streamer.bot: all that was accepted is stored first.
		{"store all that was sent", v.settle},
		{"kill gateway-sim", v.killGateway},
		{"send lines after it", v.send},
		{"compare", v.compare},
		{"take it down and up again", v.downAndUp},
		{"compare what was kept", v.compare},
		// A store that still takes events in may be too busy to count them.
		{"end the evening", func(ctx context.Context) error { return e.do(ctx, "stop", "simulator") }},
		{"brain status", e.status},
	} {
		fmt.Println("compose-test:", step.what)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}
