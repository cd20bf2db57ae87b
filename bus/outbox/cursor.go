package outbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	cursorName  = "cursor"
	cursorMagic = "POC1"
	cursorSize  = 32
)

// cursor is what one slot of the cursor file says.
type cursor struct {
	seq       uint64 // counts the writes; the higher of the two slots is the newer
	published uint64 // indexes up to here need not be kept
	last      uint64 // an index that was durable when this was written
}

func (c cursor) encode() []byte {
	b := make([]byte, cursorSize, blockSize)
	copy(b, cursorMagic)
	binary.LittleEndian.PutUint64(b[4:], c.seq)
	binary.LittleEndian.PutUint64(b[12:], c.published)
	binary.LittleEndian.PutUint64(b[20:], c.last)
	binary.LittleEndian.PutUint32(b[28:], castagnoli(b[:28]))
	return b[:blockSize]
}

func decodeCursor(b []byte) (cursor, bool) {
	if len(b) < cursorSize || string(b[:4]) != cursorMagic ||
		binary.LittleEndian.Uint32(b[28:]) != castagnoli(b[:28]) {
		return cursor{}, false
	}
	c := cursor{
		seq:       binary.LittleEndian.Uint64(b[4:]),
		published: binary.LittleEndian.Uint64(b[12:]),
		last:      binary.LittleEndian.Uint64(b[20:]),
	}
	return c, c.seq > 0 && c.published <= c.last
}

// readCursor gives the newer valid slot, or false when there is none. It syncs first: after a
// kill the newest slot may be in memory only, and segments are removed on its word.
func readCursor(f File) (cursor, bool, error) {
	if err := f.Sync(); err != nil {
		return cursor{}, false, fmt.Errorf("sync %s: %w", cursorName, err)
	}
	var newest cursor
	found := false
	for slot := range int64(2) {
		b := make([]byte, cursorSize)
		if _, err := f.ReadAt(b, slot*blockSize); err != nil && !errors.Is(err, io.EOF) {
			return cursor{}, false, fmt.Errorf("read %s: %w", cursorName, err)
		}
		if c, ok := decodeCursor(b); ok && c.seq > newest.seq {
			newest, found = c, true
		}
	}
	return newest, found, nil
}

// writeCursor writes c durably to the slot that does not hold the one before it, so a torn
// write leaves that one readable.
func writeCursor(f File, c cursor) error {
	if _, err := f.WriteAt(c.encode(), int64(c.seq%2)*blockSize); err != nil {
		return fmt.Errorf("write %s: %w", cursorName, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", cursorName, err)
	}
	return nil
}
