package streamerbot

import "strings"

// Money is never a number here: it is read from the digits as they stand, and
// what is no plain decimal number stays text.

// decimal is a plain decimal number as it stands, e.g. "7.50"; "" for anything
// else, such as "€7.50", "7,50" or "1e3".
func decimal(t text) string {
	s := strings.TrimSpace(string(t))
	whole, rest, dotted := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || dotted && !digits(rest) {
		return ""
	}
	return s
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// scaled is a whole number of parts of which 10^places make one, as a decimal
// number without trailing zeros: 2490000 millionths are "2.49". "" where t is
// no whole number.
func scaled(t text, places int) string {
	s := decimal(t)
	s, rest, _ := strings.Cut(s, ".")
	if s == "" || strings.Trim(rest, "0") != "" {
		return ""
	}
	digits, isNegative := strings.CutPrefix(s, "-")
	if short := places + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	cut := len(digits) - places
	whole, part := strings.TrimLeft(digits[:cut], "0"), strings.TrimRight(digits[cut:], "0")
	if whole == "" {
		whole = "0"
	}
	if part != "" {
		whole += "." + part
	}
	if isNegative && whole != "0" {
		return "-" + whole
	}
	return whole
}

// currency is the first that is an ISO 4217 code, in upper case; a sign is
// none.
func currency(names ...text) string {
	for _, n := range names {
		c := strings.ToUpper(strings.TrimSpace(string(n)))
		if len(c) == 3 && strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			return c
		}
	}
	return ""
}
