package mongostub

import (
	"bytes"
	"cmp"
	"math"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// number is a numeric value as a double; Decimal128 is none here.
func number(v bsoncore.Value) (float64, bool) {
	switch v.Type {
	case bsoncore.TypeDouble, bsoncore.TypeInt32, bsoncore.TypeInt64:
		return v.AsFloat64OK()
	}
	return 0, false
}

// truth is a value as a condition: true, or a number that is not 0.
func truth(v bsoncore.Value) bool {
	if b, ok := v.BooleanOK(); ok {
		return b
	}
	n, ok := number(v)
	return ok && n != 0
}

// absent is the value of a field that is not there; it equals null.
func absent() bsoncore.Value { return bsoncore.Value{Type: bsoncore.TypeNull} }

// compare orders two values of one kind; not ok for values that have no order
// between them, which then are unequal.
func compare(a, b bsoncore.Value) (order int, ok bool) {
	if x, isNumber := number(a); isNumber {
		y, too := number(b)
		return compareNumbers(a, b, x, y), too && !math.IsNaN(x) && !math.IsNaN(y)
	}
	if a.Type != b.Type {
		return 0, false
	}
	switch a.Type {
	case bsoncore.TypeString:
		x, okA := a.StringValueOK()
		y, okB := b.StringValueOK()
		return cmp.Compare(x, y), okA && okB
	case bsoncore.TypeDateTime:
		x, okA := a.DateTimeOK()
		y, okB := b.DateTimeOK()
		return cmp.Compare(x, y), okA && okB
	}
	return bytes.Compare(a.Data, b.Data), true
}

// compareNumbers is exact for whole numbers over 2^53, too.
func compareNumbers(a, b bsoncore.Value, x, y float64) int {
	if a.Type != bsoncore.TypeDouble && b.Type != bsoncore.TypeDouble {
		i, _ := a.AsInt64OK()
		j, _ := b.AsInt64OK()
		return cmp.Compare(i, j)
	}
	return cmp.Compare(x, y)
}

func equal(a, b bsoncore.Value) bool {
	order, ok := compare(a, b)
	return ok && order == 0
}
