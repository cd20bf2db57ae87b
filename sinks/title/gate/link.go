package gate

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// sure are top-level domains that are hardly a word of any language of the
	// lists: one of them after a dot is a domain, also with spaces.
	sure = `com|c0m|net|org|gg|tv|io|ly|xyz|info|biz|dev|app|ru|uk|eu|edu|gov|co\.uk|onion|example`
	// broad are further ones that scammers like or countries have, which are
	// words too.
	broad = sure + `|de|fr|es|it|pl|nl|pt|br|ca|us|au|jp|cn|in|me|to|cc|ws|sh|fm|ai|so|link|links|live|stream|games|shop|store|` +
		`online|site|club|fun|win|top|vip|pro|tk|ml|ga|cf|su|рф|be|ch|at|se|no|fi|dk|cz|co|gift|gifts|click|page|world|zone|icu|中国|中國|香港|みんな`
	// tight are those that are no words either behind a sign that parts words.
	tight   = sure + `|de|fr|es|pl|nl|pt|br|jp|cn|cc|ws|sh|fm|link|links|shop|store|site|club|vip|tk|ml|cf|su|рф|cz|gift|gifts|icu|中国|中國|香港`
	dots    = `。·•‧∙・⸱⋅●◦∘○⚫⦁◉⏺🔘⠄⠂`
	dotWord = `dot|d0t|punkt|nokta|point|punto|ponto|kropka|stip|точка|ドット`
	end     = `(?:[^\p{L}\p{N}]|$)`
)

// links are tried on the plain text.
var links = []*regexp.Regexp{
	regexp.MustCompile(`[a-z][a-z0-9+.-]*\s?:\s?/\s?/|(?:^|[^\p{L}])(?:www\d?(?:[^\p{L}\p{N}]|$)|https?(?:[^\p{L}]|$)|(?:hxxps?|ftp|mailto|javascript|data|steam|tg|magnet)\s?:)`),
	// A dot within a word is a domain whatever follows: every list of top-level
	// domains is too short.
	regexp.MustCompile(`[\p{L}\p{N}\p{M}_-]\.\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}]`),
	// An ideographic full stop ends sentences where no letter is ASCII.
	regexp.MustCompile(`[a-z0-9]\s?。\s?[a-z]{2,}`),
	regexp.MustCompile(`\d{1,3}(?:\s?\.\s?\d{1,3}){3}`),
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}])xn--`),
	regexp.MustCompile(`[\p{L}\p{N}](?:[^\p{L}\p{N}.]{0,3}\.[^\p{L}\p{N}.]{0,3}|\s*,)(?:` + sure + `)` + end),
	regexp.MustCompile(`[\p{L}\p{N}]\.{2,}(?:` + sure + `)` + end),
	// Behind a comma and a space "com" and "io" are words, but hardly the last.
	regexp.MustCompile(`[\p{L}\p{N}]\s*,\s(?:` + sure + `)[^\p{L}\p{N}]*$`),
	regexp.MustCompile(`[\p{L}\p{N}]\s+\.\s*(?:` + broad + `)` + end),
	// With spaces around it a bullet parts words.
	regexp.MustCompile(`[\p{L}\p{N}](?:[` + dots + `]\s?|\s[` + dots + `])(?:` + tight + `)` + end + `|[\p{L}\p{N}]\s+[` + dots + `]\s+(?:com|c0m|net|org|gg)` + end),
	// A dot in brackets is meant as one whatever follows.
	regexp.MustCompile(`[\p{L}\p{N}]\s*[(\[{<]\s*(?:[.。·]|d\s*[.\s]\s*[o0]\s*[.\s]\s*t|` + dotWord + `)\s*[)\]}>]\s*[\p{L}\p{N}]{2}`),
	regexp.MustCompile(`[\p{L}\p{N}]\s*[(\[{<*_"'|]\s*(?:[.,。·]|` + dotWord + `)\s*[)\]}>*_"'|]\s*(?:` + broad + `)` + end),
	regexp.MustCompile(`[\p{L}\p{N}]\s*\.\s*c\s*o\s*m` + end + `|[\p{L}\p{N}]\s+(?:` + sure + `)\s+slash(?:[^\p{L}]|$)|localhost`),
	regexp.MustCompile(`[\p{L}\p{N}][^\p{L}]+(?:` + dotWord + `)[^\p{L}]+(?:` + sure + `|рф|ком|ру|me|de|fr|pl|it|es|link|live|co)` + end),
	regexp.MustCompile(`dot-?com(?:s)?` + end),
	regexp.MustCompile(`(?:discord[^\p{L}]*(?:dot)?[^\p{L}]*gg|twitch[^\p{L}\p{N}]+tv|youtu[^\p{L}\p{N}]*be|youtube[^\p{L}\p{N}]+com|bit[^\p{L}\p{N}]+ly|goo[^\p{L}\p{N}]+gl|linktr[^\p{L}\p{N}]*ee)(?:[^\p{L}]|$)`),
	regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(?:t[^\p{L}\p{N}]{0,3}me\s?(?:/|slash)|ttv\s?/|\.(?:gg|tv)` + end + `|gg/\S*\d|www[\p{L}\p{N}-]*(?:com|net|org|gg)` + end + `)`),
}

// files end in what is no top-level domain: Node.js, index.html.
var files = regexp.MustCompile(`\.(?:js|ts|jsx|tsx|css|html|json|exe|txt|cpp)([^\p{L}\p{N}./-]|$)`)

func link(c *candidate) string {
	// "YouTube" is a word that the shape of youtu.be would catch.
	text := files.ReplaceAllString(strings.ReplaceAll(c.plain, "youtube ", "tube "), "$1")
	if invite(text) {
		return "an invitation"
	}
	joined := letterByLetter(text)
	for _, shape := range links {
		if shape.MatchString(text) || joined != text && shape.MatchString(joined) {
			return "a link, a domain or an address"
		}
	}
	return ""
}

// invite sees Discord's addresses however their letters are parted.
func invite(s string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, leet(s, 'i'))
	return strings.Contains(letters, "discordgg") || strings.Contains(letters, "discorddotgg") || strings.Contains(letters, "discordcominvite")
}

// letterByLetter joins what is spelled: e v i l . c o m.
func letterByLetter(s string) string {
	var b strings.Builder
	before := 0
	for i, word := range strings.Fields(s) {
		letters := utf8.RuneCountInString(word)
		r, _ := firstRune(word)
		if i > 0 && !(before == 1 && letters == 1 && wordRune(r) && wordRune(lastRune(b.String()))) {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		before = letters
	}
	return b.String()
}
