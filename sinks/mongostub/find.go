package mongostub

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// query says which documents of a collection.
type query struct {
	filter bsoncore.Value
	show   projection
	// limit is how many at most; 0 is all.
	limit int
}

// select goes through what matches, and gives each one's place. A filter with
// an _id costs one look, as an index would.
func (c *collection) pick(q query, see func(i uint32, doc bsoncore.Document) error) error {
	filter, _ := q.filter.DocumentOK()
	for _, path := range slices.Concat(paths(filter), q.show) {
		if !c.has(path) {
			return refuse(2, "BadValue", "the stub keeps no %s of %s: start it with that field", path, c.namespace)
		}
	}
	seen := 0
	check := func(i uint32, doc bsoncore.Document) (more bool, err error) {
		met, err := matches(doc, q.filter)
		if err != nil || !met {
			return err == nil, err
		}
		seen++
		return seen != q.limit, see(i, doc)
	}
	if id, ok := lookup(filter, "_id"); ok && !isCondition(id) {
		i, doc, there := c.find(id)
		if !there {
			return nil
		}
		if c.lean {
			doc = withThisID(doc, id)
		}
		_, err := check(i, doc)
		return err
	}
	var err error
	c.each(func(i uint32, doc bsoncore.Document) bool {
		var more bool
		more, err = check(i, doc)
		return more && err == nil
	})
	return err
}

func isCondition(v bsoncore.Value) bool {
	d, ok := v.DocumentOK()
	return ok && isOperators(d)
}

// withThisID is what is kept of a lean document, whole with the _id by which it
// was asked for.
func withThisID(doc bsoncore.Document, id bsoncore.Value) bsoncore.Document {
	at, b := bsoncore.AppendDocumentStart(nil)
	b = bsoncore.AppendValueElement(b, "_id", id)
	b = append(b, elements(doc)...)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	return b
}

// all are the documents that match, projected. They stay valid.
func (k *call) all(q query) (docs []bsoncore.Document, err error) {
	coll := k.server.data.get(k.database, k.collection, false)
	if coll == nil {
		return nil, nil
	}
	coll.mu.Lock()
	defer coll.mu.Unlock()
	err = coll.pick(q, func(_ uint32, doc bsoncore.Document) error {
		docs = append(docs, q.show.of(doc))
		return nil
	})
	return docs, err
}

func find(c *call) (bson.D, error) {
	skip, limit := c.count("skip"), c.count("limit")
	q := query{}
	if limit > 0 {
		q.limit = skip + limit
	}
	q.filter, _ = lookup(c.body, "filter")
	shown, _ := lookup(c.body, "projection")
	var err error
	if q.show, err = readProjection(shown); err != nil {
		return nil, err
	}
	order, sorted := lookup(c.body, "sort")
	if sorted {
		q.limit = 0
	}
	docs, err := c.all(q)
	if err != nil {
		return nil, err
	}
	if sorted {
		if err := sort(docs, order); err != nil {
			return nil, err
		}
	}
	return c.page(c.namespace(), between(docs, skip, limit))
}

// between leaves out the first documents and those over the limit; 0 is none.
func between(docs []bsoncore.Document, skip, limit int) []bsoncore.Document {
	docs = docs[min(skip, len(docs)):]
	if limit > 0 && limit < len(docs) {
		docs = docs[:limit]
	}
	return docs
}

func countDocuments(c *call) (bson.D, error) {
	filter, _ := lookup(c.body, "query")
	docs, err := c.all(query{filter: filter, show: projection{"_id"}})
	docs = between(docs, c.count("skip"), c.count("limit"))
	return bson.D{{Key: "n", Value: int32(len(docs))}}, err
}

// sort orders documents by one or more fields; 1 is ascending, -1 descending.
func sort(docs []bsoncore.Document, order bsoncore.Value) error {
	by, ok := order.DocumentOK()
	if !ok {
		return refuse(14, "TypeMismatch", "Expected field sort to be of type object")
	}
	fields, err := by.Elements()
	if err != nil {
		return refuse(22, "InvalidBSON", "%v", err)
	}
	slices.SortStableFunc(docs, func(a, b bsoncore.Document) int {
		for _, f := range fields {
			x, _ := lookup(a, f.Key())
			y, _ := lookup(b, f.Key())
			if o, ok := compare(x, y); ok && o != 0 {
				if n, _ := number(f.Value()); n < 0 {
					return -o
				}
				return o
			}
		}
		return 0
	})
	return nil
}
