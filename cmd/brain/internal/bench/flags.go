package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

type usageError struct{ error }

// options are what a person asks for.
type options struct {
	Events    int      `json:"events"`
	Size      int      `json:"size"`
	Runs      int      `json:"runs"`
	Scenarios []string `json:"scenarios"`
	Command   string   `json:"command"`
	json      bool
	dir       string
	profile   string
}

// The figures that the targets are stated for.
const (
	fullEvents = 200_000
	fullSize   = 1024
	fullRuns   = 5
)

func (o options) chosen(name string) bool { return slices.Contains(o.Scenarios, name) }

// whole says whether a run is the one the targets are stated for.
func (o options) whole() bool {
	return o.Events == fullEvents && o.Size == fullSize && o.Runs == fullRuns
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{Command: strings.Join(append([]string{"bench"}, args...), " ")}
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { help(fs) }
	fs.IntVar(&o.Events, "events", fullEvents, "`events` in each run")
	fs.IntVar(&o.Size, "size", fullSize, "`bytes` of each frame")
	fs.IntVar(&o.Runs, "runs", fullRuns, "how `often` each side is measured; the median is told")
	fs.BoolVar(&o.json, "json", false, "print JSON in place of Markdown")
	fs.StringVar(&o.dir, "dir", "", "`folder` for temporary data, on the disk to be measured; the system's if not given")
	fs.StringVar(&o.profile, "profile", "", "write CPU and allocation profiles of the measured programs into `folder`")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, usageError{err}
	}
	o.Scenarios = fs.Args()
	known := []string{}
	for _, s := range scenarios() {
		known = append(known, s.name)
	}
	if len(o.Scenarios) == 0 {
		o.Scenarios = known
	}
	for _, name := range o.Scenarios {
		if !slices.Contains(known, name) {
			return o, usageError{fmt.Errorf("there is no scenario %q: choose of %s", name, strings.Join(known, ", "))}
		}
	}
	switch {
	case o.Events < 1 || o.Events > maxEvents:
		return o, usageError{fmt.Errorf("--events is from 1 to %d, not %d", maxEvents, o.Events)}
	case o.Size < leastSize || o.Size > mostSize:
		return o, usageError{fmt.Errorf("--size is from %d to %d bytes, not %d", leastSize, mostSize, o.Size)}
	case o.Runs < 1:
		return o, usageError{fmt.Errorf("--runs is at least 1, not %d", o.Runs)}
	}
	return o, nil
}

func help(fs *flag.FlagSet) {
	out := fs.Output()
	fmt.Fprint(out, `bench measures the programs side by side with bare loops and prints a table in Markdown.

  bench [flags] [scenario...]

  bench                                    everything, as docs/performance.md has it
  bench a                                  one scenario
  bench --events 20000 --runs 1 a b        a quick look; the table says that it is one
  bench --profile prof --runs 1 a          and where the time goes: go tool pprof prof/…
  make bench BENCH_ARGS='--runs 3 c'       the same through make

Scenarios:
`)
	for _, s := range scenarios() {
		fmt.Fprintf(out, "  %s   %s\n", s.name, s.what)
	}
	fmt.Fprint(out, "\nFlags:\n")
	fs.PrintDefaults()
}
