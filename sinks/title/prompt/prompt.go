// Package prompt makes of the facts about a stream what a model is asked.
//
// A prompt is a file: front matter (YAML) and two text/templates, "system" and
// "user". The built-in one is title.tmpl in this folder; a file of that name in
// a folder of the operator's replaces it and is read again when it changes.
//
// Its rules:
//
//   - what viewers wrote or caused (words and emotes of the chat, lines, the
//     character, earlier titles) reaches a template only as {{.Data}}: one block
//     with a random name, one JSON object a line, each line marked. No template
//     can put it among its instructions, and the sentence that calls it data
//     cannot be left out;
//   - what carries the block's name is refused;
//   - a prompt is bounded: data are cut, the least important first,
//     instructions never;
//   - templates have a handful of functions, none of which reaches files, the
//     environment or the network.
//
// A tour: set.go holds the prompt in use, watch.go reads it again, parse.go and
// check.go turn a file into one or into errors with lines, view.go is what
// templates see, data.go the marked block, funcs.go the functions, tokens.go
// the estimate, example.go an evening to try a prompt on.
package prompt

import "errors"

// Candidates is how many titles a model is asked for.
const Candidates = 3

// FileName is the file's name in the operator's folder.
const FileName = "title.tmpl"

// BuiltIn is what [Rendered.From] says of the prompt that is part of the program.
const BuiltIn = "built-in"

const (
	// tokensMax bounds a prompt, in estimated tokens: over /v1 nobody can ask
	// Ollama for a larger context (reference: titles.md 4).
	tokensMax = 1500
	// instructionsMax is what a file may take of it, so that facts have room.
	instructionsMax = 1100
	// fileMax bounds a prompt file, in bytes.
	fileMax = 64 << 10
)

// ErrFence is the error of [Set.Render] when a fact holds the name of the data's
// block, which nobody can know: the facts are not to be trusted.
var ErrFence = errors.New("prompt: a fact holds the random name that fences the data: nothing was rendered; the template generator can answer")

// Rendered is what a model is asked.
type Rendered struct {
	System string `json:"system"`
	User   string `json:"user"`
	// Hash is the SHA-256 of the prompt file in hex; From its path, or [BuiltIn].
	Hash string `json:"hash"`
	From string `json:"from"`
	// Model is the one that the file wants, "" any. Temperature and MaxTokens
	// are the file's as well; nil and 0 leave them to the settings.
	Model       string   `json:"model,omitempty"`
	Temperature *float64 `json:"temperature,omitempty"`
	MaxTokens   int      `json:"maxTokens,omitempty"`
	// Languages are those that titles may be in, as BCP 47 tags; never empty.
	Languages []string `json:"languages"`
	// Fence is the random name of the data's block.
	Fence string `json:"fence"`
	// Tokens is the estimated length, rather too high than too low; Cut is how
	// many facts had to be left out for it.
	Tokens int `json:"tokens"`
	Cut    int `json:"cut,omitempty"`
}
