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

// ExitError is an error with the exit code it means. Without Err nothing is
// printed: what failed has been said already.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// Main runs f with a context that ends at the first interrupt or SIGTERM, and
// returns the exit code. A second signal ends the process at once with 130.
// An error is printed once. That f was interrupted is no error.
func Main(program string, stderr io.Writer, f func(context.Context) error) int {
	ctx, cancel := context.WithCancel(context.Background())
	// Room for both: a signal that nobody waits for yet must not be lost.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() { obey(signals, cancel, ended) })
	err := f(ctx)
	interrupted := ctx.Err() != nil
	close(ended)
	watch.Wait()
	signal.Stop(signals)
	cancel()
	return exitCode(program, stderr, err, interrupted)
}

// obey waits for signals until ended.
func obey(signals <-chan os.Signal, cancel func(), ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-signals:
		cancel()
	}
	select {
	case <-ended:
	case <-signals:
		os.Exit(CutOff)
	}
}

func exitCode(program string, stderr io.Writer, err error, interrupted bool) int {
	if err == nil || interrupted && onlyCancelled(err) {
		return OK
	}
	exit, ok := errors.AsType[*ExitError](err)
	if !ok || exit.Err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", program, err)
	}
	if ok {
		return exit.Code
	}
	return Failed
}

// onlyCancelled reports whether err is a cancellation and nothing beside it: in
// a joined error another may be a failure.
func onlyCancelled(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if err == context.Canceled {
			return true
		}
		if _, ok := err.(*ExitError); ok {
			return false
		}
	}
	return false
}
