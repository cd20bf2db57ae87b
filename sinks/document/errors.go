package document

import "fmt"

// Reason says why a JSON value can't be a document in every store. The
// constants of this type are the whole list, fit to be metric labels.
type Reason string

const (
	// NotObject: the value is an array, a string, a number or a literal.
	NotObject Reason = "not an object"
	// TooDeep: objects and arrays are nested more than [MaxDepth] deep.
	TooDeep Reason = "nested too deep"
	// TooLarge: the BSON form is over [MaxSize].
	TooLarge Reason = "too large"
	// NestedArray: an array is directly in an array, which FerretDB refuses.
	NestedArray Reason = "array in an array"
	// EmptyKey: a key is the empty string, which no query path can name.
	EmptyKey Reason = "empty key"
	// DottedKey: a key contains a dot, which query paths read as a step down.
	DottedKey Reason = "key with a dot"
	// DollarKey: a key starts with a dollar, which stores read as an operator.
	DollarKey Reason = "key that starts with a dollar"
	// NULKey: a key contains U+0000, which ends a key in BSON.
	NULKey Reason = "key with a NUL"
	// DoubledKey: a key is twice in one object; stores and drivers disagree
	// about which one counts.
	DoubledKey Reason = "doubled key"
	// InvalidUTF8: a string or key has bytes that aren't UTF-8.
	InvalidUTF8 Reason = "invalid UTF-8"
	// LoneSurrogate: a string or key has half of a \u surrogate pair, which
	// UTF-8 can't express.
	LoneSurrogate Reason = "lone surrogate"
	// TooManyInexact: the paths of the inexact numbers together are over
	// [MaxInexact].
	TooManyInexact Reason = "too many inexact numbers"
)

// NotDocumentError says that a value can't be a document everywhere. What comes
// after Offset was not read, so it doesn't say that the text is valid JSON.
type NotDocumentError struct {
	Reason Reason
	Offset int // where in the JSON text the reason was found, in bytes
}

func (e *NotDocumentError) Error() string {
	return fmt.Sprintf("document: not a document: %s, at byte %d", string(e.Reason), e.Offset)
}

// SyntaxError says that the text is not JSON (RFC 8259).
type SyntaxError struct {
	Problem string
	Offset  int // in bytes
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("document: not JSON: %s, at byte %d", e.Problem, e.Offset)
}
