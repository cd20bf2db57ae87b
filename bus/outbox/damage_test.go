package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// crashed makes the directory that a kill leaves behind after three entries, each its own
// batch, before any cursor was written. It gives the bytes of the segment too.
func crashed(t *testing.T) (cursorFile []byte, name string, data []byte) {
	t.Helper()
	dir := t.TempDir()
	o := open(t, dir, Options{})
	fresh, err := os.ReadFile(filepath.Join(dir, cursorName))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		put(t, o, fmt.Appendf(nil, "entry %d %s", i+1, strings.Repeat("x", 1000)))
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	data, err = os.ReadFile(found[0])
	if err != nil || len(data) != 3*blockSize {
		t.Fatal(len(data), err)
	}
	return fresh, filepath.Base(found[0]), data
}

// lay writes an outbox directory.
func lay(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTornTailAtEveryLength(t *testing.T) {
	cursorFile, name, data := crashed(t)
	dir := t.TempDir()
	for cut := 2 * blockSize; cut <= len(data); cut++ {
		lay(t, dir, map[string][]byte{cursorName: cursorFile, name: data[:cut]})
		o, err := Open(dir, Options{})
		if err != nil {
			t.Fatalf("cut at byte %d: %v", cut, err)
		}
		want := uint64(2)
		if cut == len(data) {
			want = 3
		}
		got := o.Stats().Last
		entries, err := o.Next(t.Context(), got-1, 1, 1<<20)
		if err != nil || got != want || !bytes.HasPrefix(entries[0].Data, fmt.Appendf(nil, "entry %d ", want)) {
			t.Fatalf("cut at byte %d: last %d, want %d, %v", cut, got, want, err)
		}
		if cut%512 == 1 { // a torn end must not get in the way of what comes next
			put(t, o, []byte("after"))
			if diff := cmp.Diff([]string{"3 after"}, texts(t, o, 2)); diff != "" {
				t.Fatalf("cut at byte %d (-want +got):\n%s", cut, diff)
			}
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamageIsCorruption(t *testing.T) {
	cursorFile, name, data := crashed(t)
	flipped := func(b []byte, at int) []byte {
		b = bytes.Clone(b)
		b[at] ^= 1
		return b
	}
	cases := []struct {
		name  string
		files map[string][]byte
	}{
		{"no cursor", map[string][]byte{name: data}},
		{"no segment", map[string][]byte{cursorName: cursor{seq: 1, last: 3}.encode()}},
		{"a later segment only", map[string][]byte{cursorName: cursorFile, segmentName(9, 1): nil}},
		{"a hole between segments", map[string][]byte{cursorName: cursorFile, name: data, segmentName(5, 1): nil}},
		{"two segments at one index", map[string][]byte{cursorName: cursorFile, name: data, segmentName(1, 1): nil}},
		{"torn before another segment", map[string][]byte{cursorName: cursorFile, name: data[:len(data)-1], segmentName(4, 1): nil}},
		{"misnamed segment", map[string][]byte{cursorName: cursorFile, name: data, "1.log": nil}},
		{"last batch lost after a cursor knew it", map[string][]byte{
			cursorName: cursor{seq: 2, last: 3}.encode(), name: data[:2*blockSize]}},
		{"last batch flipped after a cursor knew it", map[string][]byte{
			cursorName: cursor{seq: 2, last: 3}.encode(), name: flipped(data, 2*blockSize+100)}},
	}
	used := headerSize + lengthSize + len("entry 2 ") + 1000
	for at := blockSize; at < blockSize+used; at += 7 {
		cases = append(cases, struct {
			name  string
			files map[string][]byte
		}{fmt.Sprintf("flip in the middle at %d", at), map[string][]byte{cursorName: cursorFile, name: flipped(data, at)}})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			lay(t, dir, tc.files)
			o, err := Open(dir, Options{})
			if err == nil {
				o.Close()
			}
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("open gave %v", err)
			}
			for file, data := range tc.files {
				left, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil || !bytes.Equal(left, data) {
					t.Errorf("%s was changed by the refused open: %v", file, err)
				}
			}
		})
	}
}

func TestHeaderInsideAnEntryIsNotABatch(t *testing.T) {
	cursorFile, name, _ := crashed(t)
	_, salt, _ := parseSegmentName(name)
	forged := encodeBatch(salt+1, 99, [][]byte{[]byte("forged")})
	entry := append(make([]byte, blockSize-headerSize-lengthSize), forged...)
	torn := encodeBatch(salt, 1, [][]byte{entry})
	dir := t.TempDir()
	lay(t, dir, map[string][]byte{cursorName: cursorFile, name: torn[:len(torn)-1]})
	if got := open(t, dir, Options{}).Stats().Last; got != 0 {
		t.Errorf("a torn only batch gave %d entries", got)
	}
}

func TestFlipWhileRunning(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, Options{})
	put(t, o, []byte("one"))
	put(t, o, []byte("two"))
	found, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	f, err := os.OpenFile(found[0], os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("X"), blockSize+headerSize+lengthSize); err != nil {
		t.Fatal(err)
	}
	entries, err := o.Next(t.Context(), 0, 10, 1<<20)
	if err != nil || len(entries) != 1 || string(entries[0].Data) != "one" {
		t.Errorf("the whole entry before: %v, %v", entries, err)
	}
	if _, err := o.Next(t.Context(), 1, 10, 1<<20); !errors.Is(err, ErrCorrupt) {
		t.Errorf("the damaged entry: %v", err)
	}
}

func TestFailedDiskAcceptsNothingMore(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after int // changes that work: 0 fails the write, 1 the fsync
	}{{"write", 0}, {"fsync", 1}} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rng := testRand(1)
				disk := newMemDisk(rng)
				o := open(t, "memory", Options{Disk: disk.boot()})
				put(t, o, []byte("safe"))
				disk.cutAfter(tc.after)
				done := make(chan error, 1)
				if err := o.Put(t.Context(), []byte("doomed"), func(err error) { done <- err }); err != nil {
					t.Fatal(err)
				}
				if err := <-done; !errors.Is(err, errPower) {
					t.Errorf("done got %v", err)
				}
				never := func(error) { t.Error("done was called for an entry that was not queued") }
				if err := o.Put(t.Context(), []byte("later"), never); !errors.Is(err, errPower) {
					t.Errorf("put after the failure: %v", err)
				}
				if diff := cmp.Diff([]string{"1 safe"}, texts(t, o, 0)); diff != "" {
					t.Errorf("what is durable (-want +got):\n%s", diff)
				}
				if _, err := o.Next(t.Context(), 1, 1, 1); !errors.Is(err, errPower) {
					t.Errorf("next after the last: %v", err)
				}
				if err := o.Close(); !errors.Is(err, errPower) {
					t.Errorf("close: %v", err)
				}
				if s := o.Stats(); s.Last != 1 || s.Accepted != 1 {
					t.Errorf("stats after the failure: %+v", s)
				}
			})
		})
	}
}
