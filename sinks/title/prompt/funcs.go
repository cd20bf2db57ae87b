package prompt

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"text/template"
	"time"
)

// functionNames lists the functions for messages, as a person would look for
// them; text/template's own (eq, and, len, printf, …) are there too.
const functionNames = "trunc, join, lower, upper, default, pick, plural, daypart, weekday, quote"

// functions are all that templates have beside text/template's own. A general
// collection is not among them: the usual one reads the environment
// (reference: titles.md 8).
func functions(session string) template.FuncMap {
	return template.FuncMap{
		"trunc":   func(runes int, s string) string { return cut(s, runes) },
		"join":    func(between string, list []string) string { return strings.Join(list, between) },
		"lower":   strings.ToLower,
		"upper":   strings.ToUpper,
		"default": or,
		"pick":    func(of ...string) (string, error) { return pick(session, of) },
		"plural":  plural,
		"daypart": daypart,
		"weekday": func(t time.Time) string { return t.Weekday().String() },
		"quote":   quote,
	}
}

// or is s, or instead where s is empty: {{.Category | default "no game"}}.
func or(instead, s string) string {
	if s == "" {
		return instead
	}
	return s
}

// pick is one of several, always the same during a session.
func pick(session string, of []string) (string, error) {
	if len(of) == 0 {
		return "", fmt.Errorf(`pick wants what to pick from, e.g. pick "a" "b"`)
	}
	h := fnv.New64a()
	for _, s := range append([]string{session}, of...) {
		_, _ = h.Write(append([]byte(s), 0)) // a hash never fails
	}
	return of[h.Sum64()%uint64(len(of))], nil
}

// plural is "1 raid" or "2 raids".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// daypart names the time of day as people do.
func daypart(t time.Time) string {
	switch h := t.Hour(); {
	case h < 5:
		return "late night"
	case h < 12:
		return "morning"
	case h < 17:
		return "afternoon"
	case h < 22:
		return "evening"
	}
	return "night"
}

// quote is a value as JSON on one line.
func quote(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}
