package mongostub

import "encoding/binary"

// arenaChunk is the size of the arena's pieces.
const arenaChunk = 1 << 20

// arena holds documents one behind the other, without a pointer to each: a
// million of them cost the garbage collector nothing. What is in it is never
// changed nor freed while it lives; a replaced document leaves a hole.
type arena struct{ chunks [][]byte }

// place is where a document is; 0 is nowhere.
type place uint64

func (a *arena) put(doc []byte) place {
	last := len(a.chunks) - 1
	if last < 0 || cap(a.chunks[last])-len(a.chunks[last]) < len(doc) {
		a.chunks = append(a.chunks, make([]byte, 0, max(arenaChunk, len(doc))))
		last++
	}
	at := len(a.chunks[last])
	a.chunks[last] = append(a.chunks[last], doc...)
	return place(uint64(last+1)<<32 | uint64(at))
}

func (a *arena) get(p place) []byte {
	b := a.chunks[p>>32-1][uint32(p):]
	n := binary.LittleEndian.Uint32(b)
	return b[:n:n]
}
