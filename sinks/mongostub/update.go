package mongostub

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

func update(c *call) (bson.D, error) {
	list, err := c.writes("updates")
	if err != nil {
		return nil, err
	}
	ordered := c.flag("ordered", true)
	coll := c.server.data.get(c.database, c.collection, true)
	coll.mu.Lock()
	defer coll.mu.Unlock()
	var w written
	for i, u := range list {
		did, done := c.txn.done(i)
		var e writeError
		switch {
		case done:
			w.retried = append(w.retried, int32(i))
		default:
			if e = c.refused(i, u); e.code == 0 {
				did, e = coll.update(u)
			}
		}
		if e.code != 0 {
			if w.fail(i, e); ordered {
				break
			}
			continue
		}
		c.txn.did(i, did)
		w.n, w.modified = w.n+did.n, w.modified+did.modified
		if did.upserted != nil {
			w.upserted = append(w.upserted, bson.D{{Key: "index", Value: int32(i)}, {Key: "_id", Value: did.upserted}})
		}
	}
	return w.fields(true), nil
}

// update makes one change: {q, u, multi, upsert}; u is $set and $unset of
// fields, or a whole document.
func (c *collection) update(u bsoncore.Document) (statement, writeError) {
	q, _ := lookup(u, "q")
	to, _ := lookup(u, "u")
	multi, _ := lookup(u, "multi")
	upsert, _ := lookup(u, "upsert")
	change, ok := to.DocumentOK()
	if !ok {
		return statement{}, writeError{code: 9, message: "the stub knows no update by a pipeline"}
	}
	want := query{filter: q, limit: 1}
	if truth(multi) {
		want.limit = 0
	}
	var did statement
	type changed struct {
		i   uint32
		doc bsoncore.Document
	}
	var all []changed
	err := c.pick(want, func(i uint32, doc bsoncore.Document) error {
		next, err := modify(doc, change)
		if err == nil {
			err = allowed(doc, next)
		}
		all = append(all, changed{i, next})
		did.n++
		if err == nil && !slices.Equal(next, doc) {
			did.modified++
		}
		return err
	})
	if err != nil {
		return statement{}, asWriteError(err)
	}
	for _, one := range all {
		c.replace(one.i, one.doc)
	}
	if did.n > 0 || !truth(upsert) {
		return did, writeError{}
	}
	return c.upsert(q, change)
}

// allowed is the error of a change that a server does not make.
func allowed(doc, next bsoncore.Document) error {
	id, ok := lookup(doc, "_id")
	if now, there := lookup(next, "_id"); ok && (!there || keyOf(now) != keyOf(id)) {
		return refuse(66, "ImmutableField", "Performing an update on the path '_id' would modify the immutable field '_id'")
	}
	if len(next) > maxBSON {
		return refuse(17419, "Location17419", "Resulting document after update is larger than %d", maxBSON)
	}
	return nil
}

// upsert inserts what an update that matched nothing asks for.
func (c *collection) upsert(q bsoncore.Value, change bsoncore.Document) (statement, writeError) {
	filter, _ := q.DocumentOK()
	at, b := bsoncore.AppendDocumentStart(nil)
	if id, ok := lookup(filter, "_id"); ok && !isCondition(id) {
		b = bsoncore.AppendValueElement(b, "_id", id)
	}
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	doc, err := modify(b, change)
	if err != nil {
		return statement{}, asWriteError(err)
	}
	id, ok := lookup(doc, "_id")
	if !ok {
		doc, id = withID(doc)
	}
	if e := c.insertOne(doc); e.code != 0 {
		return statement{}, e
	}
	upserted := rawValue(bsoncore.Value{Type: id.Type, Data: slices.Clone(id.Data)})
	return statement{n: 1, upserted: &upserted}, writeError{}
}

// modify is a document after a change. Its _id stays.
func modify(doc, change bsoncore.Document) (bsoncore.Document, error) {
	if !isOperators(change) {
		id, ok := lookup(doc, "_id")
		if _, given := lookup(change, "_id"); given || !ok {
			return change, nil
		}
		return withThisID(change, id), nil
	}
	var d bson.D
	if err := bson.Unmarshal(doc, &d); err != nil {
		return nil, refuse(22, "InvalidBSON", "%v", err)
	}
	fields, err := change.Elements()
	if err != nil {
		return nil, refuse(22, "InvalidBSON", "%v", err)
	}
	for _, operator := range fields {
		inner, _ := operator.Value().DocumentOK()
		sets, err := inner.Elements()
		if err != nil || operator.Key() != "$set" && operator.Key() != "$unset" {
			return nil, refuse(9, "FailedToParse", "Unknown modifier: %s", operator.Key())
		}
		for _, e := range sets {
			d = set(d, strings.Split(e.Key(), "."), e.Value(), operator.Key() == "$unset")
		}
	}
	return bson.Marshal(d)
}

// set puts a value at a path, or takes it away.
func set(d bson.D, path []string, v bsoncore.Value, unset bool) bson.D {
	i := slices.IndexFunc(d, func(e bson.E) bool { return e.Key == path[0] })
	if len(path) > 1 {
		inner, _ := bson.D{}, false
		if i >= 0 {
			inner, _ = d[i].Value.(bson.D)
		}
		value := set(inner, path[1:], v, unset)
		if i >= 0 {
			d[i].Value = value
			return d
		}
		return append(d, bson.E{Key: path[0], Value: value})
	}
	switch {
	case unset && i >= 0:
		return slices.Delete(d, i, i+1)
	case unset:
		return d
	case i >= 0:
		d[i].Value = rawValue(v)
		return d
	}
	return append(d, bson.E{Key: path[0], Value: rawValue(v)})
}

func remove(c *call) (bson.D, error) {
	list, err := c.writes("deletes")
	if err != nil {
		return nil, err
	}
	coll := c.server.data.get(c.database, c.collection, true)
	coll.mu.Lock()
	defer coll.mu.Unlock()
	var w written
	for i, d := range list {
		did, done := c.txn.done(i)
		if done {
			w.retried = append(w.retried, int32(i))
		} else {
			e := c.refused(i, d)
			if e.code == 0 {
				did, e = coll.delete(d)
			}
			if e.code != 0 {
				w.fail(i, e)
				if c.flag("ordered", true) {
					break
				}
				continue
			}
			c.txn.did(i, did)
		}
		w.n += did.n
	}
	return w.fields(false), nil
}

func (c *collection) delete(d bsoncore.Document) (statement, writeError) {
	q, _ := lookup(d, "q")
	limit, _ := lookup(d, "limit")
	n, _ := number(limit)
	type gone struct {
		i  uint32
		id bsoncore.Value
	}
	var all []gone
	err := c.pick(query{filter: q, limit: int(n)}, func(i uint32, doc bsoncore.Document) error {
		id, ok := lookup(doc, "_id")
		if !ok {
			return refuse(2, "BadValue", "the stub keeps no ids of %s: delete by _id", c.namespace)
		}
		all = append(all, gone{i, id})
		return nil
	})
	if err != nil {
		return statement{}, asWriteError(err)
	}
	for _, one := range all {
		c.remove(one.i, one.id)
	}
	return statement{n: int32(len(all))}, writeError{}
}
