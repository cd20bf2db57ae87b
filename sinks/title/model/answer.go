package model

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// titleMax bounds a title, in code points. What is longer is no title but a
// thought or an essay, and is left out, not cut (reference: titles.md 4).
const titleMax = 200

const (
	// thoughtMax bounds a text with its thinking, in bytes: twice what the most
	// tokens of the settings come to.
	thoughtMax = 256 << 10
	// textMax bounds what is looked at after the thinking.
	textMax = 32 << 10
)

// The ways in which a text holds no titles.
var (
	errLong     = errors.New("more than 256 KiB")
	errBroken   = errors.New("JSON that is broken or of another shape")
	errNoTitles = errors.New("no line in it can be a title")
)

// Parse reads at most n titles out of a model's answer: JSON of many shapes, in
// a fence or among other text; else numbered or bulleted lines; else lines.
// Thinking, headings, quotes and markdown are taken off, what is longer than
// 200 code points is left out, no title comes twice. It promises nothing else
// of them: that is the gate's.
func Parse(text string, n int) ([]string, error) {
	if len(text) > thoughtMax {
		return nil, errLong
	}
	text = withoutThinking(text)
	text = strings.ToValidUTF8(text[:min(len(text), textMax)], "\ufffd")
	found, kind := titlesInJSON(text), errBroken
	if len(found) == 0 && !looksLikeJSON(text) {
		found, kind = titlesInLines(text), errNoTitles
	}
	var titles []string
	for _, t := range found {
		t = bare(t)
		if t == "" || utf8.RuneCountInString(t) > titleMax || refusal.MatchString(t) || slices.Contains(titles, t) {
			continue
		}
		if titles = append(titles, t); len(titles) == n {
			break
		}
	}
	if len(titles) == 0 {
		return nil, kind
	}
	return titles, nil
}

// wraps are what models put around a title.
var wraps = [][2]string{
	{`"`, `"`}, {"“", "”"}, {"„", "“"}, {"‘", "’"}, {"«", "»"}, {"»", "«"}, {"「", "」"}, {"'", "'"}, {"`", "`"},
	{"**", "**"}, {"__", "__"}, {"*", "*"}, {"_", "_"},
}

// refusal is what a model says that will not, also where the shape of its answer
// leaves it no other place than a title's.
var refusal = regexp.MustCompile(`(?i)^(?:i['’]?m sorry|i am sorry|sorry,? )[^.]*\b(?:can(?:no|['’])t|unable|not able)\b|^i(?: can(?:no|['’])t (?:help|assist|comply)|['’]m unable to| am unable to)\b|^as an? (?:ai|language model)\b`)

var heading = regexp.MustCompile(`^#{1,6} +`)

// bare is a title without line breaks, and without quotes and markdown around
// it.
func bare(s string) string {
	if len(s) > titleMax*bytesMost {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	for again := true; again; {
		again = false
		s = heading.ReplaceAllString(strings.TrimSpace(s), "")
		for _, w := range wraps {
			in, ok := strings.CutPrefix(s, w[0])
			if in, end := strings.CutSuffix(in, w[1]); ok && end && !strings.Contains(in, w[0]) {
				s, again = in, true
			}
		}
	}
	return s
}

// bytesMost is how many bytes a title may have for each code point that it may
// have, spaces that collapse included.
const bytesMost = 8
