package gate

import (
	"regexp"
	"strings"
)

var (
	call     = regexp.MustCompile(`\$\s*(?:[\p{L}_][\p{L}\p{N}_.]*\s*)?\(`)
	dollars  = regexp.MustCompile(`\$\s*[\p{L}_][^$]*\$`)
	tag      = regexp.MustCompile(`<\s*[/!?]?\s*[a-z]`)
	entities = regexp.MustCompile(`&(?:#|[a-z]+;)`)
)

// variable refuses what Streamer.bot's text fields expand. Names of variables may
// have spaces, so two signs are enough whatever is between them. Reference:
// titles.md 2.
func variable(c *candidate) string {
	switch {
	case strings.Count(c.plain, "%") > 1:
		return "two % signs could hold a variable"
	case strings.Count(c.plain, "~") > 1:
		return "two ~ signs could hold a variable"
	case call.MatchString(c.plain), dollars.MatchString(c.plain):
		return "$ before a word could be a function"
	}
	return ""
}

func markup(c *candidate) string {
	switch {
	case strings.ContainsAny(c.plain, `{}\`):
		return "braces and backslashes are a program's, not a title's"
	case entities.MatchString(c.plain):
		return "a character reference"
	case tag.MatchString(c.plain):
		return "a tag"
	case c.youTube() && strings.ContainsAny(c.plain, "<>"):
		return "YouTube takes no < and >"
	}
	return ""
}
