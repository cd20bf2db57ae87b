package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func nested(open, inner, shut string, depth int) string {
	return strings.Repeat(open, depth) + inner + strings.Repeat(shut, depth)
}

func TestCheckJSONTakes(t *testing.T) {
	tests := []struct{ name, in string }{
		{"object", `{"a":1}`},
		{"empty object", `{}`},
		{"empty array", `[]`},
		{"white space inside empty", "{ \t\r\n}"},
		{"white space all over", " \t\r\n[ 1 , { \"a\" : 2 } ] \t\r\n"},
		{"true", `true`},
		{"false", `false`},
		{"null", `null`},
		{"zero", `0`},
		{"minus zero", `-0`},
		{"fraction", `-12.340`},
		{"exponents", `[1e5,1E+5,1.0e-5,0e0,0.0e00]`},
		{"no float holds it", `1e400`},
		{"very long number", strings.Repeat("9", 10_000)},
		{"more than 64 bits", `18446744073709551616`},
		{"empty string", `""`},
		{"every escape", `"\"\\\/\b\f\n\r\t\u00e9\uABCD"`},
		{"escaped NUL", `"\u0000"`},
		{"surrogate pair", `"\ud83c\udf89"`},
		{"lone high surrogate", `"\ud83c"`},
		{"lone low surrogate", `"\udf89x"`},
		{"surrogates the wrong way", `"\udf89\ud83c"`},
		{"doubled keys", `{"a":1,"a":2}`},
		{"empty key", `{"":0}`},
		{"unicode", `"é日本🎉"`},
		{"replacement character itself", "\"\uFFFD\""},
		{"BOM inside a string", "\"\uFEFF\""},
		{"line separator U+2028", "\"\u2028\""},
		{"DEL", "\"\x7f\""},
		{"noncharacter U+FFFF", "\"\uFFFF\""},
		{"depth 100 arrays", nested("[", "", "]", 100)},
		{"depth 100 objects", nested(`{"a":`, "1", "}", 100)},
		{"depth 100 twice", "[" + nested("[", "", "]", 99) + "," + nested("[", "", "]", 99) + "]"},
		{"depth mixed over the word border", nested(`[{"a":`, "null", "}]", 50)},
		{"many siblings", "[" + strings.Repeat("[],", 10_000) + "{}]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := CheckJSON([]byte(tt.in)); err != nil {
				t.Errorf("refused: %v", err)
			}
			if !json.Valid([]byte(tt.in)) {
				t.Error("the table is wrong: encoding/json refuses it")
			}
		})
	}
}

