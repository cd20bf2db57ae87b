package schema

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Event ids are UUIDs of version 8 (RFC 9562: "custom") made of SHA-256 and
// never random: the same fact has the same id on any machine, in any year.
// Each part is hashed with its length before it, so that no two different
// lists of parts hash alike. testdata/ids.golden holds some for ever.

// NativeID is the id of a fact to which the platform itself gave an id: the
// same fact seen by two Streamer.bots is one event.
func NativeID(p Provider, tenant string, t Type, native string) string {
	return newHash(make([]byte, 0, shortHash), "native").text(string(p)).text(tenant).text(string(t)).text(native).uuid()
}

// FrameID is the id of a fact without an id of its own (Follow, Raid, OBS): of
// the source, the source's name for the type, its timeStamp text verbatim, the
// data bytes as received and an ordinal that counts, from 0, frames of one
// connection that are alike in all of these.
func FrameID(source, frameType, stamp string, data []byte, ordinal int) string {
	return newHash(make([]byte, 0, shortHash), "frame").text(source).text(frameType).text(stamp).bytes(data).number(uint64(ordinal)).uuid()
}

// OwnID is the id of an event of our own: of what caused it (an event's or a
// connection's id), its type and a number that tells several apart.
func OwnID(cause string, t Type, number uint64) string {
	return newHash(make([]byte, 0, shortHash), "own").text(cause).text(string(t)).number(number).uuid()
}

// idHash gathers the parts: they are short but for the data of a frame, and
// hashing them in one call costs nothing on the heap that this does not.
type idHash []byte

// shortHash is room enough for the parts of most ids.
const shortHash = 384

// newHash begins in the memory given, which is the caller's stack.
func newHash(memory []byte, kind string) idHash {
	return idHash(memory).text("promethean:" + kind)
}

func (h idHash) number(n uint64) idHash { return binary.BigEndian.AppendUint64(h, n) }

func (h idHash) text(s string) idHash { return append(h.number(uint64(len(s))), s...) }

func (h idHash) bytes(b []byte) idHash { return append(h.number(uint64(len(b))), b...) }

func (h idHash) uuid() string {
	sum := sha256.Sum256(h)
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
