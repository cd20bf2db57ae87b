package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// bench is one run of the program: its children and its temporary files.
type bench struct {
	options
	machine machine
	// self is this program, for its roles; dir holds everything that is written.
	self, dir string
	progress  io.Writer
	began     time.Time
	// scenario is the one that runs.
	scenario string

	mu       sync.Mutex
	children []*process
}

// products are the programs that take part, built as `make build` does.
var products = map[string]string{
	"gateway":   "promethean/gateway/cmd/gateway",
	"sinks":     "promethean/sinks/cmd/sinks",
	"servers":   "promethean/cmd/brain/internal/servers",
	"mongostub": "promethean/sinks/mongostub/cmd/mongostub",
}

func newBench(ctx context.Context, o options, progress io.Writer) (*bench, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	dir, err := os.MkdirTemp(o.dir, "brain-bench-*")
	if err == nil {
		// Children work in it, so its name must mean the same there.
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder (--dir chooses where): %w", err)
	}
	b := &bench{options: o, self: self, dir: dir, progress: progress, machine: thisMachine(ctx), began: time.Now()}
	if b.profile != "" {
		if b.profile, err = filepath.Abs(b.profile); err == nil {
			err = os.MkdirAll(b.profile, 0o755)
		}
	}
	if err != nil {
		b.close()
		return nil, fmt.Errorf("make the folder for profiles: %w", err)
	}
	return b, nil
}

// program builds one of the products, the first time that it is asked for, and
// gives its path.
func (b *bench) program(ctx context.Context, name string) (string, error) {
	path := filepath.Join(b.dir, "bin", name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	b.say("building %s", name)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, products[name])
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s (run this inside the repository): %w\n%s", name, err, out)
	}
	return path, nil
}

// startProgram runs one of the products.
func (b *bench) startProgram(ctx context.Context, name string, env []string, args ...string) (*process, error) {
	path, err := b.program(ctx, name)
	if err != nil {
		return nil, err
	}
	return b.start(name, env, path, args...)
}

// close ends every child that still runs and removes what was written.
func (b *bench) close() {
	b.mu.Lock()
	children := b.children
	b.children = nil
	b.mu.Unlock()
	for _, p := range children {
		p.kill()
	}
	if err := os.RemoveAll(b.dir); err != nil {
		b.say("the temporary folder is not gone: %v", err)
	}
}

// folder makes a new one for a child's data.
func (b *bench) folder(name string) (string, error) { return os.MkdirTemp(b.dir, name+"-*") }

// say tells how far the bench is.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "%6s  %s\n", time.Since(b.began).Round(time.Second), fmt.Sprintf(format, args...))
}

// until asks for a fact every few milliseconds; the processes must live meanwhile.
func until(ctx context.Context, fact func() (bool, error), alive ...*process) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if ok, err := fact(); ok || err != nil {
			return err
		}
		for _, p := range alive {
			if err := p.alive(); err != nil {
				return err
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// pollEvery is how exact the end of a run is known.
const pollEvery = 5 * time.Millisecond
