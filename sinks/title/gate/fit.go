package gate

import (
	"strings"
	"unicode/utf16"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// What the platforms take, in UTF-16 units, which are never fewer than
// characters however a platform counts those. Kick publishes none; YouTube's is
// safe there, and for a platform that is not known. Reference: titles.md 1.
const (
	twitchUnits = 140
	otherUnits  = 100
)

// Limit is the most UTF-16 units that every one of the platforms takes; none are
// all of them.
func Limit(platforms ...string) int {
	for _, p := range platforms {
		if !strings.EqualFold(p, "twitch") {
			return otherUnits
		}
	}
	if len(platforms) == 0 {
		return otherUnits
	}
	return twitchUnits
}

// Fit cuts a title to what the platform takes, between words where one of them
// ends near the limit and never within what a reader sees as one character. A cut
// makes another title: let it pass the gate.
func Fit(title, platform string) string { return fit(title, Limit(platform), units) }

// FitBytes is [Fit] for the second try after Twitch has said "too long": Twitch
// does not document its unit, and bytes are the strictest.
func FitBytes(title string) string {
	return fit(title, twitchUnits, func(s string) int { return len(s) })
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// fit cuts s to limit as measured by size.
func fit(s string, limit int, size func(string) int) string {
	if size(s) <= limit {
		return s
	}
	end, word, used := 0, 0, 0
	for g := graphemes.FromString(s); g.Next(); {
		cluster := g.Value()
		used += size(cluster)
		if cluster == " " {
			word = end
		}
		if used > limit {
			break
		}
		end += len(cluster)
	}
	// A last word of more than a third of the title would cost too much.
	if word > 2*end/3 {
		end = word
	}
	return strings.TrimRight(s[:end], " ,;:-–—|/&+([{«“‘#")
}
