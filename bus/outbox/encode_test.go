package outbox

import (
	"bytes"
	"testing"
)

// encodeBatch is one batch as it is on disk.
func encodeBatch(salt, first uint64, entries [][]byte) []byte {
	return appendBatch(nil, salt, first, entries)
}

// What the batch before left in the memory must not show, in the padding least of all: it
// may be text that was erased since.
func TestBatchInUsedMemory(t *testing.T) {
	used := bytes.Repeat([]byte("erased"), 4*blockSize)
	entries := [][]byte{[]byte("one"), {}, bytes.Repeat([]byte("x"), blockSize)}
	if !bytes.Equal(appendBatch(used, 7, 3, entries), encodeBatch(7, 3, entries)) {
		t.Error("a batch depends on what its memory held before")
	}
}
