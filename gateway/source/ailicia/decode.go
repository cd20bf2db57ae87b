package ailicia

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoded is text with the escapes of one kind or more taken out. It knows where
// in its source each byte was written: behind a mark one byte is one byte.
type decoded struct {
	text  []byte
	marks []mark
}

// mark says that what is at a place of the text is written from there on in the
// source. The first is of 0, the last of the text's end.
type mark struct{ at, source int }

func plainly(source []byte) decoded {
	return decoded{source, []mark{{0, 0}, {len(source), len(source)}}}
}

// source is where in the source what is at a place of the text is written.
func (d decoded) source(at int) int {
	n, found := slices.BinarySearchFunc(d.marks, at, func(m mark, at int) int { return m.at - at })
	if !found {
		n--
	}
	return d.marks[n].source + at - d.marks[n].at
}

// place is where in the text what is written from a place of the source on is.
func (d decoded) place(source int) int {
	n, found := slices.BinarySearchFunc(d.marks, source, func(m mark, source int) int { return m.source - source })
	if found {
		return d.marks[n].at
	}
	return min(d.marks[n-1].at+source-d.marks[n-1].source, d.marks[n].at)
}

// deepest is how often text may be escaped over and over; what is deeper leads
// nowhere that a browser would go.
const deepest = 12

// canonical is d as a reader finally sees it, whatever the kinds of escapes and
// however often: JSON's, a URL's, HTML's, in any order. White space and NULs,
// which a URL's reader drops, are dropped, but for the space.
func (d decoded) canonical() decoded {
	d = d.each("\x00\t\r\n", dropped)
	for range deepest {
		next := d.each(`\%&`, unescaped)
		if len(next.text) == len(d.text) {
			break
		}
		d = next
	}
	return d
}

// each puts for what begins with one of first what one gives: how many bytes it
// takes, and what they are; 0 for one byte that stays, negative for as many more.
func (d decoded) each(first string, one func(rest []byte) (size int, is []byte)) decoded {
	if !bytes.ContainsAny(d.text, first) {
		return d
	}
	out := decoded{make([]byte, 0, len(d.text)), make([]mark, 0, len(d.marks)+8)}
	next := 0 // of d's marks
	for i := 0; i < len(d.text); {
		size, is := 0, []byte(nil)
		run := bytes.IndexAny(d.text[i:], first)
		if run == 0 {
			if size, is = one(d.text[i:]); size <= 0 {
				run = max(1, -size)
			}
		} else if run < 0 {
			run = len(d.text) - i
		}
		for next < len(d.marks) && d.marks[next].at <= i {
			next++
		}
		begun := d.marks[next-1]
		out.marks = append(out.marks, mark{len(out.text), begun.source + i - begun.at})
		if size > 0 {
			out.text = append(out.text, is...)
			i += size
			continue
		}
		for ; next < len(d.marks) && d.marks[next].at < i+run; next++ {
			out.marks = append(out.marks, mark{len(out.text) + d.marks[next].at - i, d.marks[next].source})
		}
		out.text = append(out.text, d.text[i:i+run]...)
		i += run
	}
	out.marks = append(out.marks, mark{len(out.text), d.marks[len(d.marks)-1].source})
	return out
}

func dropped(rest []byte) (int, []byte) {
	switch rest[0] {
	case 0, '\t', '\r', '\n':
		return 1, nil
	}
	return 0, nil
}

// unquoted is what stands between a JSON text's quotes.
func unquoted(source []byte) decoded { return plainly(source).each(`\`, jsonText) }

// jsonText takes out one level of a JSON string's escapes; what is no good
// escape stays.
func jsonText(rest []byte) (int, []byte) {
	if rest[0] != '\\' || len(rest) < 2 {
		return 0, nil
	}
	switch c := rest[1]; c {
	case '"', '\\', '/':
		return 2, rest[1:2]
	case 'b', 'f', 'n', 'r', 't':
		return 2, []byte{map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c]}
	case 'u':
		return hexRune(rest, 2, 4)
	}
	return 0, nil
}

// unescaped takes out one escape of any kind.
func unescaped(rest []byte) (int, []byte) {
	switch rest[0] {
	case '\\':
		return backslash(rest)
	case '%':
		return percent(rest)
	case '&':
		return entity(rest)
	}
	return 0, nil
}

// backslash reads \/, \" and \uXXXX behind any number of backslashes. Others may
// be a path's own; they stay, all at once, or a long run of them would be looked
// at again for each of it.
func backslash(rest []byte) (int, []byte) {
	n := 1
	for n < len(rest) && rest[n] == '\\' {
		n++
	}
	if n == len(rest) {
		return -n, nil
	}
	size, is := 0, []byte(nil)
	switch rest[n] {
	case '/', '"':
		return n + 1, rest[n : n+1]
	case 'u':
		size, is = hexRune(rest, n+1, 4)
	case 'x':
		size, is = hexRune(rest, n+1, 2)
	}
	if size == 0 {
		return -n, nil
	}
	return size, is
}

// percent reads %XX, also where its percent sign is escaped again and again.
func percent(rest []byte) (int, []byte) {
	n := 1
	for bytes.HasPrefix(rest[n:], []byte("25")) {
		n += 2
	}
	if n+1 < len(rest) && (rest[n] == 'u' || rest[n] == 'U') {
		return hexRune(rest, n+1, 4)
	}
	if n+2 > len(rest) {
		return 0, nil
	}
	v, err := strconv.ParseUint(string(rest[n:n+2]), 16, 8)
	if err != nil {
		if n == 1 {
			return 0, nil
		}
		return n, []byte{'%'}
	}
	return n + 2, []byte{byte(v)}
}

// entity reads HTML's numbers, and the names of what is in an address.
func entity(rest []byte) (int, []byte) {
	end := bytes.IndexByte(rest[:min(len(rest), 12)], ';')
	if end < 2 {
		return 0, nil
	}
	name := string(rest[1:end])
	if number, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if cut := strings.TrimLeft(number, "xX"); cut != number {
			number, base = cut, 16
		}
		v, err := strconv.ParseUint(number, base, 21)
		if err != nil {
			return 0, nil
		}
		return end + 1, utf8.AppendRune(nil, rune(v))
	}
	is := map[string]string{"amp": "&", "sol": "/", "bsol": `\`, "colon": ":", "quot": `"`, "percnt": "%", "quest": "?", "num": "#", "equals": "=", "lowbar": "_"}[name]
	if is == "" {
		return 0, nil
	}
	return end + 1, []byte(is)
}

// hexRune reads a character by its number of so many digits, from where on.
func hexRune(rest []byte, from, digits int) (int, []byte) {
	if from+digits > len(rest) {
		return 0, nil
	}
	v, err := strconv.ParseUint(string(rest[from:from+digits]), 16, 16)
	if err != nil {
		return 0, nil
	}
	return from + digits, utf8.AppendRune(nil, rune(v))
}
