package outbox

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

const (
	blockSize  = 4096 // the physical sector of current disks: the unit a power cut can spoil
	headerSize = 32
	lengthSize = 4
	batchMagic = "POB1"
)

// header describes one batch; see the package comment for the bytes.
type header struct {
	first uint64
	count uint32
	body  uint32 // bytes after the header, without padding
	sum   uint32 // crc32c of the body
}

func castagnoli(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// saltedSum is the crc32c of the salt followed by b.
func saltedSum(salt uint64, b []byte) uint32 {
	var s [8]byte
	binary.LittleEndian.PutUint64(s[:], salt)
	return crc32.Update(castagnoli(s[:]), crc32.MakeTable(crc32.Castagnoli), b)
}

// footprint is the number of bytes a batch with a body of n bytes takes on disk.
func footprint(n int64) int64 {
	return (headerSize + n + blockSize - 1) / blockSize * blockSize
}

// appendBatch gives the whole batch, padding included, in the memory of buf where it fits.
func appendBatch(buf []byte, salt, first uint64, entries [][]byte) []byte {
	body := 0
	for _, e := range entries {
		body += lengthSize + len(e)
	}
	size := footprint(int64(body))
	buf = slices.Grow(buf[:0], int(size))[:headerSize]
	clear(buf)
	for _, e := range entries {
		buf = binary.LittleEndian.AppendUint32(buf, uint32(len(e)))
		buf = append(buf, e...)
	}
	copy(buf, batchMagic)
	binary.LittleEndian.PutUint64(buf[4:], first)
	binary.LittleEndian.PutUint32(buf[12:], uint32(len(entries)))
	binary.LittleEndian.PutUint32(buf[16:], uint32(body))
	binary.LittleEndian.PutUint32(buf[20:], castagnoli(buf[headerSize:]))
	binary.LittleEndian.PutUint32(buf[28:], saltedSum(salt, buf[:28]))
	clear(buf[len(buf):size])
	return buf[:size]
}

// decodeHeader reports false for anything appendBatch did not write under this salt.
func decodeHeader(b []byte, salt uint64) (header, bool) {
	if len(b) < headerSize || string(b[:4]) != batchMagic ||
		binary.LittleEndian.Uint32(b[28:]) != saltedSum(salt, b[:28]) {
		return header{}, false
	}
	h := header{
		first: binary.LittleEndian.Uint64(b[4:]),
		count: binary.LittleEndian.Uint32(b[12:]),
		body:  binary.LittleEndian.Uint32(b[16:]),
		sum:   binary.LittleEndian.Uint32(b[20:]),
	}
	return h, h.count > 0 && uint64(h.count)*lengthSize <= uint64(h.body)
}

// decodeBody gives the entries of a body, which share its memory. It reports false when the
// checksum or a length is wrong.
func decodeBody(h header, body []byte) ([]Entry, bool) {
	if uint64(len(body)) != uint64(h.body) || castagnoli(body) != h.sum {
		return nil, false
	}
	if uint64(h.count)*lengthSize > uint64(len(body)) {
		return nil, false
	}
	entries := make([]Entry, 0, h.count)
	for i := range uint64(h.count) {
		if len(body) < lengthSize {
			return nil, false
		}
		n := uint64(binary.LittleEndian.Uint32(body))
		body = body[lengthSize:]
		if n > uint64(len(body)) {
			return nil, false
		}
		entries = append(entries, Entry{Index: h.first + i, Data: body[:n:n]})
		body = body[n:]
	}
	return entries, len(body) == 0
}
