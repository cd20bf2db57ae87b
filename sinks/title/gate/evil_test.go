package gate

import (
	"testing"

	"promethean/sinks/title/facts"
)

// TestEvilTitles: what a viewer gets a model to say, spelled so that a rule may
// not know it again.
func TestEvilTitles(t *testing.T) {
	g := newGate(t, Options{Emoji: 1})
	said := Against{
		Quotes: QuotesOf("you should really try the water level again", "the secret word is ZEBRA-7731"),
		Names:  NamesOf("NightOwl_42", "Caedrel", "Friday", "Lee"),
	}
	for _, tt := range []struct{ name, text, rule string }{
		{"a dot of the spacing modifiers", "visit evil˙com", "link"},
		{"three dots", "visit evil…com", "link"},
		{"a rune's dot", "visit evil᛫com", "link"},
		{"digits in the ending", "visit evil dot c0m", "link"},
		{"a Turkish dot", "visit evil nokta com", "link"},
		{"an invite, torn", "dis cord gg / abc", "link"},
		{"an invite with digits", "d1sc0rd gg abc", "link"},
		{"an invite in another alphabet's letters", "dіsсord gg / abc", "script"},
		{"telegram", "t me slash evil", "link"},
		{"a channel", "go to ttv/evil", "link"},
		{"small capitals", "visit evil ᴅᴏᴛ ᴄᴏᴍ", "link"},
		{"a round sign", "visit evil●com", "link"},
		{"a dot of Braille", "visit evil⠄com", "link"},
		{"an Arabic comma", "visit evil،com", "link"},
		{"a bullet with spaces", "visit evil • com", "link"},
		{"a Russian ending", "visit evil точка ком", "link"},
		{"written together", "visit wwwevilcom", "link"},
		{"laughter in Japanese", "草wwww", ""},
		{"an invite without its name", "join .gg/abc123", "link"},
		{"an invite's end", "join gg/abc123", "link"},
		{"well played", "GG/WP and good night", ""},
		{"a genitive", "Caedrels Abend", "name"},
		{"a genitive in capitals", "NIGHTOWL42S evening", "name"},
		{"a short name's plural", "Lees and winds", ""},
		{"an everyday word's plural", "Lazy Fridays with soup", ""},
		{"one letter and stars", "f*** this map", "banned"},
		{"three letters and stars", "Sch***e gelaufen", "banned"},
		{"stars of a hotel", "A night in the Hotel***", ""},
		{"stars of a level", "The ***** finish", ""},
		{"n of Latin's extensions", "ꞑigga night", "banned"},
		{"l for i", "nlgger night", "banned"},
		{"torn in two words", "sieg heil tonight", "banned"},
		{"two long words", "now kill yourself!", "banned"},
		{"two long words with digits", "k1ll y0urself", "banned"},
		{"two words that are two", "Noche de Mari con amigos", ""},
		{"part of it alone", "Nig ger tonight", "banned"},
		{"Cyrillic with a nine", "бл9ть", "banned"},
		{"Cyrillic with a six", "6лять", "banned"},
		{"Polish with a v", "kurva mac", "banned"},
		{"a family name's sign", "氏ね", "banned"},
		{"written together with others", "WhatTheFuck, holyshit", "banned"},
		{"written together in small letters", "whatthefuck is this", "banned"},
		{"German, written together", "fickdich", "banned"},
		{"French, written together", "niquetamere", "banned"},
		{"Turkish", "siktir git", "banned"},
		{"Chinese", "操你妈的", "banned"},
		{"Korean with an ending", "씨발아", "banned"},
		{"Korean", "이 병신", "banned"},
		{"Japanese, written otherwise", "タヒね", "banned"},
		{"a vowel left out", "ngger", "banned"},
		{"a zero in it", "pr0n night", "banned"},
		{"letters of phonetics", "ʄʊƈƙ", "banned"},
		{"Dutch for you can", "Wat je kunt bouwen", ""},
		{"Chinese, innocent", "妈妈的菜", ""},
		{"Korean, innocent", "시발점에서 다시", ""},
		{"a code, torn", "Find ZEBRA 7731 tonight", "quote"},
		{"a code, letter by letter", "Z E B R A 7731", "quote"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := g.Pass(tt.text, facts.Facts{}, said)
			if rule(err) != tt.rule {
				t.Errorf("Pass(%q) = %q, %v; want rule %q", tt.text, got, err, tt.rule)
			}
		})
	}
}
