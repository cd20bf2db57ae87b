package gate

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain is s as a machine reads it that is kind to odd spellings: compatibility
// forms resolved (NFKC), lower case, digits of every script as ASCII, marks and
// selectors off, signs that look like one of ASCII's as that one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if as, ok := signs[r]; ok {
			return as
		}
		if as, ok := smallCapitals[r]; ok {
			return as
		}
		return digit(unicode.ToLower(r))
	}, norm.NFKC.String(strings.Map(func(r rune) rune {
		// The voiced marks of kana make other letters.
		if unicode.In(r, unicode.Mn, unicode.Me) && r != 0x3099 && r != 0x309A || r == joiner {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.Map(spacing, s)))))
}

// spacing reads signs that NFKD takes for a space with a mark.
func spacing(r rune) rune {
	switch r {
	case '˜':
		return '~'
	case '˙':
		return '.'
	}
	return r
}

// signs that NFKC leaves as they are.
var signs = map[rune]rune{
	'٪': '%', '∼': '~', '⁓': '~', '💲': '$', '∕': '/', '⁄': '/', '⧸': '/', '∶': ':', '꞉': ':', '˸': ':', '։': ':', '׃': ':',
	'‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '−': '-', '⁻': '-', '˗': '-',
	'‹': '<', '›': '>', '〈': '<', '〉': '>', '⟨': '<', '⟩': '>', '˂': '<', '˃': '>', '≺': '<', '≻': '>',
	'۔': '.', '᛫': '·', 'ꞏ': '·', 'ᐧ': '·', '𐄁': '·', '‚': ',', '،': ',', '⸳': '·', '܁': '.', '܂': '.', '٠': '0', '❨': '(', '❩': ')', '⦅': '(', '⦆': ')', '⧵': '\\', '∖': '\\', '❴': '{', '❵': '}', '⟪': '<', '⟫': '>',
	'📧': '@', '#': '#', '♯': '#', '⋕': '#',
}

var smallCapitals = shapes("a", "ᴀ", "b", "ʙ", "c", "ᴄ", "d", "ᴅ", "e", "ᴇ", "f", "ꜰ", "g", "ɢ", "h", "ʜ", "i", "ɪ", "j", "ᴊ", "k", "ᴋ", "l", "ʟ", "m", "ᴍ",
	"n", "ɴ", "o", "ᴏ", "p", "ᴘ", "r", "ʀ", "s", "ꜱ", "t", "ᴛ", "u", "ᴜ", "v", "ᴠ", "w", "ᴡ", "y", "ʏ", "z", "ᴢ")

// digit gives the ASCII digit of a decimal digit of any script: Unicode keeps
// each script's ten together, from 0 on.
func digit(r rune) rune {
	if r < 0x80 || !unicode.Is(unicode.Nd, r) {
		return r
	}
	zero := r
	for n := rune(0); n < 10; n++ {
		if !unicode.Is(unicode.Nd, zero-1) {
			break
		}
		zero--
	}
	if r-zero > 9 {
		return r
	}
	return '0' + (r - zero)
}