func TestCheckJSONRefuses(t *testing.T) {
	tests := []struct {
		name, in string
		want     error
	}{
		{"empty", "", ErrJSON},
		{"white space only", " \n", ErrJSON},
		{"BOM", "\uFEFF{}", ErrJSON},
		{"NUL", "\x00", ErrJSON},
		{"NUL after", "{}\x00", ErrJSON},
		{"NUL in a string", "\"a\x00b\"", ErrJSON},
		{"line break in a string", "\"a\nb\"", ErrJSON},
		{"tab in a key", "{\"a\tb\":1}", ErrJSON},
		{"form feed as white space", "\f1", ErrJSON},
		{"no-break space", "\u00a01", ErrJSON},
		{"two values", "1 2", ErrJSON},
		{"two objects", "{}{}", ErrJSON},
		{"comma last in array", "[1,]", ErrJSON},
		{"comma last in object", `{"a":1,}`, ErrJSON},
		{"comma first", "[,1]", ErrJSON},
		{"two commas", "[1,,2]", ErrJSON},
		{"no comma", "[1 2]", ErrJSON},
		{"no colon", `{"a" 1}`, ErrJSON},
		{"no value", `{"a":}`, ErrJSON},
		{"key only", `{"a"}`, ErrJSON},
		{"bare key", `{a:1}`, ErrJSON},
		{"number as key", `{1:1}`, ErrJSON},
		{"single quotes", `{'a':1}`, ErrJSON},
		{"comment", `{}//x`, ErrJSON},
		{"crossed brackets", `[}`, ErrJSON},
		{"crossed deeper", `{"a":[}]`, ErrJSON},
		{"closing alone", `]`, ErrJSON},
		{"array colon", `["a":1]`, ErrJSON},
		{"leading zero", "01", ErrJSON},
		{"minus leading zero", "-01", ErrJSON},
		{"minus alone", "-", ErrJSON},
		{"plus", "+1", ErrJSON},
		{"point first", ".5", ErrJSON},
		{"point last", "5.", ErrJSON},
		{"exponent empty", "1e", ErrJSON},
		{"exponent sign only", "1e+", ErrJSON},
		{"hexadecimal", "0x1", ErrJSON},
		{"NaN", "NaN", ErrJSON},
		{"Infinity", "-Infinity", ErrJSON},
		{"upper case word", "True", ErrJSON},
		{"word cut", "tru", ErrJSON},
		{"word with more", "nullx", ErrJSON},
		{"bad escape", `"\x"`, ErrJSON},
		{"escape of a quote only", `"\'"`, ErrJSON},
		{"short \\u", `"\u12"`, ErrJSON},
		{"bad \\u", `"\u12g4"`, ErrJSON},
		{"bad \\u, last digit", `"\u123g"`, ErrJSON},
		{"escapes of C", `"\v"`, ErrJSON},
		{"octal escape", `"\0"`, ErrJSON},
		{"capital \\U", `"\U0041"`, ErrJSON},
		{"\\u at the end", `"\u1234`, ErrJSON},
		{"string without end", `"abc`, ErrJSON},
		{"backslash at the end", `"abc\`, ErrJSON},
		{"invalid byte", "\"\xff\"", ErrUTF8},
		{"cut rune", "\"\xe6\x97\"", ErrUTF8},
		{"overlong", "\"\xc0\xaf\"", ErrUTF8},
		{"surrogate in UTF-8", "\"\xed\xa0\x80\"", ErrUTF8},
		{"over U+10FFFF", "\"\xf4\x90\x80\x80\"", ErrUTF8},
		{"Latin-1", "{\"caf\xe9\":1}", ErrUTF8},
		{"depth 101 arrays", nested("[", "", "]", 101), ErrDepth},
		{"depth 101 objects", nested(`{"a":`, "1", "}", 101), ErrDepth},
		{"depth 101 in a late sibling", "[[]," + nested("[", "", "]", 100) + "]", ErrDepth},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := CheckJSON([]byte(tt.in)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// Reading stops at the level that is too deep, however many follow: the error
// names that byte, so a million brackets cost what a hundred and one do.
// TestCheckJSONEveryByte: a string is passed eight bytes at once, and each byte is
// seen wherever it stands.
func TestCheckJSONEveryByte(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			b := []byte(`"` + strings.Repeat("~", 20) + `"`)
			b[1+at] = byte(c)
			if got, want := CheckJSON(b) == nil, json.Valid(b) && utf8.Valid(b); got != want {
				t.Errorf("byte %#x at %d: taken %v, want %v", c, at, got, want)
			}
		}
	}
}

func TestCheckJSONStopsAtDepth(t *testing.T) {
	for _, open := range []string{"[", `{"a":`} {
		err := CheckJSON([]byte(strings.Repeat(open, 1_000_000)))
		at := fmt.Sprintf("(at byte %d)", MaxDepth*len(open))
		if !errors.Is(err, ErrDepth) || !strings.HasSuffix(err.Error(), at) {
			t.Errorf("a million of %s: %v, want it to stop %s", open, err, at)
		}
	}
}

func realFrame(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/frames/twitch_chat.json")
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.TrimSpace(string(b)))
}

// No beginning of a frame passes for a frame, and no byte after it does.
func TestCheckJSONTruncated(t *testing.T) {
	frame := realFrame(t)
	if err := CheckJSON(frame); err != nil {
		t.Fatal(err)
	}
	for n := range frame {
		err := CheckJSON(frame[:n])
		if !errors.Is(err, ErrJSON) && !errors.Is(err, ErrUTF8) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
}

func TestCheckJSONNamesTheByte(t *testing.T) {
	err := CheckJSON([]byte(`{"a":tru}`))
	if err == nil || !strings.Contains(err.Error(), "at byte 5") {
		t.Errorf("got %v, want the byte 5", err)
	}
}

func TestCheckJSONAllocatesNothing(t *testing.T) {
	for name, in := range map[string][]byte{
		"frame": realFrame(t),
		"deep":  []byte(nested(`{"a":[`, `"é\ud83c"`, "]}", 50)),
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := CheckJSON(in); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func FuzzCheckJSON(f *testing.F) {
	for _, s := range []string{
		"", "{}", "[1,2]", `{"a":{"b":[null,true,false,-1.5e3]}}`, `"\ud83c"`, "\"\xff\"", "\uFEFF{}", "[1,]", "01",
		"1e400", `{"a":1,"a":2}`, "\x00", nested("[", "", "]", 100), nested("[", "", "]", 101), nested(`{"a":`, "1", "}", 101), "\xff",
	} {
		f.Add([]byte(s))
	}
	f.Add(realFrame(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := CheckJSON(b)
		switch valid := json.Valid(b); {
		case valid && err == nil:
			if !utf8.Valid(b) {
				t.Errorf("invalid UTF-8 passed: %q", b)
			}
		case !valid && err == nil:
			t.Errorf("passed, and encoding/json refuses it: %q", b)
		case valid && errors.Is(err, ErrUTF8):
			if utf8.Valid(b) {
				t.Errorf("%v: %q", err, b)
			}
		case valid && !errors.Is(err, ErrDepth):
			t.Errorf("%v, and encoding/json takes it: %q", err, b)
		case valid && depthOf(t, b) <= MaxDepth:
			t.Errorf("%v at depth %d", err, depthOf(t, b))
		}
	})
}

// depthOf counts the levels of valid JSON with the standard library's reader.
func depthOf(t *testing.T, b []byte) int {
	t.Helper()
	depth, deepest := 0, 0
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
			deepest = max(deepest, depth)
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
}

func BenchmarkCheckJSON(b *testing.B) {
	frame := realFrame(b)
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		if err := CheckJSON(frame); err != nil {
			b.Fatal(err)
		}
	}
}
