package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/ops/run"
)

func TestTailBegins(t *testing.T) {
	server := bustest.Start(t)
	log := newLog(t, server)
	n := 400
	log.put(1, n)
	const all = 1 << 20
	for _, tt := range []struct {
		name  string
		args  []string
		shown int // of those that are there already
	}{
		{"with new ones only", []string{"chat.message", "--count", "1"}, 0},
		{"with the last ones", []string{"chat.message", "--last", "3"}, 3},
		{"with the last ones, far back", []string{"chat.message", "--last", "390"}, 390},
		{"with all, where there are fewer", []string{"chat.message", "--last", "1000"}, all},
		{"with the last ones of filters that overlap", []string{"chat.message", "promethean.p.twitch.t.*.events.*.message", "--last", "2"}, 2},
		{"with those since", []string{"chat.message", "--since", "1h"}, all},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := max(n-tt.shown+1, 1)
			r := startTail(t, server.URL(), append(tt.args, "--count", fmt.Sprint(n-from+2))...)
			if tt.shown > 0 {
				r.lines(t, n-from+1)
			} else {
				eventually(t, "a consumer", func() error {
					if len(consumers(t, log.js)) == 0 {
						return errors.New("none")
					}
					return nil
				})
			}
			n++
			log.put(n, n)
			if diff := cmp.Diff(numbers(from, n), r.lines(t, n-from+1)); diff != "" {
				t.Errorf("shown (-want +got):\n%s", diff)
			}
			if err := r.ends(t); err != nil {
				t.Error(err)
			}
			if names := consumers(t, log.js); len(names) > 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

// TestTailKeepsItsPlace: NATS stops and comes back, twice.
func TestTailKeepsItsPlace(t *testing.T) {
	server := bustest.Start(t)
	log := newLog(t, server)
	log.put(1, 5)
	r := startTail(t, server.URL(), "chat", "--last", "5", "--count", "30")
	r.lines(t, 5)
	for i := range 2 {
		server.Stop()
		r.says(t, "NATS is gone")
		server.Restart()
		eventually(t, "the log to be back", func() error {
			_, err := log.js.Stream(t.Context(), bus.StreamEvents)
			return err
		})
		log.put(6+10*i, 15+10*i)
		r.lines(t, 15+10*i)
	}
	log.put(26, 30)
	if diff := cmp.Diff(numbers(1, 30), r.lines(t, 30)); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	if err := r.ends(t); err != nil {
		t.Error(err)
	}
}

func TestTailWaitsForTheLog(t *testing.T) {
	server := bustest.Start(t)
	r := startTail(t, server.URL(), "chat")
	r.says(t, "there is no log on this NATS yet")
	newLog(t, server).put(1, 3)
	if diff := cmp.Diff(numbers(1, 3), r.lines(t, 3)); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	r.stop()
	if err := r.ends(t); err != nil {
		t.Error(err)
	}
	if n := strings.Count(r.stderr.String(), "there is no log"); n != 1 {
		t.Errorf("said %d times: %s", n, r.stderr.String())
	}
}

// TestTailCannotConnect: exit code 3, at once, with what to do.
func TestTailCannotConnect(t *testing.T) {
	server := bustest.Start(t)
	server.Stop()
	locked := bustest.Start(t)
	locked.Stop()
	locked.Login("ada", "secret")
	for _, tt := range []struct{ name, url, says string }{
		{"nobody there", server.URL(), "start `brain up`, or name the server with BRAIN_NATS_URL"},
		{"login refused", locked.URL(), "refuses the login: check BRAIN_NATS_USER"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := startTail(t, tt.url).ends(t)
			exit, ok := errors.AsType[*run.ExitError](err)
			if !ok || exit.Code != run.Unreachable || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestTailFlags(t *testing.T) {
	for _, args := range [][]string{
		{"--since", "yesterday"}, {"--since", "2999-01-01T00:00:00Z"}, {"--since", "-10m"}, {"--last", "-1"}, {"--last", "1", "--since", "1m"}, {"a b"},
	} {
		r := startTail(t, "nats://127.0.0.1:1", args...)
		if exit, ok := errors.AsType[*run.ExitError](r.ends(t)); !ok || exit.Code != run.Usage {
			t.Errorf("%v: %v", args, exit)
		}
	}
}

func TestOneLine(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"as it is", `{ "a" : 1 }`, `{ "a" : 1 }`},
		{"line ends between members", "{\"a\":1,\r\n\"b\":\"\\n\"}", `{"a":1,  "b":"\n"}`},
		{"no JSON", "a\nb", `"a\nb"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(oneLine([]byte(tt.in))); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestColours(t *testing.T) {
	for _, tt := range []struct {
		name    string
		environ []string
		want    int
	}{
		{"a plain terminal", []string{"TERM=xterm"}, 1},
		{"every colour", []string{"COLORTERM=truecolor"}, 2},
		{"not wanted", []string{"COLORTERM=truecolor", "NO_COLOR=1"}, 0},
		{"an empty wish is none", []string{"NO_COLOR="}, 1},
		{"dumb", []string{"TERM=dumb"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := colours(tt.environ); int(got) != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// TestTailOnATerminal: one line an event, in colours, cut to the width, and
// Ctrl-C ends it with 0.
func TestTailOnATerminal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows has no pseudo-terminals of this kind, so the terminal form was not tried")
	}
	server := bustest.Start(t)
	log := newLog(t, server)
	log.put(1, 1)
	cmd := exec.Command(filepath.Join(binDir, "brain"), "tail", "--last", "2")
	cmd.Env = []string{"BRAIN_NATS_URL=" + server.URL(), "TERM=xterm"}
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 20, Cols: 70})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var seen []byte
	for chunk := make([]byte, 4096); bytes.Count(seen, []byte("\n")) < 2; {
		n, err := terminal.Read(chunk)
		if err != nil {
			t.Fatalf("%v after %q", err, seen)
		}
		seen = append(seen, chunk[:n]...)
	}
	lines := strings.Split(string(seen), "\r\n")
	if !strings.HasSuffix(lines[0], ` {"username":"ada","messag…`) || !strings.Contains(lines[0], "\x1b[35mtwitch") {
		t.Errorf("passed through: %q", lines[0])
	}
	if !strings.HasSuffix(lines[1], "\x1b[1mada\x1b[0m: line 1") {
		t.Errorf("chat: %q", lines[1])
	}
	if _, err := terminal.Write([]byte{3}); err != nil { // Ctrl-C
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("Ctrl-C: %v", err)
	}
}

// TestTailIntoAClosedPipe ends quietly, as `brain tail | head -1` does.
func TestTailIntoAClosedPipe(t *testing.T) {
	server := bustest.Start(t)
	log := newLog(t, server)
	log.put(1, 1)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(binDir, "brain"), "tail", "--last", "2")
	var stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"BRAIN_NATS_URL=" + server.URL()}, write, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(write.Close(), read.Close()); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
		t.Errorf("%v, said %q", err, stderr.String())
	}
}
