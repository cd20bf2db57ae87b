// Package run is the programs' life: signals, exit codes, and a group that
// ends only when all its members have ended.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Exit codes of all programs.
const (
	OK          = 0
	Failed      = 1
	Usage       = 2
	Unreachable = 3
	Partly      = 4
	CutOff      = 130
)

// ExitError is an error with the exit code it means.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }
func (e *ExitError) Unwrap() error { return e.Err }

// Main runs f with a context that ends at the first interrupt or SIGTERM, and
// returns the exit code. A second signal ends the process at once with 130.
// An error is printed once.
func Main(program string, stderr io.Writer, f func(context.Context) error) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(CutOff)
	}()
	err := f(ctx)
	if err == nil {
		return OK
	}
	fmt.Fprintf(stderr, "%s: %v\n", program, err)
	var exit *ExitError
	if errors.As(err, &exit) {
		return exit.Code
	}
	return Failed
}

// Group runs members side by side. The first that ends with an error ends the
// others' context.
type Group struct {
	cancel context.CancelCauseFunc
	wait   sync.WaitGroup
	mu     sync.Mutex
	errs   []error
}

// NewGroup gives a group and the context of its members.
func NewGroup(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

// Go starts a member.
func (g *Group) Go(f func() error) {
	g.wait.Go(func() {
		if err := f(); err != nil {
			g.mu.Lock()
			g.errs = append(g.errs, err)
			g.mu.Unlock()
			g.cancel(err)
		}
	})
}

// Wait returns when every member has, with all errors.
func (g *Group) Wait() error {
	g.wait.Wait()
	g.cancel(nil)
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(g.errs...)
}
