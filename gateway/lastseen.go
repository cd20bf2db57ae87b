package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// lastSeen is a small file with the last time at which a source could see. It
// is written every few seconds: after a crash the gap is told a little too
// early, never too late.
type lastSeen struct{ path string }

// read gives the zero time when there is no file yet. A file that does not
// read is our own corruption and an error.
func (l lastSeen) read() (time.Time, error) {
	text, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("gateway: read %s: %w", l.path, err)
	}
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil {
		return time.Time{}, fmt.Errorf("gateway: %s does not hold a time; delete it to go on without the gap since the last run: %w", l.path, err)
	}
	return t, nil
}

// write replaces the file as a whole, so that a crash leaves the old or the
// new time.
func (l lastSeen) write(t time.Time) error {
	tmp, err := os.CreateTemp(filepath.Dir(l.path), "lastseen-*")
	if err != nil {
		return fmt.Errorf("gateway: write last seen: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(t.UTC().Format(time.RFC3339Nano) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("gateway: write last seen: %w", err)
	}
	return os.Rename(tmp.Name(), l.path)
}
