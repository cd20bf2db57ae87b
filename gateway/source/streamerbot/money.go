package streamerbot

import (
	"strconv"
	"strings"
)

// Money is never a float here: it is read from its digits, exactly, and what is
// no decimal number stays text.

// maxDigits bounds an amount's digits and how far its point is moved.
const maxDigits = 40

// decimal is a decimal number in its one spelling: "7.5" for 7.50, 07.5 and
// 75e-1, "0.5" for .5. "" for anything else, such as "€7.50", "7,50" or "".
func decimal(t text) string { return scaled(t, 0) }

// scaled is an amount given in parts of which 10^places make one: 2490000
// millionths are "2.49".
func scaled(t text, places int) string {
	s, isNegative := strings.CutPrefix(strings.TrimSpace(string(t)), "-")
	s, power, hasPower := strings.Cut(strings.ToLower(s), "e")
	whole, rest, dotted := strings.Cut(s, ".")
	number := whole + rest
	if !digits(number) || dotted && rest == "" || len(number) > maxDigits {
		return ""
	}
	if hasPower {
		n, err := strconv.Atoi(power)
		if err != nil || n < -maxDigits || n > maxDigits {
			return ""
		}
		places -= n
	}
	return placed(number, places+len(rest), isNegative)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// placed writes a number of which so many digits stand behind the point.
func placed(number string, behind int, isNegative bool) string {
	if behind < 0 {
		number, behind = number+strings.Repeat("0", -behind), 0
	}
	if short := behind + 1 - len(number); short > 0 {
		number = strings.Repeat("0", short) + number
	}
	cut := len(number) - behind
	whole, part := strings.TrimLeft(number[:cut], "0"), strings.TrimRight(number[cut:], "0")
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
