package outbox

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func testRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func FuzzDecodeBatch(f *testing.F) {
	f.Add(encodeBatch(7, 1, [][]byte{[]byte("one"), {}, []byte("three")}), uint64(7))
	f.Add(encodeBatch(0, 1<<63, [][]byte{bytes.Repeat([]byte("x"), 5000)}), uint64(0))
	f.Add([]byte("POB1"), uint64(7))
	f.Fuzz(func(t *testing.T, b []byte, salt uint64) {
		h, ok := decodeHeader(b, salt)
		if !ok || uint64(len(b)) < headerSize+uint64(h.body) {
			return
		}
		entries, ok := decodeBody(h, b[headerSize:headerSize+h.body])
		if !ok {
			return
		}
		datas := make([][]byte, len(entries))
		for i, e := range entries {
			datas[i] = e.Data
		}
		again := encodeBatch(salt, h.first, datas)
		n := headerSize + int(h.body)
		again, b = again[:n], bytes.Clone(b[:n])
		copy(b[24:28], make([]byte, 4)) // reserved, and covered only by the header's sum
		copy(again[28:32], b[28:32])
		if !bytes.Equal(again, b) {
			t.Errorf("%d entries do not encode to the batch they came from", len(entries))
		}
	})
}

// FuzzDecodeBody goes past the checksum, which random bytes would never pass.
func FuzzDecodeBody(f *testing.F) {
	f.Add(encodeBatch(0, 1, [][]byte{[]byte("one"), {}})[headerSize:headerSize+11], uint32(2))
	f.Add([]byte{255, 255, 255, 255}, uint32(1))
	f.Add([]byte{}, uint32(1<<32-1))
	f.Fuzz(func(t *testing.T, body []byte, count uint32) {
		entries, ok := decodeBody(header{first: 5, count: count, body: uint32(len(body)), sum: castagnoli(body)}, body)
		if !ok {
			return
		}
		total := 0
		for i, e := range entries {
			total += lengthSize + len(e.Data)
			if e.Index != 5+uint64(i) {
				t.Errorf("entry %d has index %d", i, e.Index)
			}
		}
		if total != len(body) || len(entries) != int(count) {
			t.Errorf("%d entries of %d bytes from %d of %d", len(entries), total, count, len(body))
		}
	})
}

func FuzzDecodeCursor(f *testing.F) {
	f.Add(cursor{seq: 1}.encode())
	f.Add(cursor{seq: 9, published: 3, last: 1 << 40}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, ok := decodeCursor(b); ok && !bytes.Equal(c.encode()[:cursorSize], b[:cursorSize]) {
			t.Errorf("%+v does not encode to the bytes it came from", c)
		}
	})
}

func TestCursorSurvivesATornSlot(t *testing.T) {
	d := newMemDisk(testRand(1)).boot()
	f, err := d.Open(cursorName)
	if err != nil {
		t.Fatal(err)
	}
	for seq := range uint64(5) {
		if err := writeCursor(f, cursor{seq: seq + 1, published: seq, last: seq}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.WriteAt([]byte("torn"), 4096+20); err != nil {
		t.Fatal(err)
	}
	got, ok, err := readCursor(f)
	want := cursor{seq: 4, published: 3, last: 3}
	if err != nil || !ok || got != want {
		t.Errorf("got %s, %v, %v", cmp.Diff(want, got, cmp.AllowUnexported(cursor{})), ok, err)
	}
}

func BenchmarkPut(b *testing.B) {
	o, err := Open(b.TempDir(), Options{MaxBytes: 8 << 30})
	if err != nil {
		b.Fatal(err)
	}
	defer o.Close()
	flight := make(chan struct{}, 256)
	entry := bytes.Repeat([]byte("x"), 1024)
	done := func(err error) {
		if err != nil {
			b.Error(err)
		}
		<-flight
	}
	b.SetBytes(1024)
	for b.Loop() {
		flight <- struct{}{}
		if err := o.Put(context.Background(), entry, done); err != nil {
			b.Fatal(err)
		}
		if s := o.Stats(); s.Entries > 100_000 {
			if err := o.Published(s.Last); err != nil {
				b.Fatal(err)
			}
		}
	}
	for range cap(flight) {
		flight <- struct{}{}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
