package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// Kind is what a JSON value begins with.
type Kind string

// The kinds that the fields of payloads have.
const (
	Text   Kind = `"`
	Number Kind = "-0123456789"
	Flag   Kind = "tf"
	List   Kind = "["
	Dict   Kind = "{"
)

// Is reports whether a JSON value, without white space before it, is of the kind.
func (k Kind) Is(value []byte) bool { return strings.IndexByte(string(k), value[0]) >= 0 }

// Member is one member of a JSON object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Null reports whether the value is null.
func (m Member) Null() bool { return string(m.Value) == "null" }

// MembersOf are the members of a JSON object in their order; nil for another
// kind of value.
func MembersOf(object []byte) ([]Member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	first, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("payload is no JSON: %w", err)
	}
	if first != json.Delim('{') {
		return nil, nil
	}
	members := []Member{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("payload is no JSON: %w", err)
		}
		m := Member{Name: name.(string)}
		if err := d.Decode(&m.Value); err != nil {
			return nil, fmt.Errorf("payload is no JSON: %w", err)
		}
		members = append(members, m)
	}
	return members, nil
}

// Payload is a payload taken apart: the fields that a document has of its own,
// and all others, which go into its field extra. A name from outside never
// becomes one of the document's own.
type Payload struct {
	// Fields are in the payload's order.
	Fields []Member
	Extra  []Member
	// Other is a payload that is no object.
	Other json.RawMessage
}

// AppendFields writes the document's own fields, then extra where there is any.
// inexact are the paths of numbers kept as text.
func (p Payload) AppendFields(b []byte) (out []byte, inexact []string, err error) {
	for _, m := range p.Fields {
		var more []string
		if b, more, err = appendMember(b, m); err != nil {
			return nil, nil, err
		}
		inexact = append(inexact, more...)
	}
	extra := []byte(p.Other)
	if extra == nil && len(p.Extra) == 0 {
		return b, inexact, nil
	}
	if extra == nil {
		if extra, err = objectOf(p.Extra...); err != nil {
			return nil, nil, err
		}
	}
	b, more, err := AppendField(b, "extra", extra)
	if err != nil {
		return nil, nil, fmt.Errorf("extra: %w", err)
	}
	return b, append(inexact, more...), nil
}

// objectOf puts members together again.
func objectOf(members ...Member) ([]byte, error) {
	b := []byte{'{'}
	for i, m := range members {
		name, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, name...), ':'), m.Value...)
	}
	return append(b, '}'), nil
}

// appendMember writes one field of the document's own, or its JSON text under
// the same name with Json behind it.
func appendMember(b []byte, m Member) (out []byte, inexact []string, err error) {
	// The converter takes objects: the value goes in under its name and the one
	// element is taken out again.
	wrapped, err := objectOf(m)
	if err != nil {
		return nil, nil, err
	}
	doc, inexact, err := Append(nil, wrapped)
	var not *NotDocumentError
	switch {
	case errors.As(err, &not):
		return bsoncore.AppendStringElement(b, m.Name+"Json", string(m.Value)), nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("payload: %s: %w", m.Name, err)
	}
	return append(b, doc[4:len(doc)-1]...), inexact, nil
}
