package outbox

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// world is what the outside knows of one outbox over many crashes.
type world struct {
	rng       *rand.Rand
	disk      *memDisk
	wrap      func(Disk) Disk
	made      int      // entries ever made, so that each is its own
	durable   [][]byte // what the last recovery found or had published, by index-1
	puts      [][]byte // queued since then
	mu        sync.Mutex
	answers   []answer // of done, in the order of the calls
	published uint64
	clean     bool // the last end was a Close that succeeded
}

type answer struct {
	put int
	err error
}

// checkSchedule runs a random schedule of puts, trims, crashes and recoveries and says what
// the outbox did that it must not.
func checkSchedule(seed uint64, wrap func(Disk) Disk) error {
	rng := rand.New(rand.NewPCG(seed, 7))
	w := &world{rng: rng, disk: newMemDisk(rand.New(rand.NewPCG(seed, 8))), wrap: wrap}
	for range 8 {
		if err := w.life(); err != nil {
			return fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return nil
}

// life is one process: open, check, work, end.
func (w *world) life() error {
	boot := w.disk.boot()
	if w.rng.IntN(3) == 0 {
		w.disk.cutAfter(w.rng.IntN(10))
	}
	o, err := Open("memory", Options{Disk: w.wrap(boot), MaxBatch: 1 + w.rng.IntN(5), segmentSize: 64 << 10})
	if err != nil {
		if !w.disk.wasCut() {
			return fmt.Errorf("open: %w", err)
		}
		w.disk.powerCut()
		return nil
	}
	err = w.check(o)
	if err == nil {
		err = w.work(o)
	}
	return w.end(boot, o, err)
}

// check compares what the outbox hands out with what it may hand out: all that was accepted
// and not published, then perhaps the start of what was queued, byte for byte.
func (w *world) check(o *Outbox) error {
	expected := append(w.durable, w.puts...)
	accepted := len(w.durable)
	for _, a := range w.answers {
		if a.err == nil {
			accepted++
		}
	}
	first, last := o.First(), o.Stats().Last
	if last < uint64(accepted) || last > uint64(len(expected)) {
		return fmt.Errorf("last is %d, accepted %d, put %d", last, accepted, len(expected))
	}
	if first > w.published+1 || (w.clean && first != w.published+1) {
		return fmt.Errorf("first is %d, published only %d", first, w.published)
	}
	for at := first; at <= last; {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		entries, err := o.Next(ctx, at-1, 1+w.rng.IntN(4), 1+w.rng.IntN(20_000))
		cancel()
		if err != nil {
			return fmt.Errorf("next after %d of %d: %w", at-1, last, err)
		}
		for _, e := range entries {
			if e.Index != at || !bytes.Equal(e.Data, expected[at-1]) {
				return fmt.Errorf("entry %d came as %d, altered or in another's place", at, e.Index)
			}
			at++
		}
	}
	w.durable, w.puts, w.answers, w.clean = expected[:last:last], nil, nil, false
	w.published = first - 1
	return nil
}

func (w *world) work(o *Outbox) error {
	for range w.rng.IntN(40) {
		switch w.rng.IntN(10) {
		case 0:
			synctest.Wait()
		case 1:
			<-time.After(trimInterval)
		case 2:
			if to := w.published + w.rng.Uint64N(o.Stats().Last-w.published+1); o.Published(to) == nil {
				w.published = max(w.published, to)
			}
		case 3:
			if w.rng.IntN(4) == 0 {
				w.disk.cutAfter(w.rng.IntN(6))
			}
		default:
			w.put(o)
		}
	}
	return w.checkOrder()
}

func (w *world) put(o *Outbox) {
	w.made++
	data := bytes.Repeat([]byte{byte(w.made)}, w.rng.IntN(9000))
	data = fmt.Appendf(data, "entry %d", w.made)
	n := len(w.puts)
	err := o.Put(context.Background(), data, func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.answers = append(w.answers, answer{n, err})
	})
	if err == nil {
		w.puts = append(w.puts, data)
	}
}

func (w *world) checkOrder() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	failed := false
	for i, a := range w.answers {
		if a.put != i {
			return fmt.Errorf("done number %d was for put %d", i, a.put)
		}
		if failed && a.err == nil {
			return fmt.Errorf("put %d accepted after a failure", i)
		}
		failed = failed || a.err != nil
	}
	return nil
}

// end stops the process in one of three ways; found is an error that came before.
func (w *world) end(boot *memBoot, o *Outbox, found error) error {
	way := w.rng.IntN(3)
	if way > 0 {
		boot.kill()
	}
	err := o.Close()
	if found != nil {
		return found
	}
	if err := w.checkOrder(); err != nil {
		return err
	}
	if len(w.answers) != len(w.puts) {
		return fmt.Errorf("%d puts got %d answers", len(w.puts), len(w.answers))
	}
	if way == 0 && !w.disk.wasCut() {
		if err != nil {
			return fmt.Errorf("close: %w", err)
		}
		w.clean = true
	}
	if way != 1 { // 1 is a kill: the system keeps what it has
		w.disk.powerCut()
	}
	return nil
}

func TestForgetfulDisk(t *testing.T) {
	seeds := uint64(400)
	if testing.Short() {
		seeds = 100
	}
	for seed := range seeds {
		synctest.Test(t, func(t *testing.T) {
			if err := checkSchedule(seed, func(d Disk) Disk { return d }); err != nil {
				t.Error(err)
			}
		})
	}
}

// caught says whether any of the seeds shows the mutation to the checker.
func caught(t *testing.T, wrap func(Disk) Disk) bool {
	for seed := range uint64(300) {
		var err error
		synctest.Test(t, func(*testing.T) { err = checkSchedule(seed, wrap) })
		if err != nil {
			t.Log(err)
			return true
		}
	}
	return false
}

type noSyncDisk struct{ Disk }

func (d noSyncDisk) Open(name string) (File, error) {
	f, err := d.Disk.Open(name)
	return noSyncFile{f}, err
}

type noSyncFile struct{ File }

func (noSyncFile) Sync() error { return nil }

type noSyncDirDisk struct{ Disk }

func (noSyncDirDisk) SyncDir() error { return nil }

func TestForgetfulDiskCatchesMissingSync(t *testing.T) {
	if !caught(t, func(d Disk) Disk { return noSyncDisk{d} }) {
		t.Error("an outbox that never syncs its files went unnoticed: the schedules prove nothing")
	}
}

func TestForgetfulDiskCatchesMissingDirSync(t *testing.T) {
	if !caught(t, func(d Disk) Disk { return noSyncDirDisk{d} }) {
		t.Error("an outbox that never syncs its directory went unnoticed: the schedules prove nothing")
	}
}
