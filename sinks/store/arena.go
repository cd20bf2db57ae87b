package store

import "go.mongodb.org/mongo-driver/v2/bson"

// arenaBytes is how much of an arena's memory is kept from batch to batch.
const arenaBytes = 4 << 20

// Arena holds the documents of a batch one behind the other, so that they cost
// no allocation each, and its memory serves one batch after the other. The zero
// value is ready; one goroutine uses it.
type Arena struct{ b []byte }

// Reset begins a batch. The documents of the one before may not be used again:
// their memory is.
func (a *Arena) Reset() {
	if a.b = a.b[:0]; cap(a.b) > arenaBytes {
		a.b = nil
	}
}

// Add adds the document that appendTo appends; none on its error.
func (a *Arena) Add(appendTo func([]byte) ([]byte, error)) (bson.Raw, error) {
	start := len(a.b)
	b, err := appendTo(a.b)
	if err != nil {
		return nil, err
	}
	a.b = b
	return b[start:len(b):len(b)], nil
}
