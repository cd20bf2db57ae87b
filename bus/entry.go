package bus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"promethean/schema"
)

// A message in the outbox is: format byte 1, then subject, id, the number of
// header fields, each field's name and value, and the body; every text with its
// length (unsigned varint) before it. The outbox guards the bytes with a
// checksum, so one that does not read is our own corruption.

const entryFormat = 1

// ErrEntry: the outbox handed out bytes that this program cannot have written.
var ErrEntry = errors.New("outbox entry is corrupt or of a newer program")

func appendEntry(b []byte, m schema.Message) []byte {
	b = slices.Grow(b, len(m.Body)+len(m.Subject)+len(m.ID)+192)
	b = append(b, entryFormat)
	b = appendText(b, m.Subject)
	b = appendText(b, m.ID)
	b = binary.AppendUvarint(b, uint64(len(m.Header)))
	for _, f := range m.Header {
		b = appendText(appendText(b, f.Name), f.Value)
	}
	b = binary.AppendUvarint(b, uint64(len(m.Body)))
	return append(b, m.Body...)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeEntry gives the message whose body shares b's memory; its texts are cut
// from one copy of what comes before the body.
func decodeEntry(b []byte) (schema.Message, error) {
	if len(b) == 0 || b[0] != entryFormat {
		return schema.Message{}, fmt.Errorf("%w: format", ErrEntry)
	}
	r := entryReader{b: b, at: 1}
	r.text()
	r.text()
	fields := r.number()
	for i := uint64(0); i < fields && !r.bad; i++ {
		r.text()
		r.text()
	}
	r.head = string(b[:r.at])
	from, to := r.span()
	if r.bad || to != len(b) {
		return schema.Message{}, fmt.Errorf("%w: length", ErrEntry)
	}
	m := schema.Message{Body: b[from:to:to]}
	r.at = 1
	m.Subject, m.ID = r.text(), r.text()
	if fields = r.number(); fields > 0 {
		m.Header = make([]schema.HeaderField, fields)
	}
	for i := range m.Header {
		m.Header[i] = schema.HeaderField{Name: r.text(), Value: r.text()}
	}
	return m, nil
}

// entryReader walks over an entry twice: first to see that it is whole, then,
// with head set, to cut its texts.
type entryReader struct {
	b    []byte
	at   int
	head string
	bad  bool
}

func (r *entryReader) number() uint64 {
	n, size := binary.Uvarint(r.b[r.at:])
	if size <= 0 {
		r.bad, r.at = true, len(r.b)
		return 0
	}
	r.at += size
	return n
}

// span is where the next text is.
func (r *entryReader) span() (from, to int) {
	n := r.number()
	if n > uint64(len(r.b)-r.at) {
		r.bad, r.at = true, len(r.b)
		return r.at, r.at
	}
	from = r.at
	r.at += int(n)
	return from, r.at
}

// text is the next one; empty on the first walk.
func (r *entryReader) text() string {
	from, to := r.span()
	if r.head == "" {
		return ""
	}
	return r.head[from:to]
}
