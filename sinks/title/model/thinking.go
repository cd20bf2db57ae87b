package model

import (
	"fmt"
	"regexp"
	"strings"
)

// marks of a thought's begin and end, as %s: tags of several names and makers
// (DeepSeek and Qwen, Mistral, Seed), and the tokens of Kimi, Cohere and others.
const thinkingTag = `<%[1]s(?:[a-z]+:)?(?:think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad)(?:\s[^<>]{0,80})?>|\[%[1]sTHINK\]|◁%[1]sthink▷|<\|%[2]s_(?:of_)?(?:thought|thinking)\|>`

var (
	opening = regexp.MustCompile(`(?i)` + fmt.Sprintf(thinkingTag, "", "(?:begin|start)") + `|<unused94>|^\s*thinking\.\.\.\s*\n`)
	closing = regexp.MustCompile(`(?i)` + fmt.Sprintf(thinkingTag, "/", "end") + `|<unused95>|(?:^|\n)\.\.\.done thinking\.`)
	// message starts each part of an answer in the format of OpenAI's open
	// models, where a server leaves that in; the last part is the answer, unless
	// channel says that it is none.
	message = regexp.MustCompile(`<\|message\|>`)
	channel = regexp.MustCompile(`<\|channel\|>\s*([a-z]+)`)
	// control are the marks with which templates begin and end a turn or an answer.
	control = regexp.MustCompile(`(?i)<\|(?:im_start|start)\|>\s*assistant|<\|[a-z_]+\|>|</?s>|<(?:start|end)_of_turn>|</?(?:final_)?(?:answer|output|response)>`)
)

// withoutThinking is what a model answered after it had thought. Some servers
// leave the thinking in, some only its end, and a cut answer only its beginning.
func withoutThinking(text string) string {
	if all := channel.FindAllStringSubmatch(text, -1); all != nil && all[len(all)-1][1] != "final" {
		return ""
	}
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
