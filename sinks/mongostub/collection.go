package mongostub

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// key stands for an _id: a hash of 128 bits, so that a collection holds no ids
// nor pointers to them.
type key [16]byte

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// collection is the documents of one namespace, in the order of their insertion.
// mu is held by whoever uses it.
type collection struct {
	mu        sync.Mutex
	namespace string
	// lean: only the fields in kept are.
	lean    bool
	kept    []string
	at      map[key]uint32
	order   []place
	docs    arena
	live    int
	indexes []bsoncore.Document
}

// has reports whether a field, by its dotted path, can be asked for.
func (c *collection) has(path string) bool {
	top, _, _ := strings.Cut(path, ".")
	return !c.lean || top == "_id" || slices.Contains(c.kept, top)
}

// keeps is what is kept of a document.
func (c *collection) keeps(doc bsoncore.Document) bsoncore.Document {
	if c.lean {
		return only(doc, c.kept)
	}
	return doc
}

// keyOf is the key of an _id. Numbers that are equal are one id, whatever their
// type.
func keyOf(v bsoncore.Value) key {
	var b [8]byte
	kind, data := byte(v.Type), v.Data
	if n, ok := number(v); ok {
		kind, data = 'n', b[:]
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(n))
		if i, ok := v.AsInt64OK(); ok && int64(n) != i {
			kind = 'i'
			binary.LittleEndian.PutUint64(b[:], uint64(i))
		}
	}
	var k key
	binary.LittleEndian.PutUint64(k[:], maphash.Bytes(seeds[0], data))
	binary.LittleEndian.PutUint64(k[8:], maphash.Bytes(seeds[1], data))
	k[0] ^= kind
	return k
}

// insert adds a document unless its _id is there.
func (c *collection) insert(doc bsoncore.Document, id bsoncore.Value) bool {
	k := keyOf(id)
	if _, there := c.at[k]; there {
		return false
	}
	c.at[k] = uint32(len(c.order))
	c.order = append(c.order, c.docs.put(c.keeps(doc)))
	c.live++
	return true
}

// find gives a document by its _id, and its place in the order.
func (c *collection) find(id bsoncore.Value) (i uint32, doc bsoncore.Document, there bool) {
	if i, there = c.at[keyOf(id)]; there {
		doc = c.docs.get(c.order[i])
	}
	return i, doc, there
}

// each goes through all documents until see says false.
func (c *collection) each(see func(i uint32, doc bsoncore.Document) bool) {
	for i, p := range c.order {
		if p != 0 && !see(uint32(i), c.docs.get(p)) {
			return
		}
	}
}

// replace puts a document in the i-th place.
func (c *collection) replace(i uint32, doc bsoncore.Document) {
	c.order[i] = c.docs.put(c.keeps(doc))
}

func (c *collection) remove(i uint32, id bsoncore.Value) {
	delete(c.at, keyOf(id))
	c.order[i] = 0
	c.live--
}

// only is a document of the named fields.
func only(doc bsoncore.Document, fields []string) bsoncore.Document {
	at, out := bsoncore.AppendDocumentStart(nil)
	for rest := elements(doc); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			break
		}
		rest = r
		if slices.Contains(fields, e.Key()) {
			out = append(out, e...)
		}
	}
	out, _ = bsoncore.AppendDocumentEnd(out, at)
	return out
}

// elements are a document's bytes between its length and its end.
func elements(doc bsoncore.Document) []byte {
	if len(doc) < 5 {
		return nil
	}
	return doc[4 : len(doc)-1]
}

// lookup gives a field of the document itself; not ok where it has none, or is
// broken before it.
func lookup(doc bsoncore.Document, name string) (bsoncore.Value, bool) {
	for rest := elements(doc); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			return bsoncore.Value{}, false
		}
		if rest = r; string(e.KeyBytes()) != name {
			continue
		}
		v, err := e.ValueErr()
		return v, err == nil
	}
}
