package hostile

import (
	"math/rand/v2"
	"strings"
)

// Random is one answer of a model that is out of its mind, hostile, or sometimes
// fine: plain words, in which things that no title has are planted, in spellings
// that are to slip through.
func Random(r *rand.Rand) string {
	s := sentence(r)
	for range r.IntN(4) {
		s = plant(r, s)
	}
	if r.IntN(3) == 0 {
		s = pick(r, disguises)(r, s)
	}
	return s + strings.Repeat(pick(r, []string{"", "", "", "", "!", " and on it goes", "🔥"}), r.IntN(8))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var plainWords = strings.Fields(`a the quiet Friday evening with friends castle boss garden Sunday builds new map coffee rain late night
	slow fast finish coding music drawing café Straße señor привет игра ночь 今夜 ゲーム 雑談 नमस्ते 100% 2025 3D co-op don't class cockpit Scunthorpe
	Minecraft : - – , ! ? ... & (live) #retro 🔥 ❤️ 👨‍👩‍👧‍👦 🇫🇷 $5 <3 Title: 1. "quoted" **bold**`)

func sentence(r *rand.Rand) string {
	words := make([]string, 2+r.IntN(10))
	for i := range words {
		words[i] = pick(r, plainWords)
	}
	return strings.Join(words, " ")
}

// forbidden is what a title never has.
var forbidden = append(strings.Split(`evil.com|visit evil.com|http://evil.gg/x|www.evil.org|evil dot com|evil (dot) gg|evil . net|пример.рф|10.0.0.1|xn--evil|discord.gg/abc|evil。com|
@everyone|@ someone|a@b.com|me at gmail dot com|#ad|# sponsored|#Werbung|call 030 1234567|+49 170 1234567|5551234567|٠١٧٠١٢٣٤٥٦٧|
%rawInput%|%a% b|~token~|$math(1+1)$|$x(|$ x (|$name$|{{title}}|\n|<b>|<script>|&lt;|
fuck|fucking hell|shit|bitch|cunt|asshole|nigger|faggot|whore|scheiße|fotze|arschloch|putain|connard|mierda|cabron|cazzo|caralho|kurwa|chuj|блять|сука|пиздец|
should really try the water level|join my Minecraft server|evil[.]example|evil [dot] rocks|NightOwl_42|nightowl42|Friday night in the old castle|Tonight: the last boss|ZEBRA-7731|一緒に遊びましょうね`, "|"),
	"\u202e", "\u2066x\u2069", "\u200b", "\u200d", "\ufe0f", "\U000E0041", "\u00ad", "\u3164", "\x00", "\x1b[31m", "\x7f", "\n", "\r\n", "\u2028", "\t",
	"\ue000", "\ufdd0", "\U0010FFFF", "\u0378", "\xed\xa0\x80", "\xff", "\ufffd", "a\u0300\u0301\u0302\u0303\u0304\u0305", "🔥🔥🔥", "🏴\U000E0067\U000E007F", strings.Repeat("thinking ", 30))

// plant puts something forbidden into s, disguised or not, at a space or anywhere.
func plant(r *rand.Rand, s string) string {
	what := strings.TrimSpace(pick(r, forbidden))
	if what == "" {
		what = "\n"
	}
	if r.IntN(2) == 0 {
		what = pick(r, disguises)(r, what)
	}
	words := strings.Split(s, " ")
	if r.IntN(8) == 0 {
		at := r.IntN(len(s) + 1)
		return s[:at] + what + s[at:]
	}
	at := r.IntN(len(words) + 1)
	return strings.Join(append(append(append([]string(nil), words[:at]...), what), words[at:]...), " ")
}

type disguise = func(*rand.Rand, string) string

var disguises = []disguise{
	func(_ *rand.Rand, s string) string { return strings.ToUpper(s) },
	func(_ *rand.Rand, s string) string { return wide(s) },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), " ") },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	func(_ *rand.Rand, s string) string { return strings.Join(strings.Split(s, ""), ".") },
	func(_ *rand.Rand, s string) string { return `"` + s + `"` },
	func(_ *rand.Rand, s string) string { return "**Title: " + s + "**" },
	func(_ *rand.Rand, s string) string { return "(" + s + ")" },
	func(_ *rand.Rand, s string) string { return mathematical(s) },
	func(_ *rand.Rand, s string) string { return leet.Replace(s) },
	func(_ *rand.Rand, s string) string { return alike.Replace(s) },
	func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, ".", " . ") },
	func(_ *rand.Rand, s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
	func(r *rand.Rand, s string) string { return scatter(r, s, "\u0301") },
	func(r *rand.Rand, s string) string { return scatter(r, s, " ") },
	func(r *rand.Rand, s string) string { return random(r, s) },
}

var (
	leet  = strings.NewReplacer("o", "0", "i", "1", "e", "3", "a", "4", "s", "5", "t", "7")
	alike = strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х", "i", "і", "u", "υ")
)

// mathematical writes small letters in mathematical bold.
func mathematical(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 0x1D41A + r - 'a'
		}
		return r
	}, s)
}

// scatter puts a sign behind one letter.
func scatter(r *rand.Rand, s, sign string) string {
	rs := []rune(s)
	at := r.IntN(len(rs) + 1)
	return string(rs[:at]) + sign + string(rs[at:])
}

// random changes one letter into any other.
func random(r *rand.Rand, s string) string {
	rs := []rune(s)
	if len(rs) > 0 {
		rs[r.IntN(len(rs))] = rune(r.IntN(0x3000))
	}
	return string(rs)
}
