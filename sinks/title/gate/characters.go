package gate

import (
	"fmt"
	"unicode"
)

func control(c *candidate) string {
	for _, r := range c.text {
		if unicode.Is(unicode.Cc, r) {
			return fmt.Sprintf("U+%04X", r)
		}
	}
	return ""
}

// invisible finds what a reader does not see. The joiner and the emoji selector
// are letters of emoji, so they are allowed there.
func invisible(c *candidate) string {
	for cluster := range clusters(c.text) {
		if isEmoji(cluster) {
			continue
		}
		for _, r := range cluster {
			if hidden(r) {
				return fmt.Sprintf("U+%04X", r)
			}
		}
	}
	return ""
}

func hidden(r rune) bool {
	switch r {
	// A blank of Braille, and symbols for a musical staff's empty places.
	case 0x2800, 0x1D159:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// private finds what no font agrees on. Emoji newer than the tables of this
// build lie in blocks that are kept for them.
func private(c *candidate) string {
	for _, r := range c.text {
		known := unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs, unicode.Cc, unicode.Cf)
		if !known && !unicode.Is(pictographic, r) {
			return fmt.Sprintf("U+%04X", r)
		}
	}
	return ""
}

// marks finds letters that climb out of their line, and marks on what is no
// letter.
func marks(c *candidate) string {
	run, before := 0, rune(0)
	for _, r := range c.text {
		// A keycap's frame is a mark, too; invisible knows the selector.
		if !unicode.Is(unicode.M, r) || r == variation16 || r == keycap {
			run, before = 0, r
			continue
		}
		if run++; run > 3 {
			return "more than three marks on a letter"
		}
		if run == 1 && !wordRune(before) {
			return "a mark on what is no letter"
		}
		if unicode.Is(unicode.Mc, r) && unicode.In(before, alphabets...) {
			return "a mark of another script"
		}
	}
	return ""
}

// alphabets have letters that look like each other's; a word in two of them is
// meant to be misread.
var alphabets = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee,
	unicode.Coptic, unicode.Georgian, unicode.Lisu, unicode.Deseret, unicode.Osage,
}

func script(c *candidate) string {
	// Categories have names such as ΔV.
	text := without(c.text, c.facts.Category, c.facts.Channel)
	var of *unicode.RangeTable
	for _, r := range text {
		if !unicode.IsLetter(r) {
			if !unicode.Is(unicode.M, r) {
				of = nil
			}
			continue
		}
		if len(c.gate.scripts) > 0 && !unicode.In(r, c.gate.scripts...) && !unicode.In(r, unicode.Common, unicode.Inherited) {
			return fmt.Sprintf("U+%04X is of a script that is not configured", r)
		}
		for _, alphabet := range alphabets {
			if !unicode.Is(alphabet, r) {
				continue
			}
			if of != nil && of != alphabet {
				return "two alphabets in one word"
			}
			of = alphabet
		}
	}
	return ""
}
