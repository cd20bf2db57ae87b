// Command simulator is a simulated Streamer.bot for scripts, for trying the gateway out, and for testing
// other clients. docs/simulator.md describes it whole.
//
// It prints one JSON object a line on stdout at each change of state, so that scripts can wait for
// facts: {"listening":"ws://…"}, {"ailicia":"http://…"}, {"control":"http://…"}, {"subscribed":clients}, what actions did, and
// with --count, once all its lines have left, {"sent":lines,"written":events,"lost":events}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"promethean/gateway/simulator"
	"promethean/gateway/simulator/ailicia"
	oprun "promethean/ops/run"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err))
	}
}

func exitCode(err error) int {
	if exit, ok := errors.AsType[*oprun.ExitError](err); ok {
		return exit.Code
	}
	return oprun.Failed
}

// run serves until ctx ends, then closes all connections and returns nil.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == "healthy" {
		return askHealth(ctx, args[1:], stderr)
	}
	set, err := parse(args, stderr)
	if err != nil {
		return err
	}
	out := &facts{to: json.NewEncoder(stdout)}
	set.server.Facts = out.say
	second := ailicia.New(set.second)
	if set.ailicia != "" {
		set.server.Frames = second.Tell
	}
	s := simulator.New(set.server)
	if set.listEvents {
		for _, name := range s.Events() {
			fmt.Fprintln(stdout, name)
		}
		return nil
	}
	l, err := net.Listen("tcp", set.listen)
	if err != nil {
		return fmt.Errorf("simulator: listen on %s (--listen): %w", set.listen, err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var own sync.WaitGroup
	defer own.Wait()
	defer stop()
	out.say(map[string]any{"listening": simulator.URL(l)})
	if err := playAilicia(ctx, second, set, &own, out, stderr); err != nil {
		_ = l.Close() // nobody has been served yet
		return err
	}
	if err := control(ctx, controls(s, second, set), set.control, &own, out); err != nil {
		_ = l.Close() // nobody has been served yet
		return err
	}
	own.Go(func() { report(ctx, s, out) })
	own.Go(func() { number(ctx, s, set, out) })
	for _, o := range set.orders {
		own.Go(func() {
			if err := o.do(ctx, s); err != nil && ctx.Err() == nil {
				fmt.Fprintf(stderr, "simulator: order %q: %v\n", o.line, err)
			}
		})
	}
	return s.Serve(ctx, l)
}

// control takes orders at an address, if there is one, until ctx ends.
func control(ctx context.Context, orders http.Handler, address string, own *sync.WaitGroup, out *facts) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("simulator: listen on %s (--control): %w", address, err)
	}
	web := &http.Server{
		Handler: orders, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	own.Go(func() { _ = web.Serve(l) }) // it ends by Close alone
	own.Go(func() {
		<-ctx.Done()
		_ = web.Close()
	})
	out.say(map[string]any{"control": "http://" + l.Addr().String() + "/"})
	return nil
}

// report says how many clients are subscribed, at each change.
func report(ctx context.Context, s *simulator.Server, out *facts) {
	for was := 0; ; {
		if s.Wait(ctx, func(st simulator.Stats) bool { return st.Subscribed != was }) != nil {
			return
		}
		was = s.Stats().Subscribed
		out.say(map[string]any{"subscribed": was})
	}
}

// number sends the numbered lines and says when the last has left.
func number(ctx context.Context, s *simulator.Server, set settings, out *facts) {
	if set.count == 0 || s.Repeat(ctx, set.count, set.repeat) != nil || s.Flush(ctx) != nil {
		return
	}
	st := s.Stats()
	out.say(map[string]any{"sent": set.count, "written": st.Sent, "lost": st.Lost})
}

// facts prints one JSON object a line.
type facts struct {
	mu sync.Mutex
	to *json.Encoder
}

func (f *facts) say(fact map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.to.Encode(fact) // a script that closed its end no longer waits for facts
}
