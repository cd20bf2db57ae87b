package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// lastSeen is a small file with the last time at which a source could see. It
// is written every few seconds: after a crash the gap is told a little too
// early, never too late.
type lastSeen struct{ path string }

// read gives the zero time when there is no file yet. A file that holds no
// time, as a power cut can leave it, counts by the time at which it was
// written: a few seconds of a gap are not worth a gateway that does not start.
// Errors are of the file system.
func (l lastSeen) read() (time.Time, error) {
	text, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("gateway: read last seen: %w", err)
	}
	if t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text))); err == nil {
		return t, nil
	}
	info, err := os.Stat(l.path)
	if err != nil {
		return time.Time{}, fmt.Errorf("gateway: read last seen: %w", err)
	}
	return info.ModTime(), nil
}

// write replaces the file. One goroutine calls it at a time.
func (l lastSeen) write(t time.Time) error {
	if err := replaceFile(l.path, t.UTC().Format(time.RFC3339Nano)+"\n"); err != nil {
		return fmt.Errorf("gateway: write last seen: %w", err)
	}
	return nil
}

// replaceFile replaces a file as a whole, so that a crash leaves the old or the
// new text. One goroutine calls it at a time: the file beside it has a fixed
// name, so that crashes leave no more than one behind.
func replaceFile(path, text string) error {
	beside := path + ".new"
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(beside, path); err != nil {
		return err
	}
	// The old text may come back without it: a gap is told longer, an event is
	// sent again. Neither is an error.
	_ = syncFolder(filepath.Dir(path))
	return nil
}

// syncFolder makes a rename last through a power cut. On Windows nobody can, and
// it does nothing.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
