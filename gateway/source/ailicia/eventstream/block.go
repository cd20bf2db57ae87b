package eventstream

import (
	"bytes"
	"crypto/sha256"
	"hash"
)

// block is what has come of one event. Beyond limit its data are counted and
// hashed, not kept.
type block struct {
	limit int
	kind  string
	// has says that there was a data line, be it empty.
	has  bool
	data []byte
	size int64
	sum  hash.Hash
	// cut says that another field was over the limit, or that the event did not end.
	cut bool
	// spent counts the bytes of its lines, comments and unknown fields apart.
	spent int
}

// line begins a data line.
func (b *block) line() {
	if b.has {
		b.add([]byte{'\n'})
	}
	b.has = true
}

func (b *block) add(piece []byte) {
	b.size += int64(len(piece))
	room := b.limit - len(b.data)
	if b.sum == nil && len(piece) > room {
		b.sum = sha256.New()
		b.sum.Write(b.data)
	}
	if b.sum != nil {
		b.sum.Write(piece)
	}
	b.data = append(b.data, piece[:min(len(piece), room)]...)
}

// event is the block as an event, where it is one.
func (b *block) event() (Event, bool) {
	if !b.has {
		return Event{}, false
	}
	e := Event{Type: b.kind, Data: validBytes(b.data), Oversize: b.sum != nil || b.cut}
	if e.Oversize {
		e.Size = b.size
	}
	if e.Type == "" {
		e.Type = "message"
	}
	switch {
	case b.sum != nil:
		b.sum.Sum(e.SHA256[:0])
	case b.cut:
		e.SHA256 = sha256.Sum256(b.data)
	}
	return e, true
}

func contains(b []byte, c byte) bool { return bytes.IndexByte(b, c) >= 0 }
