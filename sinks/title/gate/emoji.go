package gate

import (
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

const (
	joiner      = 0x200D
	variation16 = 0xFE0F
	keycap      = 0x20E3
)

// pictographic is Unicode's Extended_Pictographic, which holds places for emoji
// to come. From emoji-data.txt 15.1.
var pictographic = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00A9, 0x00A9, 1}, {0x00AE, 0x00AE, 1}, {0x203C, 0x203C, 1}, {0x2049, 0x2049, 1}, {0x2122, 0x2122, 1},
		{0x2139, 0x2139, 1}, {0x2194, 0x2199, 1}, {0x21A9, 0x21AA, 1}, {0x231A, 0x231B, 1}, {0x2328, 0x2328, 1},
		{0x2388, 0x2388, 1}, {0x23CF, 0x23CF, 1}, {0x23E9, 0x23F3, 1}, {0x23F8, 0x23FA, 1}, {0x24C2, 0x24C2, 1},
		{0x25AA, 0x25AB, 1}, {0x25B6, 0x25B6, 1}, {0x25C0, 0x25C0, 1}, {0x25FB, 0x25FE, 1}, {0x2600, 0x2605, 1},
		{0x2607, 0x2612, 1}, {0x2614, 0x2685, 1}, {0x2690, 0x2705, 1}, {0x2708, 0x2712, 1}, {0x2714, 0x2714, 1},
		{0x2716, 0x2716, 1}, {0x271D, 0x271D, 1}, {0x2721, 0x2721, 1}, {0x2728, 0x2728, 1}, {0x2733, 0x2734, 1},
		{0x2744, 0x2744, 1}, {0x2747, 0x2747, 1}, {0x274C, 0x274C, 1}, {0x274E, 0x274E, 1}, {0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1}, {0x2763, 0x2767, 1}, {0x2795, 0x2797, 1}, {0x27A1, 0x27A1, 1}, {0x27B0, 0x27B0, 1},
		{0x27BF, 0x27BF, 1}, {0x2934, 0x2935, 1}, {0x2B05, 0x2B07, 1}, {0x2B1B, 0x2B1C, 1}, {0x2B50, 0x2B50, 1},
		{0x2B55, 0x2B55, 1}, {0x3030, 0x3030, 1}, {0x303D, 0x303D, 1}, {0x3297, 0x3297, 1}, {0x3299, 0x3299, 1},
	},
	R32: []unicode.Range32{
		{0x1F000, 0x1F0FF, 1}, {0x1F10D, 0x1F10F, 1}, {0x1F12F, 0x1F12F, 1}, {0x1F16C, 0x1F171, 1}, {0x1F17E, 0x1F17F, 1},
		{0x1F18E, 0x1F18E, 1}, {0x1F191, 0x1F19A, 1}, {0x1F1AD, 0x1F1E5, 1}, {0x1F201, 0x1F20F, 1}, {0x1F21A, 0x1F21A, 1},
		{0x1F22F, 0x1F22F, 1}, {0x1F232, 0x1F23A, 1}, {0x1F23C, 0x1F23F, 1}, {0x1F249, 0x1F3FA, 1}, {0x1F400, 0x1F53D, 1},
		{0x1F546, 0x1F64F, 1}, {0x1F680, 0x1F6FF, 1}, {0x1F774, 0x1F77F, 1}, {0x1F7D5, 0x1F7FF, 1}, {0x1F80C, 0x1F80F, 1},
		{0x1F848, 0x1F84F, 1}, {0x1F85A, 0x1F85F, 1}, {0x1F888, 0x1F88F, 1}, {0x1F8AE, 0x1F8FF, 1}, {0x1F90C, 0x1F93A, 1},
		{0x1F93C, 0x1F945, 1}, {0x1F947, 0x1FAFF, 1}, {0x1FC00, 0x1FFFD, 1},
	},
}

func emoji(c *candidate) string {
	n := 0
	for cluster := range clusters(c.text) {
		if isEmoji(cluster) || strings.ContainsFunc(cluster, picture) {
			n++
		}
	}
	if n > c.gate.emoji {
		return fmt.Sprintf("%d emoji; up to %d are configured", n, c.gate.emoji)
	}
	return ""
}

// clusters are what a reader sees as one character each.
func clusters(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for g := graphemes.FromString(s); g.Next(); {
			if !yield(g.Value()) {
				return
			}
		}
	}
}

// isEmoji says whether a cluster is one well-formed emoji: pictures joined by
// single joiners, a flag of two letters, or a keycap. A cluster that only begins
// like one hides something.
func isEmoji(cluster string) bool {
	rs := []rune(cluster)
	switch {
	case strings.ContainsRune("0123456789#*", rs[0]):
		return len(rs) == 3 && rs[1] == variation16 && rs[2] == keycap
	case regional(rs[0]):
		return len(rs) == 1 || len(rs) == 2 && regional(rs[1])
	case len(rs) == 1:
		return picture(rs[0])
	}
	joined := true // a picture is due
	for i, r := range rs {
		due := joined
		joined = r == joiner
		switch {
		case due && !unicode.Is(pictographic, r), !due && unicode.Is(pictographic, r):
			return false
		case due:
		case joined && i < len(rs)-1:
		case (r == variation16 || skinTone(r)) && unicode.Is(pictographic, rs[i-1]):
		default:
			return false
		}
	}
	return true
}

// picture leaves out ©, ™ and ↔, which are text unless a selector follows.
func picture(r rune) bool { return r >= 0x2300 && unicode.Is(pictographic, r) }

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func skinTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }
