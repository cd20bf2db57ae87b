package store

import "go.mongodb.org/mongo-driver/v2/bson"

// Arena holds the documents of a batch one behind the other, so that they cost
// one allocation and not one each. The zero value is ready; one goroutine uses
// it. Documents stay as they are as long as somebody holds them.
type Arena struct{ b []byte }

// Reset begins a batch, which is expected to be as large as the last one.
func (a *Arena) Reset() { a.b = make([]byte, 0, len(a.b)+len(a.b)/16) }

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
