package outbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T, dir string, opts Options) *Outbox {
	t.Helper()
	o, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.Close() })
	return o
}

// put waits until the entry is durable.
func put(t *testing.T, o *Outbox, data []byte) {
	t.Helper()
	done := make(chan error, 1)
	if err := o.Put(t.Context(), data, func(err error) { done <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// texts reads all durable entries after an index.
func texts(t *testing.T, o *Outbox, after uint64) []string {
	t.Helper()
	var got []string
	for last := o.Stats().Last; after < last; {
		entries, err := o.Next(t.Context(), after, 3, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			got = append(got, fmt.Sprintf("%d %s", e.Index, e.Data))
			after = e.Index
		}
	}
	return got
}

func TestManyProducers(t *testing.T) {
	const producers, each = 16, 200
	o := open(t, t.TempDir(), Options{MaxBatch: 32})
	var mu sync.Mutex
	var acknowledged []string
	var producing, answered sync.WaitGroup
	answered.Add(producers * each)
	for p := range producers {
		producing.Go(func() {
			for n := range each {
				name := fmt.Sprintf("%02d/%03d", p, n)
				err := o.Put(t.Context(), []byte(name), func(err error) {
					defer answered.Done()
					mu.Lock()
					defer mu.Unlock()
					acknowledged = append(acknowledged, fmt.Sprintf("%d %s", len(acknowledged)+1, name))
					if err != nil {
						t.Errorf("done(%s): %v", name, err)
					}
				})
				if err != nil {
					t.Errorf("put %s: %v", name, err)
					answered.Done()
				}
			}
		})
	}
	producing.Wait()
	answered.Wait()
	stored := texts(t, o, 0)
	if diff := cmp.Diff(stored, acknowledged); diff != "" {
		t.Errorf("done order is not index order (-stored +done):\n%s", diff)
	}
	next := map[string]int{}
	for _, s := range stored {
		_, name, _ := strings.Cut(s, " ")
		producer, n, _ := strings.Cut(name, "/")
		if n != fmt.Sprintf("%03d", next[producer]) {
			t.Fatalf("producer %s: %s came when %03d was due", producer, n, next[producer])
		}
		next[producer]++
	}
	if got := o.Stats().Accepted; got != producers*each || len(stored) != producers*each {
		t.Errorf("accepted %d, stored %d, want %d", got, len(stored), producers*each)
	}
}

func TestRestartResumes(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, Options{})
	for i := range 5 {
		put(t, o, fmt.Append(nil, "e", i+1))
	}
	if err := o.Published(2); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	o = open(t, dir, Options{})
	put(t, o, []byte("e6"))
	if got := o.First(); got != 3 {
		t.Errorf("First() = %d, want 3", got)
	}
	want := []string{"3 e3", "4 e4", "5 e5", "6 e6"}
	if diff := cmp.Diff(want, texts(t, o, o.First()-1)); diff != "" {
		t.Errorf("after the restart (-want +got):\n%s", diff)
	}
	s := o.Stats()
	if s.Entries != 4 || s.Last != 6 || s.Accepted != 1 {
		t.Errorf("stats %+v", s)
	}
}

func TestNextLimits(t *testing.T) {
	o := open(t, t.TempDir(), Options{})
	for _, n := range []int{10, 10, 5000, 10} {
		put(t, o, make([]byte, n))
	}
	for _, tc := range []struct {
		name              string
		after             uint64
		entries, maxBytes int
		want              []uint64
	}{
		{"entries", 0, 1, 1 << 20, []uint64{1}},
		{"bytes", 0, 10, 25, []uint64{1, 2}},
		{"bytes exactly", 0, 10, 5020, []uint64{1, 2, 3}},
		{"one over the bytes alone", 2, 10, 100, []uint64{3}},
		{"no limit given still gives one", 0, 0, 0, []uint64{1}},
		{"what there is", 3, 10, 1 << 20, []uint64{4}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			entries, err := o.Next(t.Context(), tc.after, tc.entries, tc.maxBytes)
			if err != nil {
				t.Fatal(err)
			}
			var got []uint64
			for _, e := range entries {
				got = append(got, e.Index)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFullBlocksAndPublishedUnblocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, "memory", Options{Disk: newMemDisk(nil).boot(), MaxBytes: 2 * blockSize})
		defer o.Close()
		put(t, o, make([]byte, 100))
		put(t, o, make([]byte, 100))
		full := time.Now()
		if s := o.Stats(); !s.FullSince.Equal(full) || s.Bytes != s.MaxBytes {
			t.Errorf("full outbox: %+v", s)
		}
		queued := make(chan error, 1)
		go func() { queued <- o.Put(t.Context(), []byte("third"), nil) }()
		<-time.After(time.Minute)
		select {
		case err := <-queued:
			t.Fatalf("put into a full outbox returned %v", err)
		default:
		}
		if !o.Stats().FullSince.Equal(full) {
			t.Errorf("FullSince moved to %v", o.Stats().FullSince)
		}
		if err := o.Published(1); err != nil {
			t.Fatal(err)
		}
		if err := <-queued; err != nil {
			t.Errorf("put after room was made: %v", err)
		}
		if err := o.Published(2); err != nil {
			t.Fatal(err)
		}
		if s := o.Stats(); !s.FullSince.IsZero() {
			t.Errorf("still full after everything was published: %+v", s)
		}
	})
}

func TestCancelledPutIsNotQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, "memory", Options{Disk: newMemDisk(nil).boot(), MaxBytes: blockSize})
		defer o.Close()
		put(t, o, make([]byte, 100))
		never := func(error) { t.Error("done was called for an entry that was not queued") }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		results := make(chan error, 2)
		for range 2 { // one at the head of the line, one behind it
			go func() { results <- o.Put(ctx, []byte("late"), never) }()
		}
		for range 2 {
			if err := <-results; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("blocked put returned %v", err)
			}
		}
		if err := o.Put(ctx, []byte("late"), never); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("put with an ended context returned %v", err)
		}
		if _, err := o.Next(ctx, 1, 1, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("next with an ended context returned %v", err)
		}
		if err := o.Put(t.Context(), make([]byte, 2*blockSize), never); !errors.Is(err, ErrTooLarge) {
			t.Errorf("put of an entry that never fits returned %v", err)
		}
	})
}

