package model

import (
	"encoding/json"
	"regexp"

	openai "github.com/sashabaranov/go-openai"
)

// Rung is how strictly the shape of an answer is asked for.
type Rung int

// The rungs, the least strict first.
const (
	Text Rung = iota
	Object
	Schema
)

// String is the rung as in response_format: text, json_object, json_schema.
func (r Rung) String() string {
	switch r {
	case Schema:
		return "json_schema"
	case Object:
		return "json_object"
	}
	return "text"
}

// schema is flat, with neither $schema, union types nor lengths: grammar
// engines differ in those (reference: titles.md 4).
const schema = `{"type":"object","properties":{"titles":{"type":"array","items":{"type":"string"}}},"required":["titles"],"additionalProperties":false}`

// format asks for the shape; plain text by asking for nothing, which every
// server knows.
func (r Rung) format() *openai.ChatCompletionResponseFormat {
	switch r {
	case Schema:
		return &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "titles", Schema: json.RawMessage(schema), Strict: true},
		}
	case Object:
		return &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
	}
	return nil
}

// aboutShape recognises a refusal of the shape by its text: "information" is
// none.
var aboutShape = regexp.MustCompile(`(?i)(?:^|[^a-z])format|schema|grammar`)
