package streamerbot

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"promethean/schema"
)

// pattern is an endless reader of bytes that differ.
type pattern struct{ at byte }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = p.at
		p.at = p.at*5 + 1
	}
	return len(b), nil
}

func TestFrameSizes(t *testing.T) {
	for _, tt := range []struct {
		name  string
		size  int64
		whole bool
	}{
		{"empty", 0, true},
		{"one byte", 1, true},
		{"more than the first scratch", firstScratch + 1, true},
		{"the limit", schema.MaxFrame, true},
		{"one over the limit", schema.MaxFrame + 1, false},
		{"3 MiB", 3 << 20, false},
		{"20 MiB", 20 << 20, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			proofs := 0
			r := frameReader{most: defaultMaxRead, progress: func() { proofs++ }, isCut: func() bool { return false }}
			got, err := r.read(io.LimitReader(&pattern{}, tt.size))
			if err != nil {
				t.Fatal(err)
			}
			all, _ := io.ReadAll(io.LimitReader(&pattern{}, tt.size))
			want(t, got.whole(), tt.whole)
			want(t, got.size, tt.size)
			want(t, bytes.Equal(got.bytes, all[:min(len(all), schema.MaxFrame)]), true)
			want(t, proofs > 0, true)
			if !tt.whole {
				want(t, got.sum, sha256.Sum256(all))
			}
		})
	}
}

func TestLongFrameTakesBoundedMemory(t *testing.T) {
	r := frameReader{most: defaultMaxRead, progress: func() {}, isCut: func() bool { return false }}
	if _, err := r.read(io.LimitReader(&pattern{}, 3<<20)); err != nil { // grows the scratch
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := r.read(io.LimitReader(&pattern{}, 200<<20)); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 3<<20 {
		t.Errorf("a frame of 200 MiB took %d bytes of memory", took)
	}
}

func TestBrokenFrameKeepsWhatCame(t *testing.T) {
	r := frameReader{most: defaultMaxRead, progress: func() {}, isCut: func() bool { return false }}
	broken := errors.New("broken")
	got, err := r.read(io.MultiReader(bytes.NewReader([]byte(`{"a":`)), iotest.ErrReader(broken)))
	want(t, errors.Is(err, broken), true)
	want(t, string(got.bytes), `{"a":`)
}

// TestBrokenOverTheLimit: the reader's error comes with the one byte too many.
func TestBrokenOverTheLimit(t *testing.T) {
	r := frameReader{most: defaultMaxRead, progress: func() {}, isCut: func() bool { return false }}
	broken := errors.New("broken")
	all, _ := io.ReadAll(io.LimitReader(&pattern{}, schema.MaxFrame+1))
	got, err := r.read(iotest.DataErrReader(io.MultiReader(bytes.NewReader(all), iotest.ErrReader(broken))))
	want(t, errors.Is(err, broken), true)
	want(t, got.whole(), false)
	want(t, got.size, schema.MaxFrame+1)
	want(t, len(got.bytes), schema.MaxFrame)
	want(t, got.sum, sha256.Sum256(all))
}

func TestEndlessFrame(t *testing.T) {
	r := frameReader{most: 5 << 20, progress: func() {}, isCut: func() bool { return false }}
	got, err := r.read(&pattern{})
	want(t, errors.Is(err, errEndless), true)
	want(t, len(got.bytes), schema.MaxFrame)
}
