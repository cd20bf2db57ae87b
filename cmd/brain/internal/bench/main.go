// Command bench measures the programs and prints a table, ready for
// docs/performance.md. It tests nothing by time: a figure is a figure, and only
// a run that loses, doubles or reorders an event is an error.
//
// Every part is a process of its own: the server of NATS, the store, the sender
// of frames, the program that is measured, and the bare loop that it is
// compared with. So the CPU and the memory told are those of that program
// alone.
//
// A tour: flags.go (what is asked for), machine.go (where), process.go and
// programs.go (children), table.go and figure.go (what is printed); then the
// scenarios, each with its measured side and its bare one.
//
// The children are this program again, under a hidden first argument: see
// roles.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// role is a part that the bench runs as a process of its own. It prints a line
// "ready …" when it can be used and ends with ctx.
type role func(ctx context.Context, args []string, stdout io.Writer) error

// roles are the first arguments that make this program one of its children.
func roles() map[string]role {
	return map[string]role{
		"child-nats":    natsRole,
		"child-sender":  senderRole,
		"child-gateway": gatewayRole,
		"child-publish": publishRole,
		"child-insert":  insertRole,
		"child-tap":     tapRole,
		"child-fill":    fillRole,
	}
}

// execute runs the program, or one of its children.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 {
		if child, ok := roles()[args[0]]; ok {
			return child(ctx, args[1:], stdout)
		}
	}
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer b.close()
	r := report{Machine: b.machine, Options: o}
	for _, s := range scenarios() {
		if !o.chosen(s.name) {
			continue
		}
		b.scenario = s.name
		tables, err := s.run(b, ctx)
		if err != nil {
			if ctx.Err() != nil {
				err = errors.New("interrupted; every child has ended and the temporary files are gone")
			}
			return err
		}
		r.Tables = append(r.Tables, tables...)
	}
	r.Took = time.Since(b.began).Round(time.Second).String()
	return r.print(stdout, o.json)
}

// scenario is one question that the bench answers with tables.
type scenario struct {
	name, what string
	run        func(*bench, context.Context) ([]table, error)
}

func scenarios() []scenario {
	return []scenario{
		{"a", "WebSocket → gateway → outbox → JetStream against a bare loop that publishes the same bytes", (*bench).road},
		{"b", "JetStream → sinks → store against InsertMany of ready BSON, on the stub and on the embedded store", (*bench).storing},
		{"c", "frame → document: how long it takes at 100, 1,000 and 3,000 a second", (*bench).latency},
		{"d", "what an event costs with 10⁴ and with 10⁶ events stored already", (*bench).grown},
	}
}
