package document

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

const (
	// MaxDepth is how deep objects and arrays may be nested, the outermost
	// object counted. MongoDB's limit is 100 and leaves room for the fields
	// that callers put around a document.
	MaxDepth = 90
	// MaxSize is the size of a document in bytes, below MongoDB's 16 MiB so
	// that a caller can add fields of its own.
	MaxSize = 15 << 20
	// MaxInexact is how many bytes the paths of inexact numbers may have
	// together. Without it a long key over many such numbers would turn a
	// small text into gigabytes of paths.
	MaxInexact = 256 << 10
)

// Append appends src, one JSON object with or without white space around it,
// to dst as a BSON document and returns the extended slice. On an error the
// slice returned is dst as it was.
//
// An integer becomes an int32 where it fits, else an int64 where it fits. Any
// other number, and -0, becomes a double when the shortest decimal that reads
// back as that double has exactly the value written (0.1, 1.0, 1e3); else it is
// kept as a string of the digits as they came, and inexact holds its dotted
// path, with array indexes as steps ("cheers.0.amount").
//
// The error is a *[NotDocumentError] when the value can't be a document in
// every store, or a *[SyntaxError] when src is not JSON; of several problems it
// is the one that comes first in src.
//
// FerretDB 1.24 keeps what Append writes but for two things that it does to any
// document: a double -0 becomes 0, and a nested field named _id moves to the
// front of its object.
func Append(dst, src []byte) (doc []byte, inexact []string, err error) {
	e := encoder{src: src, dst: dst, start: len(dst), room: MaxInexact}
	e.keys.few = make([]shortKey, 0, 2*fewKeys)
	switch c := e.next(); {
	case c == '{':
		err = e.object(1)
	case c == '[' || c == '"' || c == '-' || isDigit(c) || c == 't' || c == 'f' || c == 'n':
		err = e.refuse(NotObject)
	default:
		err = e.malformed("expected an object")
	}
	if err == nil && (e.next() != 0 || e.pos < len(src)) {
		err = e.malformed("something follows the object")
	}
	if err == nil && len(e.dst)-e.start > MaxSize {
		err = e.refuse(TooLarge)
	}
	if err != nil {
		return dst, nil, err
	}
	return e.dst, e.inexact, nil
}

type encoder struct {
	src []byte
	pos int

	dst   []byte
	start int // where the document starts in dst

	at   [MaxDepth + 1]int // at[d] is where in dst the key being read at depth d is
	keys keySet

	inexact []string
	room    int // bytes that paths in inexact may still take
}

// next skips white space and returns the byte that follows, which it doesn't
// consume. It returns 0, which starts nothing in JSON, at the end.
func (e *encoder) next() byte {
	for e.pos < len(e.src) {
		switch c := e.src[e.pos]; c {
		case ' ', '\n', '\r', '\t':
			e.pos++
		default:
			return c
		}
	}
	return 0
}

func (e *encoder) object(depth int) error {
	if depth > MaxDepth {
		return e.refuse(TooDeep)
	}
	length := e.open()
	scope := e.keys.enter(length - e.start)
	more := e.next() != '}'
	for more {
		if e.next() != '"' {
			return e.malformed("expected a key")
		}
		kind := len(e.dst)
		e.dst = append(e.dst, 0) // patched when the value has been read
		e.at[depth] = len(e.dst)
		if err := e.key(&scope); err != nil {
			return err
		}
		if e.next() != ':' {
			return e.malformed("expected a colon")
		}
		e.pos++
		err := e.value(depth, kind, '{')
		if err != nil {
			return err
		}
		if more, err = e.another('}'); err != nil {
			return err
		}
	}
	e.keys.leave(scope)
	e.end(length)
	return nil
}

func (e *encoder) array(depth int) error {
	if depth > MaxDepth {
		return e.refuse(TooDeep)
	}
	length := e.open()
	more := e.next() != ']'
	for i := int64(0); more; i++ {
		kind := len(e.dst)
		e.dst = append(e.dst, 0)
		e.at[depth] = len(e.dst)
		e.dst = append(strconv.AppendInt(e.dst, i, 10), 0)
		err := e.value(depth, kind, '[')
		if err != nil {
			return err
		}
		if more, err = e.another(']'); err != nil {
			return err
		}
	}
	e.end(length)
	return nil
}

// value appends one value and sets the element's type at kind. depth is that of
// the container and in the byte that opens it.
func (e *encoder) value(depth, kind int, in byte) (err error) {
	t := bsoncore.TypeNull
	switch c := e.next(); {
	case c == '"':
		t = bsoncore.TypeString
		length := len(e.dst)
		e.dst = append(e.dst, 0, 0, 0, 0)
		err = e.text()
		e.dst = append(e.dst, 0)
		binary.LittleEndian.PutUint32(e.dst[length:], uint32(len(e.dst)-length-4))
	case c == '-' || isDigit(c):
		t, err = e.number(depth)
	case c == '{':
		t, err = bsoncore.TypeEmbeddedDocument, e.object(depth+1)
	case c == '[' && in == '[':
		err = e.refuse(NestedArray)
	case c == '[':
		t, err = bsoncore.TypeArray, e.array(depth+1)
	case c == 't':
		t, err = bsoncore.TypeBoolean, e.literal("true")
		e.dst = bsoncore.AppendBoolean(e.dst, true)
	case c == 'f':
		t, err = bsoncore.TypeBoolean, e.literal("false")
		e.dst = bsoncore.AppendBoolean(e.dst, false)
	case c == 'n':
		err = e.literal("null")
	default:
		err = e.malformed("expected a value")
	}
	if err == nil && len(e.dst)-e.start > MaxSize {
		err = e.refuse(TooLarge)
	}
	e.dst[kind] = byte(t)
	return err
}

// another consumes what follows an element: a comma, after which there must be
// another one, or the byte that closes the container, which it leaves.
func (e *encoder) another(closing byte) (bool, error) {
	switch e.next() {
	case ',':
		e.pos++
		return true, nil
	case closing:
		return false, nil
	}
	return false, e.malformed("expected a comma or " + string(rune(closing)))
}

// open consumes the byte that opens an object or array and reserves the four
// bytes of the BSON length, whose place it returns.
func (e *encoder) open() int {
	e.pos++
	e.dst = append(e.dst, 0, 0, 0, 0)
	return len(e.dst) - 4
}

// end consumes the closing byte and fills in the length that open reserved.
func (e *encoder) end(length int) {
	e.pos++
	e.dst = append(e.dst, 0)
	binary.LittleEndian.PutUint32(e.dst[length:], uint32(len(e.dst)-length))
}

func (e *encoder) literal(word string) error {
	if !bytes.HasPrefix(e.src[e.pos:], []byte(word)) {
		return e.malformed("expected " + word)
	}
	e.pos += len(word)
	return nil
}

func (e *encoder) refuse(r Reason) error {
	return &NotDocumentError{Reason: r, Offset: e.pos}
}

func (e *encoder) malformed(problem string) error {
	return &SyntaxError{Problem: problem, Offset: e.pos}
}
