package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own program be the children.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if _, ok := roles()[os.Args[1]]; ok {
			main()
			return
		}
	}
	os.Exit(m.Run())
}

// Every scenario runs, with few events: nothing here depends on speed. Each
// run reads log and store back, so a table that comes also says that every line
// was there, once and in order.
func TestEveryScenarioFillsItsTables(t *testing.T) {
	dir := t.TempDir()
	var out, progress bytes.Buffer
	err := execute(t.Context(), []string{"--events", "40", "--runs", "1", "--json", "--dir", dir}, &out, &progress)
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, table := range r.Tables {
		rows[table.Title[:1]] += len(table.Rows)
		for _, row := range table.Rows {
			for name, figure := range row.Figures {
				if figure.Median <= 0 && name != "late_ms" && name != "cpu_seconds_per_100k" {
					t.Errorf("%s, %s: %s is %v", table.Title, row.What, name, figure.Median)
				}
			}
		}
	}
	for name, want := range map[string]int{"a": 12, "b": 18, "c": 6, "d": 4} {
		if rows[name] != want {
			t.Errorf("scenario %s has %d rows, want %d", name, rows[name], want)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// An interrupt ends every child and removes what was written.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b, err := newBench(ctx, options{Events: 100_000, Size: fullSize, Runs: 1, dir: t.TempDir()}, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	failed := make(chan error, 1)
	go func() {
		_, err := b.messages(ctx)
		failed <- err
	}()
	// Server, sender and gateway.
	err = until(t.Context(), func() (bool, error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.children) == 3, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	children := b.children
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the run ended with %v", err)
	}
	b.close()
	for _, p := range children {
		if p.alive() == nil {
			t.Errorf("%s still runs", p.name)
		}
	}
	if _, err := os.Stat(b.dir); !os.IsNotExist(err) {
		t.Errorf("the temporary folder: %v", err)
	}
}

func TestProfilesAreTaken(t *testing.T) {
	dir := t.TempDir()
	b, err := newBench(t.Context(), options{Events: 20, Size: fullSize, Runs: 1, dir: t.TempDir(), profile: dir}, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	b.scenario = "a"
	if _, _, err := b.roadOurs(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a-gateway-fsync-always.cpu.pprof", "a-gateway-fsync-always.allocs.pprof"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
}

func TestFrames(t *testing.T) {
	for _, size := range []int{leastSize, fullSize, 70_000} {
		for _, n := range []int{1, 77, 123_456_789} {
			at := time.Date(2026, 11, 24, 20, 15, 22, 123_456_700, time.FixedZone("", 3600))
			frame := appendFrame(nil, n, size, at)
			if len(frame) != size || !json.Valid(frame) {
				t.Errorf("frame %d has %d bytes, want %d, valid: %t", n, len(frame), size, json.Valid(frame))
			}
			if got, ok := numberIn(frame); !ok || got != n {
				t.Errorf("frame %d says it is %d", n, got)
			}
			m, err := sealed(n, size)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := numberIn(m.Data); !ok || got != n || m.Subject != chatSubject {
				t.Errorf("event %d says it is %d on %s", n, got, m.Subject)
			}
		}
	}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{name: "no such scenario", args: []string{"z"}, want: `no scenario "z"`},
		{name: "no events", args: []string{"--events", "0"}, want: "--events"},
		{name: "a frame too small", args: []string{"--size", "10"}, want: "--size"},
		{name: "no runs", args: []string{"--runs", "0"}, want: "--runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.args, new(bytes.Buffer))
			if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}
