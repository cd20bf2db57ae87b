package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// reference says what Append has to make of src, in another way: the standard
// library's tokens, math/big for the numbers and a map for the keys. It is
// false when src can't be a document.
func reference(src []byte) (bson.D, []string, bool) {
	if !utf8.Valid(src) || hasLoneSurrogate(src) {
		return nil, nil, false
	}
	r := reader{tokens: json.NewDecoder(bytes.NewReader(src))}
	r.tokens.UseNumber()
	if token := r.token(); token != json.Delim('{') {
		return nil, nil, false
	}
	d := r.object(nil)
	return d, r.inexact, !r.refused
}

type reader struct {
	tokens  *json.Decoder
	inexact []string
	refused bool
}

// token returns nil, as for null, after an error; the caller has made sure that
// there is none.
func (r *reader) token() json.Token {
	token, err := r.tokens.Token()
	if err != nil {
		r.refused = true
	}
	return token
}

func (r *reader) object(path []string) bson.D {
	d, seen := bson.D{}, map[string]bool{}
	r.refused = r.refused || len(path) >= 90
	for !r.refused && r.tokens.More() {
		key := r.token().(string)
		if key == "" || seen[key] || strings.HasPrefix(key, "$") || strings.ContainsAny(key, ".\x00") {
			r.refused = true
		}
		seen[key] = true
		d = append(d, bson.E{Key: key, Value: r.value(append(path, key), false)})
	}
	r.token()
	return d
}

func (r *reader) array(path []string) bson.A {
	a := bson.A{}
	r.refused = r.refused || len(path) >= 90
	for i := 0; !r.refused && r.tokens.More(); i++ {
		a = append(a, r.value(append(path, strconv.Itoa(i)), true))
	}
	r.token()
	return a
}

func (r *reader) value(path []string, inArray bool) any {
	switch v := r.token().(type) {
	case json.Delim:
		if v == '{' {
			return r.object(path)
		}
		r.refused = r.refused || inArray
		return r.array(path)
	case json.Number:
		return r.number(string(v), path)
	default:
		return v
	}
}

func (r *reader) number(s string, path []string) any {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil && s != "-0" {
		if i32, err := strconv.ParseInt(s, 10, 32); err == nil {
			return int32(i32)
		}
		return i
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		written, ok := rational(s)
		shortest, _ := rational(strconv.FormatFloat(f, 'g', -1, 64))
		if ok && written.Cmp(shortest) == 0 {
			return f
		}
	}
	r.inexact = append(r.inexact, strings.Join(slices.Clone(path), "."))
	return s
}

// rational returns the exact value of s, false when it would take too long and
// is certainly not a double's.
func rational(s string) (*big.Rat, bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	if !strings.ContainsAny(mantissa, "123456789") {
		return new(big.Rat), true
	}
	if e, err := strconv.Atoi("0" + strings.TrimLeft(exponent, "+-")); err != nil || e > 1000+len(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// hasLoneSurrogate reports whether JSON has half a pair; backslashes are in
// strings only.
func hasLoneSurrogate(src []byte) bool {
	high := false // the character before was a high surrogate
	for i := 0; i < len(src); i++ {
		var unit uint64
		if src[i] == '\\' {
			i++
			if src[i] == 'u' {
				unit, _ = strconv.ParseUint(string(src[i+1:i+5]), 16, 16)
				i += 4
			}
		}
		if low := unit&0xfc00 == 0xdc00; low != high {
			return true
		}
		high = unit&0xfc00 == 0xd800
	}
	return high
}

// check compares what Append makes of src with the reference, byte for byte.
func check(src []byte) error {
	got, inexact, err := Append(nil, src)
	if !json.Valid(src) {
		if err == nil {
			return fmt.Errorf("accepted what is not JSON")
		}
		return nil
	}
	want, wantInexact, ok := reference(src)
	if !ok {
		if reasonOf(err) == "" {
			return fmt.Errorf("got %v, want a NotDocumentError", err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := bson.Raw(got).Validate(); err != nil {
		return err
	}
	encoded, err := bson.Marshal(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, encoded) {
		return fmt.Errorf("got %v, want %v", bson.Raw(got), bson.Raw(encoded))
	}
	if !slices.Equal(inexact, wantInexact) {
		return fmt.Errorf("got inexact %q, want %q", inexact, wantInexact)
	}
	return nil
}
