package streamerbot

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"promethean/schema"
)

// errEndless says that one frame was so long that the connection was given up.
var errEndless = errors.New("a frame went on without end")

// frame is one message as received.
type frame struct {
	// bytes are the frame's, the first schema.MaxFrame of them where it is longer.
	bytes []byte
	// size and sum are of all that was read; sum is only set when bytes are not.
	size int64
	sum  [sha256.Size]byte
}

func (f frame) whole() bool { return f.size == int64(len(f.bytes)) }

// frameReader reads frames with bounded memory: a frame of up to
// schema.MaxFrame into its own bytes, the rest of a longer one is hashed and
// forgotten.
type frameReader struct {
	scratch []byte
	// most is how many bytes of one frame are read before giving up.
	most int64
	// progress is called whenever bytes came.
	progress func()
	// isCut reports, at what seems the end of a frame, whether the connection
	// ended within it.
	isCut func() bool
}

const firstScratch = 16 << 10

// read reads r to its end. On an error the frame holds what came before it.
func (f *frameReader) read(r io.Reader) (frame, error) {
	n, err := f.fill(r)
	if err == nil && n > schema.MaxFrame {
		return f.readPast(r, n)
	}
	kept := min(n, schema.MaxFrame)
	got := frame{bytes: append(make([]byte, 0, kept), f.scratch[:kept]...), size: int64(n)}
	if !got.whole() {
		got.sum = sha256.Sum256(f.scratch[:n])
	}
	return got, err
}

// fill reads until the end or one byte more than a frame may have.
func (f *frameReader) fill(r io.Reader) (n int, err error) {
	if f.scratch == nil {
		f.scratch = make([]byte, firstScratch)
	}
	for n <= schema.MaxFrame {
		if n == len(f.scratch) {
			f.scratch = append(f.scratch, make([]byte, min(len(f.scratch), schema.MaxFrame+1-n))...)
		}
		got, err := r.Read(f.scratch[n:])
		n += got
		f.progress()
		if err == io.EOF && !f.isCut() {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// readPast goes on behind the n bytes in scratch with constant memory.
func (f *frameReader) readPast(r io.Reader, n int) (frame, error) {
	sum := sha256.New()
	sum.Write(f.scratch[:n])
	long := frame{bytes: append([]byte(nil), f.scratch[:schema.MaxFrame]...), size: int64(n)}
	var chunk [32 << 10]byte
	for {
		got, err := r.Read(chunk[:])
		sum.Write(chunk[:got])
		long.size += int64(got)
		f.progress()
		switch {
		case err == io.EOF && !f.isCut():
			sum.Sum(long.sum[:0])
			return long, nil
		case err == nil && long.size > f.most:
			err = fmt.Errorf("%w: over %d bytes", errEndless, f.most)
			fallthrough
		case err != nil:
			sum.Sum(long.sum[:0])
			return long, err
		}
	}
}
