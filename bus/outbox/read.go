package outbox

import (
	"context"
	"slices"
)

// Next gives durable entries in order, starting with the lowest kept index above after: at
// least one, at most maxEntries, and no more than maxBytes of data unless the first alone is
// larger. It blocks until there is one. Errors: ctx's, ErrClosed, ErrCorrupt, and the failure
// of the disk once all durable entries have been handed out.
func (o *Outbox) Next(ctx context.Context, after uint64, maxEntries, maxBytes int) ([]Entry, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, wait, err := o.read(after, maxEntries, maxBytes)
		if wait == nil {
			return entries, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// read gives what is there above after, or what to wait for when that is nothing. Holding
// files keeps the segments open that the index named.
func (o *Outbox) read(after uint64, maxEntries, maxBytes int) (found []Entry, wait signal, err error) {
	o.files.Lock()
	defer o.files.Unlock()
	size := 0
	for {
		b, wait, err := o.locate(after)
		if len(found) > 0 && (wait != nil || err != nil) {
			return found, nil, nil
		}
		if wait != nil || err != nil {
			return nil, wait, err
		}
		entries, err := o.load(b)
		if err != nil && len(found) > 0 {
			return found, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		from := max(after+1, b.first, o.First())
		for _, e := range entries[min(from-b.first, uint64(len(entries))):] {
			if len(found) > 0 && (len(found) >= maxEntries || size+len(e.Data) > maxBytes) {
				return found, nil, nil
			}
			found = append(found, e)
			size += len(e.Data)
		}
		after = b.last()
	}
}

// locate finds the unpublished batch with the lowest index above after.
func (o *Outbox) locate(after uint64) (batch, signal, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return batch{}, nil, ErrClosed
	}
	i, _ := slices.BinarySearchFunc(o.batches, after, func(b batch, after uint64) int {
		if b.last() > after {
			return 1
		}
		return -1
	})
	switch {
	case i < len(o.batches):
		return o.batches[i], nil, nil
	case o.failed != nil:
		return batch{}, nil, o.failed
	}
	return batch{}, o.grown, nil
}

// load reads a batch from disk, checked again: bits also rot while the process runs.
func (o *Outbox) load(b batch) ([]Entry, error) {
	if entries := o.loaded.find(b.first); entries != nil {
		return entries, nil
	}
	buf := o.loaded.take(int(b.size), o.First()-1)
	h, entries, ok, err := b.seg.batchAt(b.off, b.off+b.size, buf)
	switch {
	case err != nil:
		return nil, err
	case !ok || h.first != b.first || h.count != b.count:
		return nil, corrupt(b.seg.name, b.off, "a batch that was whole has changed")
	}
	o.loaded.keep(loadedBatch{first: b.first, last: b.last(), entries: entries, buf: buf})
	return entries, nil
}
