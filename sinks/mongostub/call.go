package mongostub

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// call is one command being answered.
type call struct {
	server *Server
	conn   *conn
	// name is the command's, as it came; its value is the collection, for those
	// that have one.
	name, database, collection string
	body                       bsoncore.Document
	request                    request
	// faults of this command; refusing are those that have refused some of it.
	faults, refusing []*Injected
	// txn remembers what an earlier try has done; nil where nothing does.
	txn *txn
}

// refusal is an error of the whole command, by the names and codes of
// mongodb.com, "Error codes".
type refusal struct {
	code          int32
	name, message string
	labels        []string
}

func (r *refusal) Error() string { return fmt.Sprintf("%s (%d): %s", r.name, r.code, r.message) }

func refuse(code int32, name, format string, args ...any) error {
	return &refusal{code: code, name: name, message: fmt.Sprintf(format, args...)}
}

// answer carries a message out and gives the document that answers it, nil for
// no answer; cut: the connection is to be closed without one.
func (c *conn) answer(r request) (doc []byte, cut bool) {
	k, err := c.open(r)
	if err != nil {
		return reply(nil, err), false
	}
	c.server.log.add(k.logged())
	k.faults = c.server.faults.of(k)
	reached := k.before(c.server.stop)
	switch {
	case reached.cut, reached.silent:
		return nil, reached.cut
	case reached.err != nil:
		return reply(nil, reached.err), false
	}
	fields, err := k.run()
	if err == nil {
		fields = k.concern(fields)
	}
	reached = k.after()
	if reached.cut || reached.silent {
		return nil, reached.cut
	}
	return reply(fields, err), false
}

// open reads what is common to all commands.
func (c *conn) open(r request) (*call, error) {
	first, ok := first(r.body)
	if !ok {
		return nil, refuse(59, "CommandNotFound", "no such command: ''")
	}
	k := &call{server: c.server, conn: c, request: r, body: r.body, name: first.Key(), database: "admin"}
	k.collection, _ = first.Value().StringValueOK()
	if v, ok := lookup(r.body, "$db"); ok {
		k.database, _ = v.StringValueOK()
	}
	return k, nil
}

func first(doc bsoncore.Document) (bsoncore.Element, bool) {
	e, _, ok := bsoncore.ReadElement(elements(doc))
	return e, ok
}

// run carries the command out, under its session's number where it is a write
// that may be repeated.
func (k *call) run() (bson.D, error) {
	do, known := commands[k.name]
	if !known {
		return nil, refuse(59, "CommandNotFound", "no such command: '%s'", k.name)
	}
	release, err := k.begin()
	if err != nil {
		return nil, err
	}
	defer release()
	return do(k)
}

// reply is the answer's document.
func reply(fields bson.D, err error) []byte {
	if err == nil {
		doc, failed := bson.Marshal(append(fields, bson.E{Key: "ok", Value: 1.0}))
		if failed == nil {
			return doc
		}
		err = failed
	}
	r := &refusal{code: 1, name: "InternalError", message: err.Error()}
	errors.As(err, &r)
	d := bson.D{{Key: "ok", Value: 0.0}, {Key: "errmsg", Value: r.message}, {Key: "code", Value: r.code}, {Key: "codeName", Value: r.name}}
	if len(r.labels) > 0 {
		d = append(d, bson.E{Key: "errorLabels", Value: r.labels})
	}
	doc, _ := bson.Marshal(d)
	return doc
}

func (k *call) namespace() string { return k.database + "." + k.collection }

func (k *call) noName() error {
	return refuse(73, "InvalidNamespace", "Invalid namespace specified '%s'", k.namespace())
}

// flag reads a boolean of the command.
func (k *call) flag(name string, unsaid bool) bool {
	v, ok := lookup(k.body, name)
	if !ok {
		return unsaid
	}
	return truth(v)
}

// count reads a whole number that is not negative; 0 where there is none.
func (k *call) count(name string) int {
	v, ok := lookup(k.body, name)
	if !ok {
		return 0
	}
	n, _ := number(v)
	return int(max(0, min(n, 1<<31)))
}

// array gives the documents that came under a name, in the body or in a
// sequence of their own. They are valid until the connection reads on.
func (k *call) array(name string) ([]bsoncore.Document, error) {
	docs := k.conn.docs[:0]
	for _, s := range k.request.sequences {
		if s.name != name {
			continue
		}
		for left := s.docs; len(left) > 0; {
			doc, rest, ok := bsoncore.ReadDocument(left)
			if !ok {
				return nil, refuse(22, "InvalidBSON", "%s is cut off", name)
			}
			docs, left = append(docs, doc), rest
		}
	}
	if v, ok := lookup(k.body, name); ok {
		values, isArray := v.ArrayOK()
		list, err := values.Values()
		if !isArray || err != nil {
			return nil, refuse(14, "TypeMismatch", "BSON field '%s.%s' is the wrong type, expected type 'array'", k.name, name)
		}
		for _, v := range list {
			doc, ok := v.DocumentOK()
			if !ok {
				return nil, refuse(14, "TypeMismatch", "BSON field '%s.%s' holds what is no document", k.name, name)
			}
			docs = append(docs, doc)
		}
	}
	k.conn.docs = docs
	return docs, nil
}

// writes gives the documents of a writing command, in bounds.
func (k *call) writes(name string) ([]bsoncore.Document, error) {
	if k.collection == "" {
		return nil, k.noName()
	}
	docs, err := k.array(name)
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 || len(docs) > maxWrites {
		return nil, refuse(16, "InvalidLength", "Write batch sizes must be between 1 and %d. Got %d operations.", maxWrites, len(docs))
	}
	return docs, nil
}
