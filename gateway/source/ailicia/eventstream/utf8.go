package eventstream

import "unicode/utf8"

// validBytes is b where it is UTF-8; else each maximal part of it that is none
// becomes one U+FFFD, as the Encoding Standard's decoder has it. Neither
// strings.ToValidUTF8 (one for a run of them) nor a conversion to runes (one a
// byte) is that.
func validBytes(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/2)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			n = broken(b)
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}

func valid(b []byte) string { return string(validBytes(b)) }

// broken is how many bytes of b, which does not begin with a character, are the
// beginning of one (Unicode 16, table 3-7); at least 1.
func broken(b []byte) int {
	low, high, most := byte(0x80), byte(0xBF), 1
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		most = 2
	case c >= 0xE0 && c <= 0xEF:
		most = 3
		if c == 0xE0 {
			low = 0xA0
		}
		if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		most = 4
		if c == 0xF0 {
			low = 0x90
		}
		if c == 0xF4 {
			high = 0x8F
		}
	}
	n := 1
	for n < min(most, len(b)) && b[n] >= low && b[n] <= high {
		n, low, high = n+1, 0x80, 0xBF
	}
	return n
}
