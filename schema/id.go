package schema

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Event ids are UUIDs of version 8 (RFC 9562: "custom") made of SHA-256 and
// never random: the same fact has the same id on any machine, in any year.
// Each part is hashed with its length before it, so that no two different
// lists of parts hash alike. testdata/ids.golden holds some for ever.

// NativeID is the id of a fact to which the platform itself gave an id: the
// same fact seen by two Streamer.bots is one event.
func NativeID(p Provider, tenant string, t Type, native string) string {
	h := newHash("native")
	h.text(string(p))
	h.text(tenant)
	h.text(string(t))
	h.text(native)
	return h.uuid()
}

// FrameID is the id of a fact without an id of its own (Follow, Raid, OBS): of
// the source, the source's name for the type, its timeStamp text verbatim, the
// data bytes as received and an ordinal that counts, from 0, frames of one
// connection that are alike in all of these.
func FrameID(source, frameType, stamp string, data []byte, ordinal int) string {
	h := newHash("frame")
	h.text(source)
	h.text(frameType)
	h.text(stamp)
	h.bytes(data)
	h.number(uint64(ordinal))
	return h.uuid()
}

// OwnID is the id of an event of our own: of what caused it (an event's or a
// connection's id), its type and a number that tells several apart.
func OwnID(cause string, t Type, number uint64) string {
	h := newHash("own")
	h.text(cause)
	h.text(string(t))
	h.number(number)
	return h.uuid()
}

type idHash struct{ hash.Hash }

func newHash(kind string) idHash {
	h := idHash{sha256.New()}
	h.text("promethean:" + kind)
	return h
}

func (h idHash) number(n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

func (h idHash) text(s string) {
	h.number(uint64(len(s)))
	h.Write([]byte(s))
}

func (h idHash) bytes(b []byte) {
	h.number(uint64(len(b)))
	h.Write(b)
}

func (h idHash) uuid() string {
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}
