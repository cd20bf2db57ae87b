package schema

import "embed"

// One JSON Schema 2020-12 file and one sample for each type and version of the
// catalogue. They are never edited: a changed payload is a new version.
//
//go:embed types
var types embed.FS

// JSONSchema is the JSON Schema 2020-12 of the payload of t at version v; false
// for what the catalogue does not list.
func JSONSchema(t Type, v Version) ([]byte, bool) { return typeFile(t, v, ".schema.json") }

// Sample is a payload of t at version v with every field set; false for what
// the catalogue does not list.
func Sample(t Type, v Version) ([]byte, bool) { return typeFile(t, v, ".sample.json") }

func typeFile(t Type, v Version, suffix string) ([]byte, bool) {
	b, err := types.ReadFile("types/" + string(t) + "/" + string(v) + suffix)
	return b, err == nil
}
