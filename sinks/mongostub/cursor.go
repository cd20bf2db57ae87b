package mongostub

import (
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

const (
	// firstPage is how many documents come at once unless the client says.
	firstPage = 101
	// pageBytes bounds one page; mostCursors how many are open.
	pageBytes   = maxBSON - 1<<10
	mostCursors = 1000
)

// cursors are answers that did not fit one page.
type cursors struct {
	mu   sync.Mutex
	last int64
	open map[int64]*cursor
}

type cursor struct {
	namespace string
	left      []bsoncore.Document
}

// cut gives the first documents of at most n, 0 for no bound, and the rest.
func cut(docs []bsoncore.Document, n int) (page, rest []bsoncore.Document) {
	bytes := 0
	for i, d := range docs {
		if bytes += len(d) + 16; i > 0 && (i == n || bytes > pageBytes) {
			return docs[:i], docs[i:]
		}
	}
	return docs, nil
}

// page answers with the first documents and a cursor for the rest.
func (k *call) page(namespace string, docs []bsoncore.Document) (bson.D, error) {
	size := k.count("batchSize")
	if options, ok := lookup(k.body, "cursor"); ok {
		d, _ := options.DocumentOK()
		v, _ := lookup(d, "batchSize")
		n, _ := number(v)
		size = int(max(0, min(n, 1<<31)))
	}
	if size == 0 {
		size = firstPage
	}
	first, rest := cut(docs, size)
	id := int64(0)
	if len(rest) > 0 && !k.flag("singleBatch", false) {
		var err error
		if id, err = k.server.cursors.add(cursor{namespace, rest}); err != nil {
			return nil, err
		}
	}
	return pageOf(id, namespace, "firstBatch", first), nil
}

func pageOf(id int64, namespace, name string, docs []bsoncore.Document) bson.D {
	batch := make([]bson.Raw, len(docs))
	for i, d := range docs {
		batch[i] = bson.Raw(d)
	}
	return bson.D{{Key: "cursor", Value: bson.D{{Key: "id", Value: id}, {Key: "ns", Value: namespace}, {Key: name, Value: batch}}}}
}

func (c *cursors) add(one cursor) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) >= mostCursors {
		return 0, refuse(146, "ExceededMemoryLimit", "%d cursors are open", len(c.open))
	}
	if c.open == nil {
		c.open = map[int64]*cursor{}
	}
	c.last++
	c.open[c.last] = &one
	return c.last, nil
}

func getMore(k *call) (bson.D, error) {
	v, _ := lookup(k.body, "getMore")
	id, _ := v.Int64OK()
	size := k.count("batchSize")
	c := &k.server.cursors
	c.mu.Lock()
	defer c.mu.Unlock()
	one, ok := c.open[id]
	if !ok {
		return nil, refuse(43, "CursorNotFound", "cursor id %d not found", id)
	}
	page, rest := cut(one.left, size)
	if one.left = rest; len(rest) == 0 {
		delete(c.open, id)
		id = 0
	}
	return pageOf(id, one.namespace, "nextBatch", page), nil
}

func killCursors(k *call) (bson.D, error) {
	v, _ := lookup(k.body, "cursors")
	array, _ := v.ArrayOK()
	ids, err := array.Values()
	if err != nil {
		return nil, refuse(14, "TypeMismatch", "cursors is no array")
	}
	killed, unknown := bson.A{}, bson.A{}
	c := &k.server.cursors
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range ids {
		id, _ := v.Int64OK()
		if _, ok := c.open[id]; !ok {
			unknown = append(unknown, id)
			continue
		}
		delete(c.open, id)
		killed = append(killed, id)
	}
	return bson.D{
		{Key: "cursorsKilled", Value: killed}, {Key: "cursorsNotFound", Value: unknown},
		{Key: "cursorsAlive", Value: bson.A{}}, {Key: "cursorsUnknown", Value: bson.A{}},
	}, nil
}