// skeleton goes further: marks and what nobody sees off, and letters that look
// like a Latin one as that one. Words are compared as skeletons on both sides, so what is lost in
// Greek or Cyrillic is lost twice.
func skeleton(s string) string {
	var b strings.Builder
	flag := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case empties[r]:
			r = ' '
		case unicode.In(r, unicode.Mn, unicode.Me), hidden(r):
			continue
		}
		// The letters of a flag are no part of a word beside it.
		if flag != regional(r) {
			flag = !flag
			b.WriteByte(' ')
		}
		r = digit(unicode.ToLower(r))
		switch as, ok := lookalikes[r]; {
		case ok:
			b.WriteRune(as)
		case regional(r):
			b.WriteRune('a' + r - 0x1F1E6)
		case r >= 0x1F150 && r <= 0x1F169: // negative circled
			b.WriteRune('a' + r - 0x1F150)
		case r >= 0x1F170 && r <= 0x1F189: // negative squared
			b.WriteRune('a' + r - 0x1F170)
		case several[r] != "":
			b.WriteString(several[r])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// empties are letters that look like a space: fillers of Hangul, a blank of Braille.
var empties = map[rune]bool{0x115F: true, 0x1160: true, 0x3164: true, 0xFFA0: true, 0x2800: true}

// several are letters that are written with two where they are missing.
var several = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ĳ': "ij", 'ǆ': "dz"}

// lookalikes are lower-case letters by their shape, out of Unicode's
// confusables.txt; what NFKD resolves is not among them.
var lookalikes = shapes(
	"a", "аɑαᴀ∀ⱥ", "b", "ЬьƄʙɓƀвβꞗ", "c", "сϲᴄⅽ¢ƈꞓꞔ", "d", "ԁɗđᴅðɖꝱ", "e", "еҽєεᴇɛ℮ǝə∃ɘ", "f", "ʄƒꜰſϝғꞙ", "g", "ɡɢցǥɠցꞡ",
	"h", "һհʜħнɦꞕ", "i", "іıɪιӏɩ¡ɨ", "j", "јϳᴊʝɉ", "k", "кκᴋƙⱪꝁꝃꞣ", "l", "łʟɭƚ∣ⅼꝉꞎ", "m", "мᴍɱ", "n", "ոռηɴпƞɲŋиꞑꞥ", "o", "оοσօᴏøɵөο〇ᴑꝋꝍ",
	"p", "рρᴘƿþҏꝑꝓꝕ", "q", "ԛզգɋꝗꝙ", "r", "гᴦʀɼɍяꞧ", "s", "ѕꜱʂƨ§ꞩ", "t", "тτᴛŧƭʈ", "u", "цυսᴜʊμ∪ʋ", "v", "ѵνᴠⅴ√ꝟ", "w", "ԝωᴡшщա", "x", "хχⅹж",
	"y", "уүγʏყɏ", "z", "ᴢʐƶʑꝣ",
)

func shapes(pairs ...string) map[rune]rune {
	m := map[rune]rune{}
	for i := 0; i < len(pairs); i += 2 {
		for _, r := range pairs[i+1] {
			m[r] = rune(pairs[i][0])
		}
	}
	return m
}

// leet reads digits and signs among letters as the letters they stand for. A 1
// is read as one.
func leet(s string, one rune) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'o'
		case '1', '|':
			return one
		case '!':
			return 'i'
		case '3', '€':
			return 'e'
		case '4', '@':
			return 'a'
		case '5', '$':
			return 's'
		case '7', '+':
			return 't'
		case '8':
			return 'b'
		case '6', '9':
			return 'g'
		}
		return r
	}, s)
}

// runs shortens each run of one letter that is longer than over to keep letters.
func runs(s string, over, keep int) string {
	var b strings.Builder
	rs := []rune(s)
	for i := 0; i < len(rs); {
		n := 1
		for i+n < len(rs) && rs[i+n] == rs[i] {
			n++
		}
		shown := n
		if n > over {
			shown = keep
		}
		for range shown {
			b.WriteRune(rs[i])
		}
		i += n
	}
	return b.String()
}

// without puts a sign that no rule reads in the place of each phrase that stands
// in s as whole words, whatever its case.
func without(s string, phrases ...string) string {
	for _, phrase := range phrases {
		phrase = strings.TrimSpace(phrase)
		if phrase == "" {
			continue
		}
		s = blank(s, phrase)
	}
	return s
}

// gone breaks runs of words and is no letter.
const gone = " ¤ "

func blank(s, phrase string) string {
	low, want := strings.ToLower(s), strings.ToLower(phrase)
	if len(low) != len(s) {
		s = low // letters whose lower case is longer: compare within one form
	}
	var b strings.Builder
	for {
		i := strings.Index(low, want)
		if i < 0 {
			return b.String() + s
		}
		end := i + len(want)
		if inWord(low[:i], want) || inWord(want, low[end:]) {
			_, n := firstRune(low[i:])
			b.WriteString(s[:i+n])
			s, low = s[i+n:], low[i+n:]
			continue
		}
		b.WriteString(s[:i] + gone)
		s, low = s[end:], low[end:]
	}
}
