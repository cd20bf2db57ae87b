package prompt

import "math"

// estimate is how many tokens a text takes, rather too many than too few. No
// tokeniser is at hand for a model that nobody knows: letters and spaces are
// counted as three to a token (English has four), digits and punctuation as
// three to two, and what is not ASCII by its bytes, two to a token, which a
// tokeniser that falls back on pieces of characters comes to.
func estimate(text string) int {
	tokens := 0.0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 0x80:
			tokens += 0.5
		case c == ' ' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			tokens += 1.0 / 3
		default:
			tokens += 2.0 / 3
		}
	}
	return int(math.Ceil(tokens))
}
