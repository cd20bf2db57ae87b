package outbox

import (
	"errors"
	"fmt"
)

// restore reads the directory: cursor, segments, batches. What it trusts it syncs first,
// because after a kill the newest writes may be in the system's memory only.
func (o *Outbox) restore() error {
	found, err := listSegments(o.disk)
	if err != nil {
		return err
	}
	if err := o.recoverCursor(len(found) == 0); err != nil {
		return err
	}
	kept, dead := split(found, o.cursor.published)
	if len(kept) == 0 && len(found) > 0 {
		return corrupt(found[0].name, 0, fmt.Sprintf("the entries from %d on are missing", o.cursor.published+1))
	}
	for i, s := range kept {
		if i > 0 && s.base != kept[i-1].last+1 {
			return corrupt(s.name, 0, fmt.Sprintf("entry %d should come first", kept[i-1].last+1))
		}
		if s.file, err = o.disk.Open(s.name); err != nil {
			return fmt.Errorf("open %s: %w", s.name, err)
		}
		o.segments = append(o.segments, s)
		if err := o.scan(s, i == len(kept)-1); err != nil {
			return err
		}
	}
	if len(kept) == 0 {
		if _, err := o.rotate(); err != nil {
			return err
		}
	}
	tail := o.segments[len(o.segments)-1]
	if tail.last < o.cursor.last {
		return corrupt(tail.name, tail.size, fmt.Sprintf("entries %d to %d are missing", tail.last+1, o.cursor.last))
	}
	o.last, o.published, o.seenLast = tail.last, o.cursor.published, tail.last
	o.noteFull()
	for _, s := range dead {
		if err := o.disk.Remove(s.name); err != nil {
			return fmt.Errorf("remove %s: %w", s.name, err)
		}
	}
	return o.disk.SyncDir()
}

// recoverCursor reads the cursor file, or makes it when the outbox is new. It is durable
// before the first segment exists, so a segment without one means damage.
func (o *Outbox) recoverCursor(isNew bool) error {
	f, err := o.disk.Open(cursorName)
	if err != nil {
		return fmt.Errorf("open %s: %w", cursorName, err)
	}
	o.cursorFile = f
	c, ok, err := readCursor(f)
	switch {
	case err != nil:
		return err
	case ok && isNew && c.last > 0:
		return corrupt(cursorName, 0, fmt.Sprintf("it knows of %d entries, but there is no segment", c.last))
	case !ok && !isNew:
		return corrupt(cursorName, 0, "it is unreadable, but there are segments")
	case !ok:
		c = cursor{seq: 1}
		if err := errors.Join(writeCursor(f, c), o.disk.SyncDir()); err != nil {
			return err
		}
	}
	o.cursor = c
	return nil
}

// split tells the segments that hold entries above published from those before them, which a
// crash left behind or brought back.
func split(found []*segment, published uint64) (kept, dead []*segment) {
	from := len(found)
	for i, s := range found {
		if s.base <= published+1 {
			from = i
		}
	}
	return found[from:], found[:from]
}

// scan checks every batch of a segment and indexes the unpublished ones. Only in the tail may
// the last batch be torn; it is cut off.
func (o *Outbox) scan(s *segment, tail bool) error {
	size, err := s.file.Size()
	if err != nil {
		return fmt.Errorf("size of %s: %w", s.name, err)
	}
	for s.size < size {
		h, _, ok, err := s.batchAt(s.size, size, nil)
		if err != nil {
			return err
		}
		if !ok || h.first != s.last+1 {
			if err := o.torn(s, size, tail); err != nil {
				return err
			}
			break
		}
		b := batch{seg: s, off: s.size, size: footprint(int64(h.body)), first: h.first, count: h.count}
		s.size += b.size
		s.last = b.last()
		if b.last() > o.cursor.published {
			o.bytes += b.size - b.release(o.cursor.published)
			o.batches = append(o.batches, b)
		}
	}
	if !tail {
		return nil
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", s.name, err)
	}
	return nil
}

// torn cuts off an invalid last batch. A batch behind it would prove that its fsync had
// returned: then it is not torn but damaged.
func (o *Outbox) torn(s *segment, size int64, tail bool) error {
	if !tail {
		return corrupt(s.name, s.size, "a batch is damaged, and there are later segments")
	}
	if s.last < o.cursor.last {
		return corrupt(s.name, s.size, fmt.Sprintf("a batch is damaged, and entry %d was durable", o.cursor.last))
	}
	for off := s.size; off < size; off += blockSize {
		h, ok, err := s.headerAt(off)
		if err != nil {
			return err
		}
		if ok && h.first != s.last+1 {
			return corrupt(s.name, s.size, fmt.Sprintf("a batch is damaged, and there is a later one at byte %d", off))
		}
	}
	if err := s.file.Truncate(s.size); err != nil {
		return fmt.Errorf("cut the torn end off %s: %w", s.name, err)
	}
	return nil
}
