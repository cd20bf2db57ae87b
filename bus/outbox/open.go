package outbox

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

const (
	defaultMaxBytes = 1 << 30
	defaultMaxBatch = 1024
	lockName        = "lock"
)

// Open opens the outbox in dir, made when missing, and reads all unpublished entries once to
// check them. Errors: ErrLocked, ErrCorrupt, and those of the file system.
func Open(dir string, opts Options) (*Outbox, error) {
	o := &Outbox{
		maxBytes: opts.MaxBytes, maxBatch: opts.MaxBatch, disk: opts.Disk, segment: opts.segmentSize,
		unlock: func() error { return nil },
		turn:   make(chan struct{}, 1), work: make(chan struct{}, 1),
		closing: make(chan struct{}), stopped: make(chan struct{}), broken: make(chan struct{}),
		space: make(signal), grown: make(signal),
	}
	if o.maxBytes <= 0 {
		o.maxBytes = defaultMaxBytes
	}
	if o.maxBatch <= 0 {
		o.maxBatch = defaultMaxBatch
	}
	if o.segment <= 0 {
		o.segment = segmentBytes
	}
	if o.disk == nil {
		if err := o.claim(dir); err != nil {
			return nil, err
		}
	}
	if err := o.restore(); err != nil {
		return nil, errors.Join(fmt.Errorf("outbox: open %s: %w", dir, err), o.release())
	}
	go o.run()
	return o, nil
}

// claim makes the directory and takes its lock, without waiting for it.
func (o *Outbox) claim(dir string) error {
	disk, err := openFolder(dir)
	if err != nil {
		return fmt.Errorf("outbox: make the directory: %w", err)
	}
	lock := flock.New(filepath.Join(string(disk), lockName), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("outbox: lock %s: %w", dir, err)
	}
	if !got {
		return fmt.Errorf("%w: another process works in %s; stop it, or give this one a directory of its own", ErrLocked, dir)
	}
	o.disk, o.unlock = disk, lock.Unlock
	return nil
}

// release closes all files and gives the directory back.
func (o *Outbox) release() error {
	o.files.Lock()
	defer o.files.Unlock()
	errs := []error{o.failed}
	for _, s := range o.segments {
		if s.file != nil {
			errs = append(errs, s.file.Close())
		}
	}
	if o.cursorFile != nil {
		errs = append(errs, o.cursorFile.Close())
	}
	return errors.Join(append(errs, o.unlock())...)
}
