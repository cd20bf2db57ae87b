package schema

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// The quick way of reading an object that [Seal] wrote or a normaliser made:
// one pass, no reflection, nothing copied but short texts. It never decides
// that something cannot be read: where an object is in any way other than we
// write them (a key that is not known or comes twice, a null, another kind of
// value, anything that is no JSON) it gives up, and encoding/json reads the
// whole object anew. So what is taken and what is refused, and in which words,
// is what it says; the fuzz tests hold both ways together.

// quickly calls take for each member of an object, with the key without its
// quotes, as written. take says by a number from 0 to 63 which field it has
// read; odd for none. It reports whether the object was read whole.
func quickly(object []byte, take func(key, value []byte) (field int)) bool {
	if firstByte(object) != '{' {
		return false
	}
	seen, ok := uint64(0), true
	_, err := CheckMembers(object, func(key []byte, value Checked) {
		if !ok {
			return
		}
		n := take(key[1:len(key)-1], value.b)
		if ok = n != odd && seen&(1<<n) == 0; ok {
			seen |= 1 << n
		}
	})
	return ok && err == nil
}

// odd is no field that is read quickly.
const odd = -1

// took is the field's number where its value was read.
func took(field int, ok bool) int {
	if !ok {
		return odd
	}
	return field
}

func readText[T ~string](to *T, value []byte) bool {
	if value[0] != '"' {
		return false
	}
	if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
		*to = T(inner)
		return true
	}
	return json.Unmarshal(value, to) == nil
}

func readFlag(to *bool, value []byte) bool {
	*to = value[0] == 't'
	return *to || value[0] == 'f'
}

// readCount reads a whole number as we write them.
func readCount(to *uint64, value []byte) bool {
	n, err := strconv.ParseUint(string(value), 10, 64)
	*to = n
	return err == nil
}

// readTime reads a time but for null.
func readTime(to *Time, value []byte) bool {
	return value[0] == '"' && to.UnmarshalJSON(value) == nil
}

// readNumber reads a whole number.
func readNumber(to *int64, value []byte) bool {
	n, err := strconv.ParseInt(string(value), 10, 64)
	*to = n
	return err == nil
}

// readList reads an array, whose elements read reads.
func readList[T any](to *[]T, value []byte, read func(to *T, value []byte) bool) bool {
	if value[0] != '[' {
		return false
	}
	list, ok := []T{}, true
	c := checker{b: value, i: 1}
	for c.space(); ok && !c.at(']'); c.space() {
		var one T
		from := c.i
		ok = c.skip() == nil && read(&one, value[from:c.i])
		list = append(list, one)
		if c.space(); c.at(',') {
			c.i++
		}
	}
	if ok {
		*to = list
		return true
	}
	return json.Unmarshal(value, to) == nil
}
