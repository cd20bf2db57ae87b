package outbox

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Disk is the one directory an outbox lives in. It has four methods, not three, because each
// is one system call whose durability the outbox depends on: folding SyncDir into another
// would hide it from the test double that forgets what wasn't synced. An outbox calls it from
// two goroutines at once.
type Disk interface {
	// Names lists the files of the directory in any order.
	Names() ([]string, error)
	// Open opens a file for reading and writing and creates it when missing. A created file
	// may be gone after a power cut until SyncDir has returned.
	Open(name string) (File, error)
	// Remove deletes a file that is closed. It may be back after a power cut until SyncDir
	// has returned.
	Remove(name string) error
	// SyncDir makes every Open and Remove before it durable.
	SyncDir() error
}

// File is an open file. WriteAt and Truncate are durable once Sync has returned nil; before,
// any part of them may survive a power cut. After an error of Sync nothing about them is known.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
}

// folder is the Disk of the operating system.
type folder string

// openFolder makes the directory, private to the user because it holds chat.
func openFolder(dir string) (folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return folder(dir), makeDir(dir)
}

// makeDir is os.MkdirAll whose result survives a power cut.
func makeDir(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, a directory is needed", dir)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

func (d folder) Names() ([]string, error) {
	found, err := os.ReadDir(string(d))
	names := make([]string, 0, len(found))
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names, err
}

func (d folder) Open(name string) (File, error) {
	f, err := os.OpenFile(filepath.Join(string(d), name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (d folder) Remove(name string) error { return os.Remove(filepath.Join(string(d), name)) }

func (d folder) SyncDir() error { return syncDir(string(d)) }

type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
