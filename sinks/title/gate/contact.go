package gate

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	mailShape = regexp.MustCompile(`[\p{L}\p{N}._%+-]\s*@\s*[\p{L}\p{N}-]+\s*\.|[(\[{<*_]\s*(?:at|ät|arroba|ed|собака)\s*[)\]}>*_]`)
	mailHost  = regexp.MustCompile(`(?:^|[^\p{L}])(?:at|ät|arroba|chez|собака)[^\p{L}]+(?:g-?mail|googlemail|yahoo|outlook|hotmail|proton(?:mail)?|icloud|gmx|web\s*\.|mail\s*\.|yandex)`)
)

func mail(c *candidate) string {
	if mailShape.MatchString(c.plain) || mailHost.MatchString(c.plain) {
		return "a mail address"
	}
	return ""
}

func mention(c *candidate) string {
	if strings.ContainsRune(c.plain, '@') {
		return "an @"
	}
	return ""
}

// paid are the hashtags by which a stream is declared as paid for, which only
// the streamer may say.
var paid = map[string]bool{
	"ad": true, "ads": true, "adv": true, "advert": true, "advertisement": true, "paid": true, "paidad": true, "paidpartnership": true,
	"spon": true, "sponsor": true, "sponsored": true, "sponsoring": true, "partner": true, "promo": true, "promotion": true, "pr": true,
	"werbung": true, "anzeige": true, "gesponsert": true, "pub": true, "publicite": true, "sponsorise": true, "publi": true,
	"publicidad": true, "publicidade": true, "patrocinado": true, "pubblicita": true, "reclame": true, "advertentie": true,
	"reklama": true, "wspolpraca": true, skeleton("реклама"): true, skeleton("広告"): true, skeleton("案件"): true,
}

var hashtag = regexp.MustCompile(`#\s*_*([\p{L}\p{N}]+)`)

func advert(c *candidate) string {
	for _, m := range hashtag.FindAllStringSubmatch(c.plain, -1) {
		tag := strings.Map(func(r rune) rune {
			if wordRune(r) {
				return r
			}
			return -1
		}, skeleton(m[1]))
		// "#ad2" says so, too.
		beginning, _, _ := strings.Cut(strings.Map(digitsAs0, tag), "0")
		if paid[beginning] || paid[leet(tag, 'i')] {
			return "a hashtag of advertising"
		}
	}
	return ""
}

func digitsAs0(r rune) rune {
	if unicode.IsDigit(r) {
		return '0'
	}
	return r
}

var (
	digits = regexp.MustCompile(`\d(?:[\s().\-/_+*|·•:]{0,3}\d){6,}`)
	// What has as many digits and is none: a date, a round number, times, two
	// years, how far one is of how many.
	innocent = regexp.MustCompile(`^(?:` + strings.Join([]string{
		`(?:19|20)\d\d([-./])(?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)\d\d`,
		`\d{1,3}(?:[ .]?000)+`,
		`(?:(?:19|20)\d\d\s|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?\s)?` + clock + `(?:\s?-?\s?` + clock + `)?`,
		`(?:19|20)\d\d\s?[-/]\s?(?:19|20)\d\d`,
		`[1-9]\d{0,4}/[1-9]\d{0,2}00`, `[1-9]\d{3}/[1-9]\d{3}`,
	}, "|") + `)$`)
)

// clock is a time of day, or one that was run.
const clock = `\d{1,2}(?::[0-5]\d){1,2}(?:\.\d{1,3})?`

func phone(c *candidate) string {
	for _, number := range digits.FindAllString(c.plain, -1) {
		if !innocent.MatchString(number) {
			return "seven digits or more"
		}
	}
	spoken := 0
	for word := range strings.FieldsFuncSeq(skeleton(c.text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if !spokenDigits[word] {
			spoken = 0
			continue
		}
		if spoken++; spoken >= 7 {
			return "seven digits or more, in words"
		}
	}
	return ""
}

var spokenDigits = set(`zero one two three four five six seven eight nine oh double
	null eins zwei drei vier funf sechs sieben acht neun
	un deux trois quatre cinq sept huit neuf
	cero uno dos tres cuatro cinco seis siete ocho nueve`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
