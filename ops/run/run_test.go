package run_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"promethean/ops/run"
)

// TestMain also plays the program whose signals are tested.
func TestMain(m *testing.M) {
	mode := os.Getenv("RUN_TEST_MODE")
	if mode == "" {
		os.Exit(m.Run())
	}
	os.Exit(run.Main("program", os.Stderr, func(ctx context.Context) error { return program(ctx, mode) }))
}

func program(ctx context.Context, mode string) error {
	os.Stdout.WriteString("up\n")
	<-ctx.Done()
	os.Stdout.WriteString("draining\n")
	switch mode {
	case "hangs":
		select {}
	case "gives the interruption":
		return fmt.Errorf("tail: %w", ctx.Err())
	case "fails while it drains":
		return errors.Join(ctx.Err(), errors.New("the outbox cannot be written"))
	case "says it is partly done":
		return &run.ExitError{Code: run.Partly, Err: fmt.Errorf("3 of 5: %w", ctx.Err())}
	}
	return nil
}

func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows cannot send a process an interrupt, so signals and their exit codes were not tried")
	}
	for _, c := range []struct {
		mode    string
		signals []os.Signal
		code    int
		stderr  string
	}{
		{"drains", []os.Signal{os.Interrupt}, run.OK, ""},
		{"drains", []os.Signal{syscall.SIGTERM}, run.OK, ""},
		{"gives the interruption", []os.Signal{os.Interrupt}, run.OK, ""},
		{"fails while it drains", []os.Signal{os.Interrupt}, run.Failed, "program: context canceled\nthe outbox cannot be written\n"},
		{"says it is partly done", []os.Signal{os.Interrupt}, run.Partly, "program: 3 of 5: context canceled\n"},
		{"hangs", []os.Signal{os.Interrupt, os.Interrupt}, run.CutOff, ""},
		{"hangs", []os.Signal{syscall.SIGTERM, os.Interrupt}, run.CutOff, ""},
	} {
		t.Run(fmt.Sprint(c.mode, c.signals), func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "RUN_TEST_MODE="+c.mode)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			pipe, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(pipe)
			for _, s := range c.signals {
				// Each line says that the program has come so far.
				if _, err := lines.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
				if err := cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = io.Copy(io.Discard, lines)
			_ = cmd.Wait() // the code is judged, not the error
			if got := cmd.ProcessState.ExitCode(); got != c.code || stderr.String() != c.stderr {
				t.Errorf("exit code %d, want %d; stderr %q", got, c.code, stderr.String())
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		code   int
		stderr string
	}{
		{"nothing wrong", nil, run.OK, ""},
		{"an error", errors.New("no disk"), run.Failed, "brain: no disk\n"},
		{"a code of its own, wrapped", fmt.Errorf("doctor: %w", &run.ExitError{Code: run.Unreachable, Err: errors.New("nobody there")}), run.Unreachable, "brain: doctor: nobody there\n"},
		{"a code alone is silent", &run.ExitError{Code: run.Partly}, run.Partly, ""},
		{"cancelled by nobody", context.Canceled, run.Failed, "brain: context canceled\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stderr bytes.Buffer
			if got := run.Main("brain", &stderr, func(context.Context) error { return c.err }); got != c.code || stderr.String() != c.stderr {
				t.Errorf("exit code %d, want %d; stderr %q", got, c.code, stderr.String())
			}
		})
	}
}

func TestGroupEndsTogether(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	g, ctx := run.NewGroup(t.Context())
	ended := false
	g.Go(func() error { return nil })
	g.Go(func() error {
		<-ctx.Done()
		ended = true
		return second
	})
	g.Go(func() error { return first })
	err := g.Wait()
	if !ended || !errors.Is(err, first) || !errors.Is(err, second) {
		t.Errorf("%v, ended %v", err, ended)
	}
	if got := context.Cause(ctx); got != first {
		t.Errorf("the cause is %v", got)
	}
}

// A member that is done leaves the others alone.
func TestGroupGoesOnAfterAMemberIsDone(t *testing.T) {
	g, ctx := run.NewGroup(t.Context())
	done := make(chan struct{})
	g.Go(func() error { close(done); return nil })
	g.Go(func() error { <-done; return ctx.Err() })
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if ctx.Err() == nil {
		t.Error("the members' context outlives the group")
	}
}
