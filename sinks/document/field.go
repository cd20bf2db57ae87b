package document

import (
	"errors"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// AppendField appends src, one JSON value, as the element name: as a document
// where it can be one everywhere, else the same text as a string under name
// with "Json" behind it. inexact are the paths of numbers kept as text, from
// name on.
//
// Text that no BSON string can hold, and what is not JSON, is an error: Append's.
func AppendField(dst []byte, name string, src []byte) (out []byte, inexact []string, err error) {
	start := len(dst)
	dst = bsoncore.AppendHeader(dst, bsoncore.TypeEmbeddedDocument, name)
	out, inexact, err = Append(dst, src)
	if err == nil {
		for i := range inexact {
			inexact[i] = name + "." + inexact[i]
		}
		return out, inexact, nil
	}
	var not *NotDocumentError
	if !errors.As(err, &not) || not.Reason == InvalidUTF8 {
		return dst[:start], nil, err
	}
	return bsoncore.AppendStringElement(dst[:start], name+"Json", string(src)), nil, nil
}

// AppendStrings appends an array of strings as the element name; nothing for
// none.
func AppendStrings(dst []byte, name string, list []string) []byte {
	if len(list) == 0 {
		return dst
	}
	at, dst := bsoncore.AppendArrayElementStart(dst, name)
	for i, s := range list {
		dst = bsoncore.AppendStringElement(dst, strconv.Itoa(i), s)
	}
	dst, _ = bsoncore.AppendArrayEnd(dst, at)
	return dst
}
