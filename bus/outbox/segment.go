package outbox

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

const segmentSuffix = ".log"

// segment is one file of batches.
type segment struct {
	name string
	base uint64 // index of its first entry
	salt uint64
	file File
	size int64  // bytes of valid batches
	last uint64 // index of its last entry, base-1 while it is empty
}

func segmentName(base, salt uint64) string {
	return fmt.Sprintf("%020d-%016x%s", base, salt, segmentSuffix)
}

func parseSegmentName(name string) (base, salt uint64, ok bool) {
	stem, isLog := strings.CutSuffix(name, segmentSuffix)
	first, second, cut := strings.Cut(stem, "-")
	base, err1 := strconv.ParseUint(first, 10, 64)
	salt, err2 := strconv.ParseUint(second, 16, 64)
	ok = isLog && cut && err1 == nil && err2 == nil && base > 0 && name == segmentName(base, salt)
	return base, salt, ok
}

// listSegments gives the segments of a disk by base, none of them open. Files of other names
// are not ours and are left alone.
func listSegments(disk Disk) ([]*segment, error) {
	names, err := disk.Names()
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	var found []*segment
	for _, name := range names {
		if !strings.HasSuffix(name, segmentSuffix) {
			continue
		}
		base, salt, ok := parseSegmentName(name)
		if !ok {
			return nil, corrupt(name, 0, "not the name of a segment")
		}
		found = append(found, &segment{name: name, base: base, salt: salt, last: base - 1})
	}
	slices.SortFunc(found, func(a, b *segment) int { return strings.Compare(a.name, b.name) })
	for i, s := range found {
		if i > 0 && found[i-1].base == s.base {
			return nil, corrupt(s.name, 0, "a second segment with the same first index")
		}
	}
	return found, nil
}

// headerAt reads the header at off; false when there is no valid one.
func (s *segment) headerAt(off int64) (header, bool, error) {
	b := make([]byte, headerSize)
	n, err := s.file.ReadAt(b, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return header{}, false, fmt.Errorf("read %s at byte %d: %w", s.name, off, err)
	}
	h, ok := decodeHeader(b[:n], s.salt)
	return h, ok, nil
}

// batchAt reads the batch at off in a file of size bytes, in the memory of buf where it fits;
// false when it is not whole and valid.
func (s *segment) batchAt(off, size int64, buf []byte) (header, []Entry, bool, error) {
	h, ok, err := s.headerAt(off)
	if err != nil || !ok || off+footprint(int64(h.body)) > size {
		return h, nil, false, err
	}
	body := slices.Grow(buf[:0], int(h.body))[:h.body]
	if n, err := s.file.ReadAt(body, off+headerSize); n < len(body) {
		return h, nil, false, fmt.Errorf("read %s at byte %d: %w", s.name, off, err)
	}
	entries, ok := decodeBody(h, body)
	return h, entries, ok, nil
}

// batch says where one batch is.
type batch struct {
	seg   *segment
	off   int64
	size  int64 // bytes on disk
	freed int64 // how many of them are published
	first uint64
	count uint32
}

func (b batch) last() uint64 { return b.first + uint64(b.count) - 1 }

// release counts the entries up to upTo as published and gives the bytes that frees.
func (b *batch) release(upTo uint64) int64 {
	n := min(upTo, b.last()) + 1
	if n <= b.first {
		return 0
	}
	freed := b.size * int64(n-b.first) / int64(b.count)
	gain := freed - b.freed
	b.freed = freed
	return gain
}
