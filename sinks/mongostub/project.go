package mongostub

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// projection are the dotted paths that an answer has, beside _id; all fields
// where it is nil.
type projection []string

func readProjection(v bsoncore.Value) (projection, error) {
	d, _ := v.DocumentOK()
	var p projection
	for rest := elements(d); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			return p, nil
		}
		rest = r
		if !truth(e.Value()) {
			return nil, refuse(2, "BadValue", "the stub knows no projection that leaves %s out", e.Key())
		}
		p = append(p, e.Key())
	}
}

// of is the projected document, in the document's own order.
func (p projection) of(doc bsoncore.Document) bsoncore.Document {
	if p == nil {
		return doc
	}
	return project(doc, append(projection{"_id"}, p...))
}

func project(doc bsoncore.Document, p projection) bsoncore.Document {
	at, out := bsoncore.AppendDocumentStart(nil)
	for rest := elements(doc); ; {
		e, r, ok := bsoncore.ReadElement(rest)
		if !ok {
			break
		}
		rest = r
		if slices.Contains(p, e.Key()) {
			out = append(out, e...)
			continue
		}
		if inner, isDoc := e.Value().DocumentOK(); isDoc {
			if under := p.under(e.Key()); len(under) > 0 {
				out = bsoncore.AppendDocumentElement(out, e.Key(), project(inner, under))
			}
		}
	}
	out, _ = bsoncore.AppendDocumentEnd(out, at)
	return out
}

// under are the paths within a field.
func (p projection) under(field string) (inner projection) {
	for _, path := range p {
		if top, rest, dotted := strings.Cut(path, "."); dotted && top == field {
			inner = append(inner, rest)
		}
	}
	return inner
}
