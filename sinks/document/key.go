package document

import (
	"bytes"
	"hash/maphash"
)

// key appends the key at pos with its closing NUL, and refuses what can't be a
// key in every store.
func (e *encoder) key(s *scope) error {
	from, at := e.pos, len(e.dst)
	if err := e.text(); err != nil {
		return err
	}
	name := e.dst[at:]
	reason := Reason("")
	switch {
	case len(name) == 0:
		reason = EmptyKey
	case name[0] == '$':
		reason = DollarKey
	case bytes.IndexByte(name, '.') >= 0:
		reason = DottedKey
	case bytes.IndexByte(name, 0) >= 0:
		reason = NULKey
	}
	e.dst = append(e.dst, 0)
	if reason == "" && !e.keys.add(e.dst[e.start:], s, at-e.start) {
		reason = DoubledKey
	}
	if reason == "" {
		return nil
	}
	return &NotDocumentError{Reason: reason, Offset: from}
}

// fewKeys is up to how many keys of an object comparing all is quicker than
// hashing them.
const fewKeys = 32

// keySet finds doubled keys. A key is kept as its offset in the document, where
// it is followed by a NUL. The keys of small objects are compared one with
// another; those of larger ones go to one hash table for the whole document, so
// that neither many keys nor many objects cost more than linear time.
type keySet struct {
	few   []shortKey // the keys of the objects being read, the innermost last
	seed  maphash.Seed
	table []entry // open addressing, a power of two long, at most half full
	used  int
}

// shortKey is a key that is compared. Keys with different tags differ.
type shortKey struct{ key, tag int32 }

// scope is one object that is being read.
type scope struct {
	object int32 // its offset in the document
	first  int   // its first key in keySet.few
	hashed bool  // its keys are in the table
}

// entry is one key of one object; key 0 is a free place.
type entry struct {
	hash        uint32
	object, key int32
}

func (k *keySet) enter(object int) scope {
	return scope{object: int32(object), first: len(k.few)}
}

func (k *keySet) leave(s scope) { k.few = k.few[:s.first] }

// add takes the key at offset at, which is the last thing in doc, and reports
// whether it is new in its object.
func (k *keySet) add(doc []byte, s *scope, at int) bool {
	name := doc[at:]
	if s.hashed {
		return k.insert(doc, s.object, int32(at))
	}
	// The last letter tells the names of one object apart best.
	tag := int32(name[len(name)-2])<<24 | int32(name[0])<<16 | int32(len(name)&0xffff)
	for _, other := range k.few[s.first:] {
		if other.tag == tag && bytes.HasPrefix(doc[other.key:], name) { // with the NULs, so equal
			return false
		}
	}
	k.few = append(k.few, shortKey{key: int32(at), tag: tag})
	if len(k.few)-s.first > fewKeys {
		s.hashed = true
		for _, other := range k.few[s.first:] {
			k.insert(doc, s.object, other.key)
		}
	}
	return true
}

func (k *keySet) insert(doc []byte, object, key int32) bool {
	if k.used*2 >= len(k.table) {
		k.grow()
	}
	name := doc[key:]
	name = name[:bytes.IndexByte(name, 0)+1]
	h := maphash.Bytes(k.seed, name) + uint64(object)*0x9e3779b97f4a7c15
	hash := uint32(h ^ h>>32)
	for i := hash; ; i++ {
		p := &k.table[int(i)&(len(k.table)-1)]
		if p.key == 0 {
			*p = entry{hash: hash, object: object, key: key}
			k.used++
			return true
		}
		if p.hash == hash && p.object == object && bytes.HasPrefix(doc[p.key:], name) {
			return false
		}
	}
}

func (k *keySet) grow() {
	old := k.table
	if old == nil {
		k.seed = maphash.MakeSeed()
	}
	k.table = make([]entry, max(4*fewKeys, 2*len(old)))
	for _, p := range old {
		i := int(p.hash)
		for p.key != 0 {
			if q := &k.table[i&(len(k.table)-1)]; q.key == 0 {
				*q, p.key = p, 0
			}
			i++
		}
	}
}
