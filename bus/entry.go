package bus

import (
	"encoding/binary"
	"errors"
	"fmt"

	"promethean/schema"
)

// A message in the outbox is: format byte 1, then subject, id, the number of
// header fields, each field's name and value, and the body; every text with its
// length (unsigned varint) before it. The outbox guards the bytes with a
// checksum, so one that does not read is our own corruption.

const entryFormat = 1

// ErrEntry: the outbox handed out bytes that this program cannot have written.
var ErrEntry = errors.New("outbox entry is corrupt or of a newer program")

func encodeEntry(m schema.Message) []byte {
	b := make([]byte, 0, len(m.Body)+len(m.Subject)+len(m.ID)+192)
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

func decodeEntry(b []byte) (schema.Message, error) {
	if len(b) == 0 || b[0] != entryFormat {
		return schema.Message{}, fmt.Errorf("%w: format", ErrEntry)
	}
	r := entryReader{b: b[1:]}
	m := schema.Message{Subject: string(r.text()), ID: string(r.text())}
	fields := r.number()
	for range fields {
		if r.bad {
			break
		}
		m.Header = append(m.Header, schema.HeaderField{Name: string(r.text()), Value: string(r.text())})
	}
	m.Body = r.text()
	if r.bad || len(r.b) != 0 {
		return schema.Message{}, fmt.Errorf("%w: length", ErrEntry)
	}
	return m, nil
}

type entryReader struct {
	b   []byte
	bad bool
}

func (r *entryReader) number() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[size:]
	return n
}

func (r *entryReader) text() []byte {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	text := r.b[:n:n]
	r.b = r.b[n:]
	return text
}
