package model

import (
	"regexp"
	"strings"
)

const thinkingTag = `(?:<%s(?:think|thinking|thought|thoughts|reasoning)>|\[%sTHINK\])`

var (
	opening = regexp.MustCompile(`(?i)` + strings.ReplaceAll(thinkingTag, "%s", ""))
	closing = regexp.MustCompile(`(?i)` + strings.ReplaceAll(thinkingTag, "%s", "/"))
	// message starts each part of an answer in the format of OpenAI's open
	// models, where a server leaves that in; the last part is the answer.
	message = regexp.MustCompile(`<\|message\|>`)
	// control are the marks with which templates end a turn.
	control = regexp.MustCompile(`<\|[a-z_]+\|>|</?s>|<(?:start|end)_of_turn>`)
)

// withoutThinking is what a model answered after it had thought. Some servers
// leave the thinking in, some only its end, and a cut answer only its beginning.
func withoutThinking(text string) string {
	for _, end := range []*regexp.Regexp{closing, message} {
		if all := end.FindAllStringIndex(text, -1); all != nil {
			text = afterThinking(text, all, end == closing)
		}
	}
	if at := opening.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	return strings.TrimSpace(control.ReplaceAllString(text, " "))
}

// afterThinking is what follows the last end of a thought. Where nothing does,
// the answer came first: then it is what stands before the first beginning.
func afterThinking(text string, ends [][]int, tagged bool) string {
	after := text[ends[len(ends)-1][1]:]
	if blank(after) && tagged {
		if at := opening.FindStringIndex(text); at != nil && !blank(text[:at[0]]) {
			return text[:at[0]]
		}
	}
	return after
}
