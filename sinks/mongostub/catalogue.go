package mongostub

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// catalogue is the collections by namespace, database.collection.
type catalogue struct {
	mu   sync.Mutex
	all  map[string]*collection
	lean map[string][]string
}

// get gives a collection, made where make says so; else nil where there is none.
func (d *catalogue) get(database, name string, make bool) *collection {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.all[database+"."+name]
	if c == nil && make {
		if d.all == nil {
			d.all = map[string]*collection{}
		}
		kept, lean := d.lean[name]
		c = &collection{namespace: database + "." + name, lean: lean, kept: kept, at: map[key]uint32{}}
		d.all[c.namespace] = c
	}
	return c
}

// drop removes what the condition picks, and says of how many.
func (d *catalogue) drop(picks func(namespace string) bool) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.all, func(namespace string, _ *collection) bool {
		gone := picks(namespace)
		if gone {
			n++
		}
		return gone
	})
	return n
}

func (d *catalogue) names(database string) (names []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for namespace := range d.all {
		if db, name, _ := strings.Cut(namespace, "."); db == database {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func create(c *call) (bson.D, error) {
	if c.collection == "" {
		return nil, c.noName()
	}
	if c.server.data.get(c.database, c.collection, false) != nil {
		return nil, refuse(48, "NamespaceExists", "Collection already exists. NS: %s", c.namespace())
	}
	c.server.data.get(c.database, c.collection, true)
	return nil, nil
}

func drop(c *call) (bson.D, error) {
	namespace := c.namespace()
	if c.server.data.drop(func(n string) bool { return n == namespace }) == 0 {
		return nil, refuse(26, "NamespaceNotFound", "ns not found %s", namespace)
	}
	return bson.D{{Key: "ns", Value: namespace}}, nil
}

func dropDatabase(c *call) (bson.D, error) {
	c.server.data.drop(func(n string) bool { return strings.HasPrefix(n, c.database+".") })
	return bson.D{{Key: "dropped", Value: c.database}}, nil
}

func listCollections(c *call) (bson.D, error) {
	filter, _ := lookup(c.body, "filter")
	var docs []bsoncore.Document
	for _, name := range c.server.data.names(c.database) {
		doc, err := bson.Marshal(bson.D{
			{Key: "name", Value: name}, {Key: "type", Value: "collection"}, {Key: "options", Value: bson.D{}},
			{Key: "info", Value: bson.D{{Key: "readOnly", Value: false}}}, {Key: "idIndex", Value: idIndex()},
		})
		if err != nil {
			return nil, err
		}
		ok, err := matches(doc, filter)
		if err != nil {
			return nil, err
		}
		if ok {
			docs = append(docs, doc)
		}
	}
	return c.page(c.database+".$cmd.listCollections", docs)
}

func idIndex() bson.D {
	return bson.D{{Key: "v", Value: int32(2)}, {Key: "key", Value: bson.D{{Key: "_id", Value: int32(1)}}}, {Key: "name", Value: "_id_"}}
}

func listIndexes(c *call) (bson.D, error) {
	coll := c.server.data.get(c.database, c.collection, false)
	if coll == nil {
		return nil, refuse(26, "NamespaceNotFound", "ns does not exist: %s", c.namespace())
	}
	coll.mu.Lock()
	defer coll.mu.Unlock()
	first, err := bson.Marshal(idIndex())
	if err != nil {
		return nil, err
	}
	return c.page(c.namespace(), append([]bsoncore.Document{first}, coll.indexes...))
}

// createIndexes remembers indexes and uses none. A unique one it refuses: it
// would not hold it.
func createIndexes(c *call) (bson.D, error) {
	list, err := c.array("indexes")
	if err != nil {
		return nil, err
	}
	for _, index := range list {
		if unique, _ := lookup(index, "unique"); truth(unique) {
			return nil, refuse(72, "InvalidOptions", "the stub holds no unique index but that of _id")
		}
	}
	made := c.server.data.get(c.database, c.collection, false) == nil
	coll := c.server.data.get(c.database, c.collection, true)
	coll.mu.Lock()
	defer coll.mu.Unlock()
	before := len(coll.indexes) + 1
	for _, index := range list {
		if !slices.ContainsFunc(coll.indexes, func(have bsoncore.Document) bool { return sameField(have, index, "name") }) {
			coll.indexes = append(coll.indexes, withVersion(index))
		}
	}
	return bson.D{
		{Key: "numIndexesBefore", Value: int32(before)}, {Key: "numIndexesAfter", Value: int32(len(coll.indexes) + 1)},
		{Key: "createdCollectionAutomatically", Value: made},
	}, nil
}

func sameField(a, b bsoncore.Document, name string) bool {
	x, _ := lookup(a, name)
	y, _ := lookup(b, name)
	return x.Equal(y)
}

// withVersion copies an index's description: what came lives as long as its
// message.
func withVersion(index bsoncore.Document) bsoncore.Document {
	at, b := bsoncore.AppendDocumentStart(nil)
	b = bsoncore.AppendInt32Element(b, "v", 2)
	b = append(b, elements(index)...)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	return b
}
