// Command simulator is a simulated Streamer.bot for scripts and for trying the gateway out.
//
// It prints one JSON object a line on stdout at each change of state, so that scripts can wait for
// facts: {"listening":"ws://…"}, {"subscribed":clients}, and with --count, once all its lines have left,
// {"sent":lines,"written":events,"lost":events}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"promethean/gateway/simulator"
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
		os.Exit(1)
	}
}

type usageError struct{ error }

type settings struct {
	listen        string
	count, repeat int
	server        simulator.Options
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var auth string
	var mute bool
	fs := flag.NewFlagSet("simulator", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&s.listen, "listen", "127.0.0.1:8430", "address to listen on; port 0 takes a free one")
	fs.Float64Var(&s.server.Rate, "rate", 2, "chat lines a second on average; 0 with --count unless given")
	fs.Uint64Var(&s.server.Seed, "seed", 1, "which cast and chat to play")
	fs.StringVar(&s.server.Password, "password", "", "password that clients must know")
	fs.StringVar(&auth, "auth", "off", "authentication: off, on or enforced")
	fs.StringVar(&s.server.Version, "version", "1.0.7", "Streamer.bot version to play")
	fs.BoolVar(&mute, "no-hello", false, "send no Hello, as servers before 0.2.5")
	fs.IntVar(&s.count, "count", 0, "send this many numbered chat lines, without loss, once somebody is subscribed")
	fs.IntVar(&s.repeat, "repeat", 1, "send each numbered line this often, the same frame each time")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return s, err
		}
		return s, usageError{err}
	}
	rated := false
	fs.Visit(func(f *flag.Flag) { rated = rated || f.Name == "rate" })
	if s.count > 0 && !rated {
		s.server.Rate = 0
	}
	modes := map[string]simulator.AuthMode{"off": simulator.AuthOff, "on": simulator.AuthOn, "enforced": simulator.AuthEnforced}
	mode, ok := modes[auth]
	s.server.Auth, s.server.Hello, s.server.Lossless = mode, !mute, s.count > 0
	switch {
	case !ok:
		return s, usageError{fmt.Errorf("--auth is off, on or enforced, not %q", auth)}
	case mute && mode != simulator.AuthOff:
		return s, usageError{errors.New("--no-hello needs --auth off: without Hello no client learns the challenge")}
	case s.server.Rate < 0 || s.count < 0 || s.repeat < 1 || fs.NArg() > 0:
		return s, usageError{errors.New("--rate and --count are not negative, --repeat is at least 1, and there are no arguments")}
	}
	return s, nil
}

// run serves until ctx ends, then closes all connections and returns nil.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set, err := parse(args, stderr)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", set.listen)
	if err != nil {
		return fmt.Errorf("simulator: listen on %s (--listen): %w", set.listen, err)
	}
	out := &facts{to: json.NewEncoder(stdout)}
	out.say(map[string]any{"listening": simulator.URL(l)})

	s := simulator.New(set.server)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var own sync.WaitGroup
	defer own.Wait()
	own.Go(func() { report(ctx, s, out) })
	own.Go(func() { number(ctx, s, set, out) })
	err = s.Serve(ctx, l)
	stop()
	return err
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
