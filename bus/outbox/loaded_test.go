package outbox

import (
	"bytes"
	"testing"
)

// A reader may hold what it was given until it has published it, and no longer.
func TestMemoryOfWhatIsNotPublishedIsLeftAlone(t *testing.T) {
	o := open(t, t.TempDir(), Options{MaxBatch: 1})
	put(t, o, []byte("one"))
	put(t, o, []byte("two"))
	held, err := o.Next(t.Context(), 0, 2, 1<<20)
	if err != nil || len(held) != 2 {
		t.Fatal(held, err)
	}
	if err := o.Published(1); err != nil {
		t.Fatal(err)
	}
	put(t, o, []byte("six"))
	put(t, o, []byte("ten"))
	next, err := o.Next(t.Context(), 2, 2, 1<<20)
	if err != nil || len(next) != 2 {
		t.Fatal(next, err)
	}
	if got := string(held[1].Data); got != "two" {
		t.Errorf("an entry that is not published became %q", got)
	}
	if &held[0].Data[0] != &next[0].Data[0] {
		t.Error("the memory of a published entry was not used again")
	}
}

func TestLoadedIsBoundedAndForgets(t *testing.T) {
	var l loadedBatches
	for i := range uint64(3 * loadedCount) {
		l.keep(loadedBatch{first: i + 1, last: i + 1, buf: make([]byte, blockSize)})
	}
	l.keep(loadedBatch{first: 5000, last: 5000, buf: make([]byte, loadedBytes)})
	if len(l.list) != 1 || l.bytes != loadedBytes {
		t.Errorf("%d batches of %d bytes are kept", len(l.list), l.bytes)
	}
	l.forget(4999)
	if l.bytes != loadedBytes {
		t.Error("what is not published was forgotten")
	}
	text := l.take(10, 4999)
	if bytes.Equal(text, nil) || l.bytes != loadedBytes {
		t.Error("memory of what is not published was given away")
	}
	l.forget(5000)
	if len(l.list) != 0 || l.bytes != 0 {
		t.Error("published text stays in memory")
	}
}
