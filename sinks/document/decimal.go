package document

import "strconv"

const (
	// No double needs more digits than this to be told from its neighbours.
	maxDigits = 17
	// No double but 0 has a decimal exponent outside ±maxExponent.
	maxExponent = 400
)

// canonical appends the exact value of a JSON number the way
// strconv.AppendFloat(…, 'e', -1, 64) writes it, so that equal values have equal
// bytes. It is false when the value has more digits or a larger exponent than
// the shortest form of any double. It takes time in proportion to text.
func canonical(dst, text []byte) ([]byte, bool) {
	if text[0] == '-' {
		dst, text = append(dst, '-'), text[1:]
	}
	var m mantissa
	rest := m.read(text)
	switch {
	case m.long:
		return dst, false
	case m.n == 0:
		return append(dst, "0e+00"...), true
	}
	exponent := m.exponent + readExponent(rest)
	if exponent < -maxExponent || exponent > maxExponent {
		return dst, false
	}
	dst = append(dst, m.digits[0])
	if m.n > 1 {
		dst = append(append(dst, '.'), m.digits[1:m.n]...)
	}
	sign := byte('+')
	if exponent < 0 {
		sign, exponent = '-', -exponent
	}
	dst = append(dst, 'e', sign)
	if exponent < 10 {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, exponent, 10), true
}

// mantissa is a decimal without the zeros at both ends.
type mantissa struct {
	digits   [maxDigits]byte
	n        int   // of the digits
	exponent int64 // of the first digit
	long     bool  // there are more than maxDigits digits
}

// read takes the digits and the point that text starts with and returns the rest.
func (m *mantissa) read(text []byte) []byte {
	var i, all, whole, first, zeros int // counts of digits
	whole = -1
	for ; i < len(text) && text[i]|0x20 != 'e'; i++ {
		c := text[i]
		if c == '.' {
			whole = all
			continue
		}
		all++
		switch {
		case c == '0':
			zeros++
			continue
		case m.n == 0:
			first, zeros = all, 0
		}
		if m.long = m.long || m.n+zeros >= maxDigits; !m.long {
			for ; zeros > 0; zeros-- {
				m.digits[m.n] = '0'
				m.n++
			}
			m.digits[m.n] = c
			m.n++
		}
	}
	if whole < 0 {
		whole = all
	}
	m.exponent = int64(whole - first)
	return text[i:]
}

// readExponent returns the exponent that text, empty or from the e on, writes.
// What is too large to matter is cut at a value that no mantissa's length makes
// up for.
func readExponent(text []byte) int64 {
	const enough = 1 << 50
	if len(text) == 0 {
		return 0
	}
	text = text[1:]
	negative := text[0] == '-'
	var e int64
	for _, c := range text {
		if isDigit(c) && e < enough {
			e = e*10 + int64(c-'0')
		}
	}
	if negative {
		return -e
	}
	return e
}
