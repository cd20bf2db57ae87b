package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// machine is where a run was made, and of what.
type machine struct {
	CPU    string    `json:"cpu"`
	Cores  int       `json:"cores"`
	Memory int64     `json:"memory_bytes"`
	System string    `json:"system"`
	Go     string    `json:"go"`
	Commit string    `json:"commit"`
	Load   string    `json:"load"`
	At     time.Time `json:"at"`
}

// thisMachine asks the system; what it does not tell is left empty.
func thisMachine(ctx context.Context) machine {
	m := machine{Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), At: time.Now().UTC().Truncate(time.Second)}
	m.CPU = afterColon("/proc/cpuinfo", "model name")
	kib, _ := strconv.ParseInt(strings.TrimSuffix(afterColon("/proc/meminfo", "MemTotal"), " kB"), 10, 64)
	m.Memory = kib << 10
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System += " " + strings.TrimSpace(string(release))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load, _, _ = strings.Cut(string(load), " ")
	}
	commit, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err == nil {
		m.Commit = strings.TrimSpace(string(commit))
	}
	return m
}

// afterColon reads the first "name : value" of a file of the system.
func afterColon(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (m machine) write(b *strings.Builder) {
	fmt.Fprintf(b, "Machine: %d cores of %s, %.0f GB, %s, %s; load %s when the run began, %s.\nCommit: %s.\n",
		m.Cores, m.CPU, float64(m.Memory)/1e9, m.System, m.Go, m.Load, m.At.Format("2006-01-02 15:04 UTC"), m.Commit)
}
