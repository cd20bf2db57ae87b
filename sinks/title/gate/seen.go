package gate

import "hash/fnv"

// seen remembers texts in fixed memory and never forgets one; of texts that it
// was never given it knows a few as well, the more the fuller it is (a Bloom
// filter). For what a title must not have, that is the safe side.
type seen struct {
	bits []uint64
}

// probes are the places of one text.
const probes = 5

// newSeen takes 2^power bits.
func newSeen(power int) seen { return seen{bits: make([]uint64, 1<<power/64)} }

func (s seen) add(h uint64) {
	for i := range uint64(probes) {
		word, bit := s.place(h, i)
		s.bits[word] |= bit
	}
}

func (s seen) has(h uint64) bool {
	for i := range uint64(probes) {
		word, bit := s.place(h, i)
		if s.bits[word]&bit == 0 {
			return false
		}
	}
	return true
}

// place takes the two halves of a hash as two hashes.
func (s seen) place(h, i uint64) (word, bit uint64) {
	at := (h + i*(h>>32|1)) % (uint64(len(s.bits)) * 64)
	return at / 64, 1 << (at % 64)
}

// hash of words in their order.
func hash(words ...string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		_, _ = h.Write([]byte(w))
		_, _ = h.Write([]byte{0})
	}
	// FNV's high bits hardly depend on a short text's last letters.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}
