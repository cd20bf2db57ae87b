package outbox

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBlockedPutsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, "memory", Options{Disk: newMemDisk(nil).boot(), MaxBytes: blockSize})
		defer o.Close()
		put(t, o, []byte("first"))
		if err := o.Put(t.Context(), make([]byte, blockSize), nil); !errors.Is(err, ErrTooLarge) {
			t.Fatal(err)
		}
		want := []string{}
		for i := range 10 {
			name := fmt.Sprintf("blocked %d", i)
			want = append(want, fmt.Sprintf("%d %s", i+2, name))
			go func() {
				if err := o.Put(t.Context(), []byte(name), nil); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		got := []string{}
		for after := uint64(1); after < 11; { // each round makes room for the next ones
			if err := o.Published(after); err != nil {
				t.Fatal(err)
			}
			entries, err := o.Next(t.Context(), after, 100, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				got = append(got, fmt.Sprintf("%d %s", e.Index, e.Data))
				after = e.Index
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestGivingUpEndsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t, "memory", Options{Disk: newMemDisk(nil).boot(), MaxBytes: 2 * blockSize})
		defer o.Close()
		put(t, o, []byte("half full"))
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		started := time.Now()
		go func() { result <- o.Put(ctx, make([]byte, 5000), nil) }()
		synctest.Wait()
		if got := o.Stats().FullSince; !got.Equal(started) {
			t.Errorf("a put waits for room, FullSince is %v", got)
		}
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if got := o.Stats().FullSince; !got.IsZero() {
			t.Errorf("nobody waits and there is room, but FullSince is %v", got)
		}
	})
}

// A kill between the write of the cursor and its fsync leaves a trim that only the system's
// memory knows. Segments may not be removed on its word and then outlive it.
func TestCursorIsDurableBeforeItIsTrusted(t *testing.T) {
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			disk := newMemDisk(testRand(seed))
			first := disk.boot()
			o := open(t, "memory", Options{Disk: first, segmentSize: blockSize})
			for range 3 {
				put(t, o, []byte("entry"))
			}
			first.kill()
			if err := o.Close(); !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			f, err := disk.boot().Open(cursorName)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt(cursor{seq: 2, published: 2, last: 3}.encode(), 0); err != nil {
				t.Fatal(err)
			}
			second := disk.boot()
			o = open(t, "memory", Options{Disk: second})
			second.kill()
			if err := o.Close(); err != nil {
				t.Fatal(err) // nothing changed, so there was nothing to write
			}
			disk.powerCut()
			o, err = Open("memory", Options{Disk: disk.boot()})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			defer o.Close()
			if got := o.First(); got != 3 {
				t.Errorf("First() = %d, want 3", got)
			}
		})
	}
}
