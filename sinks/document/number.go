package document

import (
	"bytes"
	"math"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// number appends the number at pos and returns the type it got. depth is that
// of the container.
func (e *encoder) number(depth int) (bsoncore.Type, error) {
	text, integer := scanNumber(e.src[e.pos:])
	if text == nil {
		return 0, e.malformed("bad number")
	}
	e.pos += len(text)
	if integer {
		if i, ok := parseInt(text); ok {
			return e.integer(i), nil
		}
	}
	if f, ok := parseDouble(text); ok {
		e.dst = bsoncore.AppendDouble(e.dst, f)
		return bsoncore.TypeDouble, nil
	}
	e.dst = bsoncore.AppendInt32(e.dst, int32(len(text)+1))
	e.dst = append(append(e.dst, text...), 0)
	return bsoncore.TypeString, e.note(depth)
}

func (e *encoder) integer(i int64) bsoncore.Type {
	if int64(int32(i)) == i {
		e.dst = bsoncore.AppendInt32(e.dst, int32(i))
		return bsoncore.TypeInt32
	}
	e.dst = bsoncore.AppendInt64(e.dst, i)
	return bsoncore.TypeInt64
}

// note adds the path of the element being read to the inexact ones.
func (e *encoder) note(depth int) error {
	var path []byte
	for _, at := range e.at[1 : depth+1] {
		key := e.dst[at:]
		path = append(append(path, '.'), key[:bytes.IndexByte(key, 0)]...)
		if len(path) > e.room {
			return e.refuse(TooManyInexact)
		}
	}
	e.room -= len(path)
	e.inexact = append(e.inexact, string(path[1:]))
	return nil
}

// scanNumber returns the number that s starts with by the grammar of RFC 8259,
// section 6, nil when there is none, and whether it is written without a
// fraction and an exponent.
func scanNumber(s []byte) (text []byte, integer bool) {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	whole := digits(s[i:])
	if whole == 0 || whole > 1 && s[i] == '0' {
		return nil, false
	}
	i += whole
	integer = true
	if i < len(s) && s[i] == '.' {
		n := digits(s[i+1:])
		if n == 0 {
			return nil, false
		}
		i, integer = i+1+n, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		n := digits(s[i:])
		if n == 0 {
			return nil, false
		}
		i, integer = i+n, false
	}
	return s[:i], integer
}

func digits(s []byte) int {
	for i, c := range s {
		if !isDigit(c) {
			return i
		}
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// parseInt returns the integer that text writes. It is false for what no int64
// holds, and for -0, whose sign no integer holds.
func parseInt(text []byte) (int64, bool) {
	negative := text[0] == '-'
	if negative {
		text = text[1:]
	}
	const most = 19 // digits of the largest int64; the largest uint64 has 20
	if len(text) > most {
		return 0, false
	}
	var u uint64
	for _, c := range text {
		u = u*10 + uint64(c-'0')
	}
	if negative {
		return -int64(u), u != 0 && u <= 1<<63
	}
	return int64(u), u <= math.MaxInt64
}

// parseDouble returns the double that text writes. It is false when the double
// nearest to it prints back, in its shortest form, as another value.
func parseDouble(text []byte) (float64, bool) {
	var written, shortest [32]byte
	w, ok := canonical(written[:0], text)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(w), 64)
	if err != nil {
		return 0, false
	}
	return f, bytes.Equal(w, strconv.AppendFloat(shortest[:0], f, 'e', -1, 64))
}
