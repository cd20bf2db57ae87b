package document

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// TestValues shows what each JSON value becomes; the driver's own encoder says
// which bytes that is.
func TestValues(t *testing.T) {
	negativeZero := math.Copysign(0, -1)
	tests := []struct {
		name string
		json string
		want any
	}{
		{"null", `null`, nil},
		{"true", `true`, true},
		{"false", `false`, false},
		{"empty object", `{}`, d()},
		{"empty array", `[]`, bson.A{}},
		{"object", `{"z":1,"a":{"b":null}}`, d("z", int32(1), "a", d("b", nil))},
		{"array", `[1,"a",{"b":[2]},true]`, bson.A{int32(1), "a", d("b", bson.A{int32(2)}), true}},
		{"array of twelve", `[0,1,2,3,4,5,6,7,8,9,10,11]`, bson.A{
			int32(0), int32(1), int32(2), int32(3), int32(4), int32(5),
			int32(6), int32(7), int32(8), int32(9), int32(10), int32(11)}},

		{"zero", `0`, int32(0)},
		{"largest int32", `2147483647`, int32(math.MaxInt32)},
		{"smallest int32", `-2147483648`, int32(math.MinInt32)},
		{"over int32", `2147483648`, int64(math.MaxInt32 + 1)},
		{"under int32", `-2147483649`, int64(math.MinInt32 - 1)},
		{"over 2^53", `9007199254740993`, int64(9007199254740993)},
		{"largest int64", `9223372036854775807`, int64(math.MaxInt64)},
		{"smallest int64", `-9223372036854775808`, int64(math.MinInt64)},
		{"integer that a double holds", `100000000000000000000`, 1e20},

		{"one with a fraction", `1.0`, 1.0},
		{"one with an exponent", `1e3`, 1000.0},
		{"tenth", `0.1`, 0.1},
		{"many zeros", `0.10000000000000000000000000`, 0.1},
		{"upper E and plus", `-12.50E+01`, -125.0},
		{"negative zero", `-0`, negativeZero},
		{"negative zero with a fraction", `-0.0`, negativeZero},
		{"zero with an exponent", `0e999999999999999999999`, 0.0},
		{"seventeen digits", `0.30000000000000004`, 0.30000000000000004},
		{"largest double", `1.7976931348623157e308`, math.MaxFloat64},
		{"smallest double", `5e-324`, 5e-324},
		{"long way round to one", `0.` + strings.Repeat("0", 20000) + `1e20001`, 1.0},
		{"long way round to two", `2` + strings.Repeat("0", 20000) + `e-20000`, 2.0},

		{"empty string", `""`, ""},
		{"plain string", `"GG <b>&"`, "GG <b>&"},
		{"every short escape", `"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{"escaped letters", `"\u0041\u00e9\u20AC"`, "Aé€"},
		{"surrogate pair", `"a\ud83D\uDe00b"`, "a😀b"},
		{"first and last pair", `"\ud800\udc00\udbff\udfff"`, "\U00010000\U0010ffff"},
		{"NUL in a string", `"a\u0000b"`, "a\x00b"},
		{"raw UTF-8", `"é€😀"`, "é€😀"},
		{"noncharacter and replacement", `"\uffff�"`, "\uffff\ufffd"},
		{"delete is no control character", "\"\x7f\"", "\x7f"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, inexact, err := Append(nil, []byte(`{"v":`+tt.json+`}`))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(marshal(t, d("v", tt.want)), bson.Raw(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if inexact != nil {
				t.Errorf("inexact = %q", inexact)
			}
		})
	}
}

func TestInexact(t *testing.T) {
	tests := []struct {
		name  string
		json  string
		want  bson.D
		paths []string
	}{
		{"twenty digits", `{"n":12345678901234567890}`, d("n", "12345678901234567890"), []string{"n"}},
		{"2^63", `{"n":9223372036854775808}`, d("n", "9223372036854775808"), []string{"n"}},
		{"under int64", `{"n":-9223372036854775809}`, d("n", "-9223372036854775809"), []string{"n"}},
		{"too large", `{"n":1e400}`, d("n", "1e400"), []string{"n"}},
		{"too small", `{"n":1e-400}`, d("n", "1e-400"), []string{"n"}},
		{"just over the largest double", `{"n":1.7976931348623159e308}`, d("n", "1.7976931348623159e308"), []string{"n"}},
		{"under the smallest double", `{"n":4e-324}`, d("n", "4e-324"), []string{"n"}},
		{"exponent over int64", `{"n":1e99999999999999999999}`, d("n", "1e99999999999999999999"), []string{"n"}},
		{"exponent of 2^64", `{"n":1e18446744073709551616}`, d("n", "1e18446744073709551616"), []string{"n"}},
		{"more digits than a double", `{"n":0.10000000000000000555}`, d("n", "0.10000000000000000555"), []string{"n"}},
		{"eighteen digits", `{"n":0.123456789012345678}`, d("n", "0.123456789012345678"), []string{"n"}},
		{"not the shortest", `{"n":0.30000000000000003}`, d("n", "0.30000000000000003"), []string{"n"}},
		{"paths", `{"a":{"b":[1,{"c":1e400},{"d":2,"e":-1E+400}]},"f":[1e400]}`,
			d(
				"a", d("b", bson.A{int32(1), d("c", "1e400"), d("d", int32(2), "e", "-1E+400")}),
				"f", bson.A{"1e400"},
			),
			[]string{"a.b.1.c", "a.b.2.e", "f.0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, paths, err := Append(nil, []byte(tt.json))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(marshal(t, tt.want), bson.Raw(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.paths, paths); diff != "" {
				t.Errorf("paths (-want +got)\n%s", diff)
			}
		})
	}
}

func TestAppendKeepsWhatWasThere(t *testing.T) {
	before := []byte("before")
	tests := []struct {
		name string
		json string
		want string
	}{
		{"document", " {\"a\" : 1 }\r\n\t", "before" + string(marshal(t, d("a", int32(1))))},
		{"not a document", `{"a":1,"$b":2}`, "before"},
		{"not JSON", `{"a":1,`, "before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, _ := Append(before, []byte(tt.json))
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func marshal(t testing.TB, doc bson.D) bson.Raw {
	t.Helper()
	b, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// d makes a document of keys and values in turn.
func d(pairs ...any) bson.D {
	doc := bson.D{}
	for i := 0; i < len(pairs); i += 2 {
		doc = append(doc, bson.E{Key: pairs[i].(string), Value: pairs[i+1]})
	}
	return doc
}
