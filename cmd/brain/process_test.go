package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds every wait for a fact; a test that needs it has failed.
const patience = 300 * time.Second

type processKey struct{}

// processes are the programs that one script has running.
type processes struct {
	dir string
	mu  sync.Mutex
	run map[string]*process
}

type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
	out  string
}

// start runs a program in the background; both its outputs go to <id>.out.
func (p *processes) start(id string, env []string, args ...string) (*process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	path, err := lookPath(args[0])
	if err != nil {
		return nil, err
	}
	run := &process{cmd: exec.Command(path, args[1:]...), done: make(chan struct{}), out: filepath.Join(p.dir, id+".out")}
	out, err := os.OpenFile(run.out, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	run.cmd.Stdout, run.cmd.Stderr, run.cmd.Env, run.cmd.Dir = out, out, env, p.dir
	if err := run.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { run.err = run.cmd.Wait(); close(run.done) }()
	if p.run == nil {
		p.run = map[string]*process{}
	}
	p.run[id] = run
	return run, nil
}

func lookPath(name string) (string, error) {
	if path := filepath.Join(binDir, name); programs[name] != "" {
		return path, nil
	}
	return exec.LookPath(name)
}

func (p *processes) get(id string) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.run[id]
}

func (p *processes) killAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, run := range p.run {
		run.kill9()
	}
}

func (r *process) kill9() {
	_ = r.cmd.Process.Kill()
	<-r.done
}

// tell logs what each program wrote last.
func (p *processes) tell(t *testing.T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, run := range p.run {
		if out, err := os.ReadFile(run.out); err == nil {
			t.Logf("%s wrote:\n%s", id, tail(out))
		}
	}
}

// interrupt sends the signal of Ctrl-C and says the exit code and how long it
// took.
func (r *process) interrupt() (code int, took time.Duration, err error) {
	began := time.Now()
	if err := r.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return 0, 0, err
	}
	select {
	case <-r.done:
	case <-time.After(patience):
		return 0, 0, errors.New("does not end")
	}
	return r.cmd.ProcessState.ExitCode(), time.Since(began), nil
}

// waitOutput waits until the program has written what matches.
func (r *process) waitOutput(match *regexp.Regexp) error {
	deadline := time.Now().Add(patience)
	for {
		out, err := os.ReadFile(r.out)
		if err == nil && match.Match(out) {
			return nil
		}
		select {
		case <-r.done:
			return errors.New("ended before it wrote what was waited for:\n" + tail(out))
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return errors.New("did not write what was waited for:\n" + tail(out))
		}
	}
}

func tail(b []byte) string {
	lines := bytes.Split(b, []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-30):], []byte("\n")))
}

// eventually waits for a fact that nothing announces.
func eventually(t fataler, what string, fact func() error) {
	deadline := time.Now().Add(patience)
	for {
		err := fact()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s: %v", what, err)
		}
		<-time.After(25 * time.Millisecond)
	}
}

func readAll(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, 16<<20)) }

func running(ts *testscript.TestScript, id string) *process {
	run := ts.Value(processKey{}).(*processes).get(id)
	if run == nil {
		ts.Fatalf("no program %q was started", id)
	}
	return run
}

// start ID PROGRAM [ARG...]: runs it in the background, with the script's
// environment.
func cmdStart(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start ID PROGRAM [ARG...]")
	}
	if _, err := ts.Value(processKey{}).(*processes).start(args[0], scriptEnv(ts), args[1:]...); err != nil {
		ts.Fatalf("start %s: %v", args[0], err)
	}
}

// scriptVariables are what programs take from the environment in scripts.
var scriptVariables = []string{
	"PATH", "HOME", "BRAIN_NATS_URL", "BRAIN_MONGO_URI", "BRAIN_STREAMERBOT_URL", "BRAIN_STREAMERBOT_PASSWORD",
	"BRAIN_STREAMERBOT_PASSWORD_FILE", "BRAIN_NATS_LISTEN", "BRAIN_STORE_LISTEN", "BRAIN_HTTP_ADDR",
	"BRAIN_STREAMERBOT_ACTIONS", "BRAIN_SIM_STREAMERBOT_LISTEN", "BRAIN_SIM_RATE", "BRAIN_SIM_SEED", "BRAIN_NATS_MAX_BYTES", "BRAIN_DATA_DIR", "BRAIN_TENANT", "BRAIN_ONLY",
}

func scriptEnv(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range scriptVariables {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ready ID REGEXP: waits until the program has written what matches.
func cmdReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ready ID REGEXP")
	}
	if err := running(ts, args[0]).waitOutput(regexp.MustCompile("(?m)" + args[1])); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
}

// kill9 ID...: ends the programs as a power cut would.
func cmdKill9(ts *testscript.TestScript, neg bool, args []string) {
	for _, id := range args {
		running(ts, id).kill9()
	}
}

// interrupt ID [CODE]: presses Ctrl-C; the program must end within 5 s with the
// code, 0 if none is given.
func cmdInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: interrupt ID [CODE]")
	}
	want := 0
	if len(args) == 2 {
		var err error
		if want, err = strconv.Atoi(args[1]); err != nil {
			ts.Fatalf("%v", err)
		}
	}
	run := running(ts, args[0])
	code, took, err := run.interrupt()
	out, _ := os.ReadFile(run.out)
	if err != nil || code != want || took > 5*time.Second {
		ts.Fatalf("%s ended with code %d after %s (%v), want %d within 5s:\n%s", args[0], code, took, err, want, tail(out))
	}
}

// until CODE REGEXP PROGRAM [ARG...]: runs it again and again until it ends with
// that code and a line of what it writes matches; that goes to the file "body".
func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: until CODE REGEXP PROGRAM [ARG...]")
	}
	match := regexp.MustCompile("(?m)" + args[1])
	path, err := lookPath(args[2])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	eventually(ts, strings.Join(args[2:], " ")+" to say "+args[1], func() error {
		cmd := exec.Command(path, args[3:]...)
		cmd.Env, cmd.Dir = scriptEnv(ts), ts.Getenv("WORK")
		out, _ := cmd.CombinedOutput() // the code is looked at
		if code := cmd.ProcessState.ExitCode(); fmt.Sprint(code) != args[0] || !match.Match(out) {
			return fmt.Errorf("code %d:\n%s", code, out)
		}
		return os.WriteFile(ts.MkAbs("body"), out, 0o600)
	})
}
