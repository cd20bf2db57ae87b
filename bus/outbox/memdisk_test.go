package outbox

import (
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
)

const sector = 512

var errPower = errors.New("power cut")

// memDisk is a directory in memory that forgets, at a power cut, what was not synced: any
// sectors of unsynced writes, in any order, and any unsynced names. It is stricter than real
// file systems, which order more than they promise.
type memDisk struct {
	mu      sync.Mutex
	rng     *rand.Rand
	names   map[string]*memFile
	durable map[string]*memFile
	renamed []naming
	budget  int // changes until the power goes; negative means it stays
	cut     bool
}

// naming is one unsynced creation, or removal when file is nil.
type naming struct {
	name string
	file *memFile
}

type memFile struct {
	current, durable []byte
	pending          []change
}

// change is one unsynced write, or a truncation when data is nil.
type change struct {
	off  int64
	data []byte
}

func (c change) apply(b []byte) []byte {
	if c.data == nil {
		return b[:min(int64(len(b)), c.off)]
	}
	if missing := c.off + int64(len(c.data)) - int64(len(b)); missing > 0 {
		b = append(b, make([]byte, missing)...)
	}
	copy(b[c.off:], c.data)
	return b
}

func newMemDisk(rng *rand.Rand) *memDisk {
	return &memDisk{rng: rng, names: map[string]*memFile{}, durable: map[string]*memFile{}, budget: -1}
}

// boot gives the disk to a new process; the one before can do nothing any more.
func (d *memDisk) boot() *memBoot {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cut, d.budget = false, -1
	return &memBoot{disk: d}
}

// cutAfter lets n more changes through; the next one may be half done, and nothing follows it.
func (d *memDisk) cutAfter(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.budget = n
}

func (d *memDisk) wasCut() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cut
}

// powerCut drops a random part of what was not synced.
func (d *memDisk) powerCut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := map[string]int{}
	for _, n := range d.renamed {
		left[n.name]++
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		left[name] = d.rng.IntN(left[name] + 1)
	}
	for _, n := range d.renamed {
		if left[n.name]--; left[n.name] < 0 {
			continue
		}
		if n.file == nil {
			delete(d.durable, n.name)
		} else {
			d.durable[n.name] = n.file
		}
	}
	d.renamed = nil
	d.names = maps.Clone(d.durable)
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		d.names[name].forget(d.rng)
	}
}

// forget keeps nothing, a torn prefix, or any sectors of the unsynced changes.
func (f *memFile) forget(rng *rand.Rand) {
	mode := rng.IntN(3)
	torn := rng.IntN(len(f.pending) + 1)
	for i, c := range f.pending {
		switch {
		case mode == 1 && i < torn:
			f.durable = c.apply(f.durable)
		case mode == 1 && i == torn && c.data != nil:
			f.durable = change{c.off, c.data[:rng.IntN(len(c.data)+1)]}.apply(f.durable)
		case mode == 2 && c.data == nil && rng.IntN(2) == 0:
			f.durable = c.apply(f.durable)
		case mode == 2 && c.data != nil:
			for s := 0; s < len(c.data); s += sector {
				if rng.IntN(4) > 0 {
					f.durable = change{c.off + int64(s), c.data[s:min(s+sector, len(c.data))]}.apply(f.durable)
				}
			}
		}
	}
	f.pending = nil
	f.current = slices.Clone(f.durable)
}

// memBoot is the disk as one process sees it.
type memBoot struct {
	disk *memDisk
	dead bool // guarded by disk.mu
}

func (b *memBoot) kill() {
	b.disk.mu.Lock()
	defer b.disk.mu.Unlock()
	b.dead = true
}

// change runs do unless the process is dead. The change that uses up the budget happens or
// not, and reports a failure either way.
func (b *memBoot) change(do func()) error {
	b.disk.mu.Lock()
	defer b.disk.mu.Unlock()
	switch {
	case b.dead:
		return errPower
	case b.disk.budget == 0:
		b.dead, b.disk.cut = true, true
		if b.disk.rng.IntN(2) == 0 {
			do()
		}
		return errPower
	case b.disk.budget > 0:
		b.disk.budget--
	}
	do()
	return nil
}

func (b *memBoot) Names() ([]string, error) {
	b.disk.mu.Lock()
	defer b.disk.mu.Unlock()
	return slices.Collect(maps.Keys(b.disk.names)), nil
}

func (b *memBoot) Open(name string) (File, error) {
	b.disk.mu.Lock()
	f := b.disk.names[name]
	b.disk.mu.Unlock()
	if f != nil {
		return memHandle{b, f}, nil
	}
	f = &memFile{}
	err := b.change(func() {
		b.disk.names[name] = f
		b.disk.renamed = append(b.disk.renamed, naming{name, f})
	})
	return memHandle{b, f}, err
}

func (b *memBoot) Remove(name string) error {
	return b.change(func() {
		delete(b.disk.names, name)
		b.disk.renamed = append(b.disk.renamed, naming{name, nil})
	})
}

func (b *memBoot) SyncDir() error {
	return b.change(func() {
		b.disk.durable = maps.Clone(b.disk.names)
		b.disk.renamed = nil
	})
}

type memHandle struct {
	boot *memBoot
	file *memFile
}

func (h memHandle) ReadAt(p []byte, off int64) (int, error) {
	h.boot.disk.mu.Lock()
	defer h.boot.disk.mu.Unlock()
	if off >= int64(len(h.file.current)) {
		return 0, io.EOF
	}
	n := copy(p, h.file.current[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (h memHandle) WriteAt(p []byte, off int64) (int, error) {
	err := h.boot.change(func() { h.add(change{off, slices.Clone(p)}) })
	return len(p), err
}

func (h memHandle) Truncate(size int64) error {
	return h.boot.change(func() { h.add(change{off: size}) })
}

func (h memHandle) add(c change) {
	h.file.current = c.apply(h.file.current)
	h.file.pending = append(h.file.pending, c)
}

func (h memHandle) Sync() error {
	return h.boot.change(func() {
		for _, c := range h.file.pending {
			h.file.durable = c.apply(h.file.durable)
		}
		h.file.pending = nil
	})
}

func (h memHandle) Size() (int64, error) {
	h.boot.disk.mu.Lock()
	defer h.boot.disk.mu.Unlock()
	return int64(len(h.file.current)), nil
}

func (h memHandle) Close() error { return nil }
