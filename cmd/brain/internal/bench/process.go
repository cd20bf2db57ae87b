package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is one running child.
type process struct {
	name  string
	cmd   *exec.Cmd
	lines chan string
	// ended is closed when the process is gone and failure is set.
	ended   chan struct{}
	failure error
	stderr  tail
	// profiled, when set, is closed when profiles have been taken.
	profiled <-chan struct{}
}

// usage is what a process took, from its first instruction to its last.
type usage struct {
	// CPU is user and system time.
	CPU time.Duration
	// Peak is the most memory that was resident, in bytes; 0 where the system
	// does not tell.
	Peak int64
}

// mostLine is the longest line that a child prints: the notes of a tap.
const mostLine = 64 << 20

// stopTime is how long a child may take to end by itself.
const stopTime = 20 * time.Second

// start runs a program. What it prints on standard output is read line by line
// with line; of its standard error the end is kept for a failure.
func (b *bench) start(name string, env []string, path string, args ...string) (*process, error) {
	p := &process{name: name, cmd: exec.Command(path, args...), lines: make(chan string, 64), ended: make(chan struct{})}
	p.cmd.Env = append(cleanEnv(), env...)
	p.cmd.Dir, p.cmd.Stderr = b.dir, &p.stderr
	apart(p.cmd)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	b.mu.Lock()
	b.children = append(b.children, p)
	b.mu.Unlock()
	go p.reap(out)
	return p, nil
}

// child starts this program in one of its roles and waits for its ready line,
// whose rest it gives.
func (b *bench) child(ctx context.Context, name string, args ...string) (p *process, ready string, err error) {
	if p, err = b.start(name, nil, b.self, append([]string{name}, args...)...); err != nil {
		return nil, "", err
	}
	ready, err = p.line(ctx, "ready")
	return p, ready, err
}

// cleanEnv is the environment without this project's settings: a run measures
// the defaults and what it sets itself.
func cleanEnv() (env []string) {
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "BRAIN_") && !strings.HasPrefix(pair, "OTEL_") {
			env = append(env, pair)
		}
	}
	return env
}

func (p *process) reap(out io.Reader) {
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, mostLine)
	for scanner.Scan() {
		p.lines <- scanner.Text()
	}
	p.failure = p.cmd.Wait()
	close(p.ended)
}

// line waits for a line that begins with the word, and gives what follows it.
func (p *process) line(ctx context.Context, word string) (string, error) {
	for {
		select {
		case l := <-p.lines:
			if rest, ok := strings.CutPrefix(l, word); ok {
				return strings.TrimSpace(rest), nil
			}
		case <-p.ended:
			return "", fmt.Errorf("%s ended before it said %q: %w", p.name, word, p.died())
		case <-ctx.Done():
			return "", fmt.Errorf("%s has not said %q: %w", p.name, word, context.Cause(ctx))
		}
	}
}

// result waits for a child's result line and reads its JSON.
func (p *process) result(ctx context.Context, into any) error {
	text, err := p.line(ctx, "result")
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("result of %s: %w", p.name, err)
	}
	return nil
}

func (p *process) died() error {
	return fmt.Errorf("%v\n%s", p.failure, p.stderr.String())
}

// alive is nil while the process runs.
func (p *process) alive() error {
	select {
	case <-p.ended:
		return fmt.Errorf("%s ended too early: %w", p.name, p.died())
	default:
		return nil
	}
}

// end asks the process to end.
func (p *process) end() { _ = p.cmd.Process.Signal(syscall.SIGTERM) } // it may have ended just now; then Wait says so

// stop ends the process as Ctrl-C does and says what it took.
func (p *process) stop() (usage, error) {
	if err := p.alive(); err != nil {
		return usage{}, err
	}
	if p.profiled != nil {
		<-p.profiled
	}
	u := p.soFar()
	p.end()
	if !p.await(stopTime) {
		p.kill()
		return u, fmt.Errorf("%s did not end within %s and was killed", p.name, stopTime)
	}
	if p.failure != nil {
		return u, fmt.Errorf("%s: %w", p.name, p.died())
	}
	u.CPU = p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	return u, nil
}

// soFar is what a living process has taken.
func (p *process) soFar() usage {
	return usage{CPU: cpuOf(p.cmd.Process.Pid), Peak: peakOf(p.cmd.Process.Pid)}
}

// await reads the process empty until it ends.
func (p *process) await(most time.Duration) bool {
	late := time.After(most)
	for {
		select {
		case <-p.lines:
		case <-p.ended:
			return true
		case <-late:
			return false
		}
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // gone already is as good
	p.await(stopTime)
}

// peakOf reads the high-water mark of a living process. The ru_maxrss of its
// end would not do: between fork and exec a child counts its parent's memory.
func peakOf(pid int) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// cpuOf is the user and system time of a living process; 0 where the system
// does not tell.
func cpuOf(pid int) time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	// The fields are counted from the command's closing bracket (proc(5)): user
	// and system time are the 12th and 13th, in ticks of 10 ms.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if len(t.text) > 2*tailBytes {
		t.text = append([]byte(nil), t.text[len(t.text)-tailBytes:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.text))
}
