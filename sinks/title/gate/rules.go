package gate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Rule is one way in which a text fails to be a title.
type Rule struct {
	// Name is stable: it stands in events.
	Name string
	// Means says in a line what the rule refuses.
	Means string
	// broken gives what is wrong, or ""; nil where [raw] judges.
	broken func(*candidate) string
}

// Rules lists every rule in the order in which they are asked.
func Rules() []Rule { return append([]Rule(nil), rules...) }

var rules = []Rule{
	{"encoding", "invalid UTF-8, a lone surrogate or its replacement character", nil},
	{"too_long", "more than 200 UTF-16 units: a text, not a title; it is not cut", nil},
	{"lines", "more than one line", nil},
	{"empty", "no letter and no digit", empty},
	{"control", "a control character", control},
	{"invisible", "a bidi, zero-width, tag or otherwise invisible character (ZWJ and VS16 stay inside emoji)", invisible},
	{"private", "a private-use or unassigned character, or a noncharacter", private},
	{"marks", "more than three marks on a letter, or one on what is no letter", marks},
	{"script", "a script that is not configured, or two alphabets in one word", script},
	{"emoji", "more emoji than configured", emoji},
	{"mail", "a mail address, also spelled out", mail},
	{"link", "a link, a domain or an address, also spaced or spelled out", link},
	{"mention", "an @", mention},
	{"advert", "a hashtag that says the stream is paid for, such as #ad", advert},
	{"phone", "seven digits or more that could be a phone number", phone},
	{"variable", "what Streamer.bot expands: %x%, ~x~, $x(…)$", variable},
	{"markup", "braces, a backslash, a tag; on YouTube any < and >", markup},
	{"colon", "more than one colon beside those of 20:15 and 3:1", colon},
	{"pattern", "“X: Y” when one of the last five titles was that", pattern},
	{"banned", "a word of the lists, however it is spelled", banned},
	{"name", "the name of somebody who chats in this stream", name},
	{"quote", "four words in a row, or a whole line, or a code, out of this stream's chat", quote},
	{"repeat", "equal or close to one of the last twenty titles", repeat},
}

const (
	// longest is what a line may have before it is no title at all.
	longest = 200
	// bytes bounds the work on what no title could be.
	bytes = 8 * longest
)

// raw judges a text before it is cleaned.
func raw(text string) *Rejection {
	trimmed := strings.TrimSpace(text)
	switch {
	case len(trimmed) > bytes, units(trimmed) > longest:
		return &Rejection{"too_long", "above 200 characters"}
	case !utf8.ValidString(trimmed), strings.ContainsRune(trimmed, utf8.RuneError):
		return &Rejection{"encoding", "not valid UTF-8, or characters were lost"}
	case strings.ContainsFunc(trimmed, breaksLine):
		return &Rejection{"lines", "more than one line"}
	}
	return nil
}

func breaksLine(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

func empty(c *candidate) string {
	if strings.ContainsFunc(c.plain, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	return "no letter and no digit"
}
