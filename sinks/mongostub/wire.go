package mongostub

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// Wire facts: mongodb.com, "MongoDB Wire Protocol", and the specification
// source/message/OP_MSG.md.
const (
	headerLen  = 16
	maxMessage = 48_000_000
	maxBSON    = 16 << 20
	maxWrites  = 100_000

	opReply = 1
	opQuery = 2004
	opMsg   = 2013

	flagChecksum   = 1 << 0
	flagMoreToCome = 1 << 1
	// flagsRequired are those a receiver must know, or refuse the message.
	flagsRequired = 0xFFFF
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is a message's first 16 bytes.
type header struct {
	length, id, op int32
}

// request is one message, decoded without copying: it is valid until the
// connection reads the next.
type request struct {
	id int32
	// legacy: an OP_QUERY, which is answered by an OP_REPLY.
	legacy bool
	// silent: the sender waits for no answer.
	silent bool
	body   bsoncore.Document
	// sequences are the sections of kind 1.
	sequences []sequence
}

// sequence is documents one behind the other, under the name that they would
// have in the body.
type sequence struct {
	name string
	docs []byte
}

func decodeHeader(b []byte) (header, error) {
	h := header{
		length: int32(binary.LittleEndian.Uint32(b)), id: int32(binary.LittleEndian.Uint32(b[4:])),
		op: int32(binary.LittleEndian.Uint32(b[12:])),
	}
	if h.length < headerLen || h.length > maxMessage {
		return h, fmt.Errorf("a message of %d bytes", h.length)
	}
	return h, nil
}

// decode reads a whole message; sequences is a slice to be used again.
func decode(message []byte, sequences []sequence) (request, error) {
	if len(message) < headerLen {
		return request{}, errors.New("no header")
	}
	h, err := decodeHeader(message)
	if err != nil {
		return request{}, err
	}
	if int(h.length) != len(message) {
		return request{}, fmt.Errorf("the header says %d bytes, there are %d", h.length, len(message))
	}
	switch h.op {
	case opMsg:
		return decodeMsg(h, message, sequences[:0])
	case opQuery:
		return decodeQuery(h, message[headerLen:])
	}
	return request{}, fmt.Errorf("opcode %d", h.op)
}

func decodeMsg(h header, message []byte, sequences []sequence) (request, error) {
	b := message[headerLen:]
	if len(b) < 4 {
		return request{}, errors.New("no flags")
	}
	flags := binary.LittleEndian.Uint32(b)
	b = b[4:]
	if unknown := flags & flagsRequired &^ (flagChecksum | flagMoreToCome); unknown != 0 {
		return request{}, fmt.Errorf("flags %#x are unknown", unknown)
	}
	if flags&flagChecksum != 0 {
		if len(b) < 4 {
			return request{}, errors.New("no checksum")
		}
		end := len(message) - 4
		if binary.LittleEndian.Uint32(message[end:]) != crc32.Checksum(message[:end], castagnoli) {
			return request{}, errors.New("the checksum is wrong")
		}
		b = b[:len(b)-4]
	}
	r := request{id: h.id, silent: flags&flagMoreToCome != 0, sequences: sequences}
	for len(b) > 0 {
		var err error
		if b, err = r.section(b); err != nil {
			return request{}, err
		}
	}
	if r.body == nil {
		return request{}, errors.New("no section of kind 0")
	}
	return r, nil
}

// section reads one section and gives what is behind it.
func (r *request) section(b []byte) (rest []byte, err error) {
	kind, b := b[0], b[1:]
	switch {
	case kind == 0 && r.body == nil:
		r.body, b, err = document(b)
		return b, err
	case kind == 1:
		size, rest, ok := bsoncore.ReadLength(b)
		if !ok || size < 4 || int(size) > len(b) {
			return nil, fmt.Errorf("a sequence of %d bytes where there are %d", size, len(b))
		}
		name, docs, ok := readCString(rest[:size-4])
		if !ok {
			return nil, errors.New("a sequence without a name")
		}
		for left := docs; len(left) > 0; {
			n, _, ok := bsoncore.ReadLength(left)
			if !ok || n < 5 || int(n) > len(left) || left[n-1] != 0 {
				return nil, fmt.Errorf("sequence %s: a document of %d bytes where there are %d", name, n, len(left))
			}
			left = left[n:]
		}
		r.sequences = append(r.sequences, sequence{name, docs})
		return b[size:], nil
	}
	return nil, fmt.Errorf("a section of kind %d out of place", kind)
}

// decodeQuery reads the handshake that drivers send before they know whether
// the server speaks OP_MSG.
func decodeQuery(h header, b []byte) (request, error) {
	if len(b) < 4 {
		return request{}, errors.New("no flags")
	}
	name, b, ok := readCString(b[4:])
	if !ok || len(b) < 8 {
		return request{}, errors.New("a query that is cut off")
	}
	body, rest, err := document(b[8:])
	if err != nil {
		return request{}, err
	}
	if len(rest) > 0 {
		return request{}, fmt.Errorf("query of %s: %d bytes too many", name, len(rest))
	}
	return request{id: h.id, legacy: true, body: body}, nil
}

// document reads a valid document and gives what is behind it.
func document(b []byte) (doc bsoncore.Document, rest []byte, err error) {
	doc, rest, ok := bsoncore.ReadDocument(b)
	if !ok {
		return nil, nil, errors.New("a document that is cut off")
	}
	if err := doc.Validate(); err != nil {
		return nil, nil, err
	}
	return doc, rest, nil
}

func readCString(b []byte) (s string, rest []byte, ok bool) {
	for i, c := range b {
		if c == 0 {
			return string(b[:i]), b[i+1:], true
		}
	}
	return "", nil, false
}

// encode appends the message that answers r with a document.
func encode(dst []byte, r request, doc []byte) []byte {
	op, start := int32(opMsg), len(dst)
	if r.legacy {
		op = opReply
	}
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(r.id)) // the answer's own id matters to nobody
	dst = binary.LittleEndian.AppendUint32(dst, uint32(r.id))
	dst = binary.LittleEndian.AppendUint32(dst, uint32(op))
	if r.legacy {
		dst = append(dst, 8, 0, 0, 0)                         // AwaitCapable, as every server says
		dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // no cursor, from the start
		dst = append(dst, 1, 0, 0, 0)                         // one document
	} else {
		dst = append(dst, 0, 0, 0, 0, 0) // no flags; a section of kind 0
	}
	dst = append(dst, doc...)
	binary.LittleEndian.PutUint32(dst[start:], uint32(len(dst)-start))
	return dst
}
