package outbox

import "slices"

// loadedBatches are the batches read last. A reader takes less than a batch at a time, or
// several; what it has published gives its memory to the next ones, for fresh memory costs
// more than reading.
type loadedBatches struct {
	list  []loadedBatch
	bytes int // of all their memory
}

type loadedBatch struct {
	first, last uint64
	entries     []Entry
	buf         []byte
}

// find gives the entries of the batch that begins at first, nil when it is not here.
func (l *loadedBatches) find(first uint64) []Entry {
	for _, b := range l.list {
		if b.first == first {
			return b.entries
		}
	}
	return nil
}

// take gives memory for n bytes: that of a batch whose entries are all published, or new.
func (l *loadedBatches) take(n int, published uint64) []byte {
	for i, b := range l.list {
		if b.last <= published && cap(b.buf) >= n {
			l.bytes -= cap(b.buf)
			l.list = slices.Delete(l.list, i, i+1)
			return b.buf
		}
	}
	size := blockSize
	for size < n {
		size *= 2
	}
	return make([]byte, size)
}

// keep adds a batch and lets the oldest go when they are too much.
func (l *loadedBatches) keep(b loadedBatch) {
	l.list = append(l.list, b)
	l.bytes += cap(b.buf)
	for len(l.list) > 1 && (l.bytes > loadedBytes || len(l.list) > loadedCount) {
		l.bytes -= cap(l.list[0].buf)
		l.list = slices.Delete(l.list, 0, 1)
	}
}

// forget lets go what is published: text that has left the disk leaves the memory, too.
func (l *loadedBatches) forget(published uint64) {
	l.list = slices.DeleteFunc(l.list, func(b loadedBatch) bool {
		if b.last > published {
			return false
		}
		l.bytes -= cap(b.buf)
		return true
	})
}
