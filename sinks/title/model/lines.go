package model

import (
	"regexp"
	"strings"
)

var (
	fence = regexp.MustCompile("(?m)^\\s*```[A-Za-z0-9]*\\s*$|```")
	// mark is what numbers or bullets a line: "1. ", "2) ", "**3.** ", "- ", "1️⃣ ".
	mark = regexp.MustCompile(`^\s*(?:[-*•–·+>]|\*{0,2}[(\[]?\d{1,2}[.):\]]\*{0,2}|\d\x{FE0F}?\x{20E3})\s+`)
	// label is what some models put before each: "Title 1:", "**Option 2**:".
	label = regexp.MustCompile(`(?i)^\*{0,2}(?:title|titel|option|candidate|suggestion|final answer)\s*#?\d{0,2}\*{0,2}\s*[:.)–-]\*{0,2}\s+`)
	// preface stands before titles, sometimes on the line of the first.
	preface = regexp.MustCompile(`(?i)^(?:(?:sure|certainly|of course|absolutely|okay|ok|great)\b[^:\n]{0,60}[!,.:]\s*)?(?:here(?:'s|’s| is| are)\b|hier (?:sind|ist|kommen)\b|voici\b|aquí\b)[^:]{0,80}:\s*`)
	// chatter is what models say beside titles, or instead of them.
	chatter = regexp.MustCompile(`(?i)^(?:(?:sure|certainly|of course|absolutely|okay|ok|great)[,!.]|let me know|i hope|hope (?:this|these)|feel free|these titles|each title|note:|i['’]m sorry|i am sorry|sorry,|i can(?:no|['’])t|i['’]m unable|i am unable|as an ai|as a language model|(?:we|i) need to|user wants|the user|(?:thought|thinking|reasoning|analysis)\s*:)`)
	rule    = regexp.MustCompile(`^[-*_=\s]+$`)
)

// titlesInLines reads an answer that is no JSON. Where lines are numbered or
// bulleted, the others are talk.
func titlesInLines(text string) []string {
	var marked, plain []string
	for line := range strings.Lines(fence.ReplaceAllString(text, "")) {
		line = strings.TrimSpace(line)
		if line == "" || rule.MatchString(line) {
			continue
		}
		rest := mark.ReplaceAllString(line, "")
		labelled := label.ReplaceAllString(rest, "")
		title := preface.ReplaceAllString(labelled, "")
		switch {
		case title == "" || strings.HasSuffix(strings.TrimRight(title, "*"), ":") || chatter.MatchString(title):
		case labelled != line:
			marked = append(marked, title)
		default:
			plain = append(plain, title)
		}
	}
	if len(marked) > 0 {
		return marked
	}
	return plain
}