func TestCloseDrains(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, Options{MaxBatch: 4})
	accepted := 0
	queued := 0
	for range 50 {
		err := o.Put(t.Context(), []byte("x"), func(err error) {
			if err == nil {
				accepted++
			}
		})
		if err == nil {
			queued++
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if accepted != 50 || queued != 50 {
		t.Errorf("queued %d, accepted %d, want 50", queued, accepted)
	}
	_, next := o.Next(t.Context(), 0, 1, 1)
	for name, err := range map[string]error{
		"put": o.Put(t.Context(), []byte("x"), nil), "next": next, "published": o.Published(1),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after close: %v", name, err)
		}
	}
	if err := o.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if got := open(t, dir, Options{}).Stats().Last; got != 50 {
		t.Errorf("after close and open the last entry is %d, want 50", got)
	}
}

func TestCloseFreesTheBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, "memory", Options{Disk: newMemDisk(nil).boot(), MaxBytes: blockSize})
		put(t, o, make([]byte, 100))
		results := make(chan error, 3)
		for range 2 {
			go func() { results <- o.Put(t.Context(), []byte("late"), nil) }()
		}
		go func() {
			_, err := o.Next(t.Context(), 1, 1, 1)
			results <- err
		}()
		synctest.Wait()
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		for range 3 {
			if err := <-results; !errors.Is(err, ErrClosed) {
				t.Errorf("blocked call returned %v", err)
			}
		}
	})
}

func TestSecondOpenIsLocked(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second open: %v", err)
	}
	put(t, o, []byte("the first is unharmed"))
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
}

func TestLargeEntriesAndSegments(t *testing.T) {
	dir := t.TempDir()
	o := open(t, dir, Options{})
	for i := range 5 {
		data := make([]byte, 7<<20)
		data[0], data[len(data)-1] = byte(i), byte(i)
		put(t, o, data)
	}
	if got := segmentsIn(t, dir); got != 3 {
		t.Errorf("35 MiB are in %d segments, want 3", got)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	o = open(t, dir, Options{})
	for i := range 5 {
		entries, err := o.Next(t.Context(), uint64(i), 10, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		data := entries[0].Data
		if len(entries) != 1 || len(data) != 7<<20 || data[0] != byte(i) || data[len(data)-1] != byte(i) {
			t.Errorf("entry %d came back wrong", i+1)
		}
	}
}

func segmentsIn(t *testing.T, dir string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// grep counts the files of a directory that hold text.
func grep(t *testing.T, dir, text string) (hits int) {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		hits += strings.Count(string(data), text)
	}
	return hits
}

func TestPublishedTextLeavesTheDisk(t *testing.T) {
	for _, tc := range []struct {
		name string
		end  func(*testing.T, *Outbox)
	}{
		{"at close", func(t *testing.T, o *Outbox) {
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		}},
		{"when quiet", func(*testing.T, *Outbox) {
			<-time.After(2*trimInterval + time.Millisecond)
			synctest.Wait()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				o := open(t, dir, Options{})
				defer o.Close()
				put(t, o, []byte("a secret of the chat"))
				if grep(t, dir, "secret") != 1 {
					t.Fatal("the entry is not on disk, the test looks in the wrong place")
				}
				if err := o.Published(1); err != nil {
					t.Fatal(err)
				}
				tc.end(t, o)
				if n := grep(t, dir, "secret"); n != 0 {
					t.Errorf("%d copies are still on disk", n)
				}
			})
		})
	}
}

func TestPublishedBeyondTheLast(t *testing.T) {
	o := open(t, t.TempDir(), Options{})
	put(t, o, []byte("one"))
	if err := o.Published(2); err == nil {
		t.Error("an entry that does not exist was published")
	}
	if err := errors.Join(o.Published(1), o.Published(0)); err != nil {
		t.Error(err)
	}
	if got := o.First(); got != 2 {
		t.Errorf("First() = %d, want 2: a lower value must not bring entries back", got)
	}
}
