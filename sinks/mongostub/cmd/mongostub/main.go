// Command mongostub runs the stub as a process of its own, for the benchmark:
//
//	mongostub --listen 127.0.0.1:0 [--standalone] [--lean COLLECTION=FIELD,…]…
//
// It prints one line, ready and the address, on standard output when clients
// can connect, and stops at SIGTERM or an interrupt. Of a collection that
// --lean names only ids and the fields are kept. Faults are ordered over the
// wire, by the command configureFailPoint.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"promethean/sinks/mongostub"
)

var errUsage = errors.New("usage: mongostub --listen HOST:PORT [--standalone] [--lean COLLECTION=FIELD,…]")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "mongostub:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o := mongostub.Options{Lean: map[string][]string{}}
	flags := flag.NewFlagSet("mongostub", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:0", "address to listen on")
	flags.BoolVar(&o.Standalone, "standalone", false, "no replica set: no sessions, no retryable writes")
	flags.Func("lean", "a collection of which only ids and fields are kept: NAME=FIELD,…", func(s string) error {
		name, fields, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("want NAME=FIELD,… or NAME=")
		}
		o.Lean[name] = strings.FieldsFunc(fields, func(r rune) bool { return r == ',' })
		return nil
	})
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintln(stderr, errUsage)
		return errUsage
	}
	s, err := mongostub.Start(o)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, "ready", s.Addr()); err != nil {
		return errors.Join(err, s.Close())
	}
	<-ctx.Done()
	return s.Close()
}
