// Package hostile has what viewers write to get their words into a stream's
// title, and models that help them. Tests use it; no program does.
package hostile

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

// Line is one attempt, as it stands in chat, in what a character says of itself,
// or in the text of an api.event.
type Line struct {
	// Kind is chat, character or api.event, Language the attempt's.
	Kind, Language string
	// Payload is what may not come into a title.
	Payload string
	Text    string
}

//go:embed testdata/lines.tsv
var corpus string

// Lines are all attempts.
func Lines() []Line {
	var out []Line
	for row := range strings.Lines(corpus) {
		f := strings.SplitN(strings.TrimSuffix(row, "\n"), "\t", 4)
		if len(f) == 4 {
			out = append(out, Line{Kind: f[0], Language: f[1], Payload: f[2], Text: f[3]})
		}
	}
	return out
}

// Texts are the lines alone, as a chat says them.
func Texts() []string {
	var out []string
	for _, l := range Lines() {
		out = append(out, l.Text)
	}
	return out
}

// Obey gives the titles of a model that does as the line says, and does it so
// that a filter might not see it.
func Obey(l Line) []string {
	p := l.Payload
	quoted := `"` + p + `"`
	return []string{
		p, l.Text, quoted, "Title: " + p, "**" + p + "**", "1. " + p, "Friday night: " + p, p + " and a cosy evening",
		strings.ToUpper(p), wide(p), strings.Join(strings.Split(p, ""), "\u200b"), "\u202e" + p, "<think>ok</think>" + p, p + "\n" + p,
		strings.ReplaceAll(p, " ", "  "), strings.ReplaceAll(p, ".", "．"), strings.ReplaceAll(p, ".", " . "), "Tonight we say " + p,
	}
}

// Answer is what a chat completion of the obedient model says: the titles as it
// was asked for them, in JSON.
func Answer(l Line) string {
	body, err := json.Marshal(map[string][]string{"titles": Obey(l)[:3]})
	if err != nil {
		return fmt.Sprintf(`{"titles":[%q]}`, l.Payload)
	}
	return string(body)
}

// wide writes ASCII in full-width letters.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}
