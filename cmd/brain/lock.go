package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

const (
	lockName = "brain.lock"
	// ownerName holds the owner's process id: on Windows nobody can read a file
	// that is locked.
	ownerName = "brain.pid"
)

// lock takes the data directory for this process; one `brain up` a directory.
// The lock goes with the process, however it ends.
func lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w; BRAIN_DATA_DIR names another", err)
	}
	l := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	got, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
	}
	owner := filepath.Join(dir, ownerName)
	if !got {
		return nil, fmt.Errorf("another `brain up`%s works in %s: stop it, or give this one a directory of its own with BRAIN_DATA_DIR", ownerText(owner), dir)
	}
	if err := os.WriteFile(owner, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		_ = l.Unlock()
		return nil, fmt.Errorf("note the owner of the data directory: %w", err)
	}
	return func() {
		_ = os.Remove(owner)
		_ = l.Unlock()
	}, nil
}

// ownerText names the owner for a person; empty when it cannot be read.
func ownerText(owner string) string {
	text, err := os.ReadFile(owner)
	pid, convErr := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || convErr != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d)", pid)
}
