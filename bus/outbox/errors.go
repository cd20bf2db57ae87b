package outbox

import (
	"errors"
	"fmt"
)

var (
	// ErrClosed is returned by everything after Close.
	ErrClosed = errors.New("outbox: closed")

	// ErrLocked is returned by Open while another process, or another Outbox of this one, has
	// the directory. Nothing was touched.
	ErrLocked = errors.New("outbox: already in use")

	// ErrCorrupt is wrapped by Open and Next when accepted entries are damaged or missing. The
	// files are left as they are.
	ErrCorrupt = errors.New("outbox: corrupt")

	// ErrTooLarge is wrapped by Put for an entry that could never fit, however long it waited.
	ErrTooLarge = errors.New("outbox: entry too large")
)

func corrupt(name string, off int64, what string) error {
	return fmt.Errorf("%w: %s at byte %d: %s; accepted events in it can't be read: "+
		"check the disk, restore the directory from a backup, or move it away to start empty", ErrCorrupt, name, off, what)
}
