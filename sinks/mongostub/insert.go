package mongostub

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// written is what a writing command has done so far.
type written struct {
	n, modified int32
	upserted    []bson.D
	errors      []bson.D
	// retried are the statements that an earlier try had done.
	retried []int32
}

// fail notes what is wrong with the i-th statement.
func (w *written) fail(i int, e writeError) {
	d := bson.D{{Key: "index", Value: int32(i)}, {Key: "code", Value: e.code}}
	w.errors = append(w.errors, append(append(d, e.more...), bson.E{Key: "errmsg", Value: e.message}))
}

func (w *written) fields(updated bool) bson.D {
	d := bson.D{{Key: "n", Value: w.n}}
	if updated {
		d = append(d, bson.E{Key: "nModified", Value: w.modified})
	}
	if len(w.upserted) > 0 {
		d = append(d, bson.E{Key: "upserted", Value: w.upserted})
	}
	if len(w.errors) > 0 {
		d = append(d, bson.E{Key: "writeErrors", Value: w.errors})
	}
	if len(w.retried) > 0 {
		d = append(d, bson.E{Key: "retriedStmtIds", Value: w.retried})
	}
	return d
}

// writeError is what is wrong with one statement; code 0 is nothing.
type writeError struct {
	code    int32
	message string
	more    bson.D
}

func insert(c *call) (bson.D, error) {
	docs, err := c.writes("documents")
	if err != nil {
		return nil, err
	}
	ordered := c.flag("ordered", true)
	coll := c.server.data.get(c.database, c.collection, true)
	coll.mu.Lock()
	defer coll.mu.Unlock()
	var w written
	for i, doc := range docs {
		if _, done := c.txn.done(i); done {
			w.n, w.retried = w.n+1, append(w.retried, int32(i))
			continue
		}
		e := c.refused(i, doc)
		if e.code == 0 {
			e = coll.insertOne(doc)
		}
		if e.code == 0 {
			w.n++
			c.txn.did(i, statement{n: 1})
			continue
		}
		if w.fail(i, e); ordered {
			break
		}
	}
	return w.fields(false), nil
}

func (c *collection) insertOne(doc bsoncore.Document) writeError {
	if len(doc) > maxBSON {
		return writeError{code: 2, message: "object to insert too large"}
	}
	if !c.lean {
		if err := doc.Validate(); err != nil {
			return writeError{code: 22, message: err.Error()}
		}
	}
	id, ok := lookup(doc, "_id")
	if !ok {
		doc, id = withID(doc)
	}
	if slices.Contains([]bsoncore.Type{bsoncore.TypeArray, bsoncore.TypeRegex, bsoncore.TypeUndefined}, id.Type) {
		return writeError{code: 53, message: "The '_id' value cannot be of type " + id.Type.String()}
	}
	if !c.insert(doc, id) {
		return c.duplicate(id)
	}
	return writeError{}
}

// duplicate is the error of an _id that is taken, as MongoDB words it.
func (c *collection) duplicate(id bsoncore.Value) writeError {
	return writeError{
		code:    11000,
		message: "E11000 duplicate key error collection: " + c.namespace + " index: _id_ dup key: { _id: " + id.String() + " }",
		more: bson.D{
			{Key: "keyPattern", Value: bson.D{{Key: "_id", Value: int32(1)}}},
			{Key: "keyValue", Value: bson.D{{Key: "_id", Value: rawValue(id)}}},
		},
	}
}

func rawValue(v bsoncore.Value) bson.RawValue {
	return bson.RawValue{Type: bson.Type(v.Type), Value: v.Data}
}

// withID is a document with an _id of the server's own in front.
func withID(doc bsoncore.Document) (bsoncore.Document, bsoncore.Value) {
	at, b := bsoncore.AppendDocumentStart(make([]byte, 0, len(doc)+17))
	b = bsoncore.AppendObjectIDElement(b, "_id", bson.NewObjectID())
	b = append(b, elements(doc)...)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	id, _ := lookup(b, "_id")
	return b, id
}
