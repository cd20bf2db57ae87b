package schema

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// node is the part of JSON Schema that our files use; an unknown word in one
// of them fails the test.
type node struct {
	Schema      string          `json:"$schema,omitempty"`
	ID          string          `json:"$id,omitempty"`
	Title       string          `json:"title,omitempty"`
	Type        kinds           `json:"type,omitempty"`
	Description string          `json:"description,omitempty"`
	Format      string          `json:"format,omitempty"`
	Pattern     string          `json:"pattern,omitempty"`
	Minimum     *int            `json:"minimum,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Examples    []string        `json:"examples,omitempty"`
	Properties  map[string]node `json:"properties,omitempty"`
	Required    []string        `json:"required,omitempty"`
	Items       *node           `json:"items,omitempty"`
	// Members is what each member of an object with free names is.
	Members *node           `json:"additionalProperties,omitempty"`
	Ref     string          `json:"$ref,omitempty"`
	Defs    map[string]node `json:"$defs,omitempty"`
}

// kinds is "string" or ["string", "null"].
type kinds []string

func (k *kinds) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		*k = kinds{""}
		return json.Unmarshal(b, &(*k)[0])
	}
	return json.Unmarshal(b, (*[]string)(k))
}

// is reports whether the one kind beside null is this.
func (k kinds) is(kind string) bool { return len(k) > 0 && k[0] == kind }

func (k kinds) nullable() bool { return slices.Contains(k, "null") }

func readNode(t *testing.T, b []byte) node {
	t.Helper()
	var n node
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// describes fails unless schema and Go type have the same fields of the same
// kinds, and Go always writes what the schema requires.
func describes(t *testing.T, root, n node, goType reflect.Type, at string) {
	t.Helper()
	n = resolved(t, root, n, at)
	if goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
	}
	if want := kindOf(goType); !n.Type.is(want) {
		t.Errorf("%s: schema says %q, Go %s", at, n.Type, want)
	}
	if goType == reflect.TypeFor[Time]() {
		if n.Format != "date-time" || !regexp.MustCompile(n.Pattern).MatchString(NewTime(receivedAt).String()) {
			t.Errorf("%s: format %q, pattern %q", at, n.Format, n.Pattern)
		}
		return
	}
	switch goType.Kind() {
	case reflect.Slice:
		describes(t, root, *n.Items, goType.Elem(), at+"[]")
	case reflect.Map:
		if n.Members != nil {
			describes(t, root, *n.Members, goType.Elem(), at+".*")
		}
	case reflect.Struct:
		describesFields(t, root, n, goType, at)
	}
}

func describesFields(t *testing.T, root, n node, goType reflect.Type, at string) {
	t.Helper()
	var names, required []string
	for f := range goType.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		if options != "omitempty" {
			required = append(required, name)
		}
		property, ok := n.Properties[name]
		if !ok {
			t.Errorf("%s.%s is not described", at, name)
			continue
		}
		if resolved(t, root, property, at).Description == "" {
			t.Errorf("%s.%s has no description", at, name)
		}
		describes(t, root, property, f.Type, at+"."+name)
	}
	for name := range n.Properties {
		if !slices.Contains(names, name) {
			t.Errorf("%s.%s is described and no field of %s", at, name, goType)
		}
	}
	for _, name := range n.Required {
		if !slices.Contains(required, name) {
			t.Errorf("%s: requires %s, Go always writes only %v", at, name, required)
		}
	}
}

func kindOf(goType reflect.Type) string {
	if goType == reflect.TypeFor[Time]() {
		return "string"
	}
	return map[reflect.Kind]string{
		reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Float64: "number",
		reflect.Uint64: "integer", reflect.Slice: "array", reflect.Struct: "object", reflect.Map: "object",
	}[goType.Kind()]
}

func resolved(t *testing.T, root, n node, at string) node {
	t.Helper()
	if n.Ref == "" {
		return n
	}
	def, ok := root.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
	if !ok {
		t.Fatalf("%s: %s leads nowhere", at, n.Ref)
	}
	return def
}

// conforms checks a sample, and that it shows every field.
func conforms(t *testing.T, root, n node, value any, at string) {
	t.Helper()
	n = resolved(t, root, n, at)
	switch v := value.(type) {
	case map[string]any:
		if n.Properties == nil && n.Type.is("object") {
			for name, member := range v {
				if n.Members != nil {
					conforms(t, root, *n.Members, member, at+"."+name)
				}
			}
			return // any members
		}
		if got, want := slices.Sorted(maps.Keys(v)), slices.Sorted(maps.Keys(n.Properties)); !n.Type.is("object") || !slices.Equal(got, want) {
			t.Errorf("%s: sample has %v, schema %v", at, got, want)
		}
		for name, member := range v {
			conforms(t, root, n.Properties[name], member, at+"."+name)
		}
	case []any:
		if !n.Type.is("array") || len(v) == 0 {
			t.Fatalf("%s: %d items of %s", at, len(v), n.Type)
		}
		for _, item := range v {
			conforms(t, root, *n.Items, item, at+"[]")
		}
	case string:
		if !n.Type.is("string") || n.Enum != nil && !slices.Contains(n.Enum, v) || !regexp.MustCompile(n.Pattern).MatchString(v) {
			t.Errorf("%s: %q is none of %s %v %s", at, v, n.Type, n.Enum, n.Pattern)
		}
		if _, err := time.Parse(time.RFC3339, v); n.Format == "date-time" && err != nil {
			t.Errorf("%s: %v", at, err)
		}
	case float64:
		if n.Type.is("number") {
			return
		}
		if !n.Type.is("integer") || v != float64(int64(v)) || n.Minimum != nil && v < float64(*n.Minimum) {
			t.Errorf("%s: %v is none of %s", at, v, n.Type)
		}
	case bool:
		if !n.Type.is("boolean") {
			t.Errorf("%s: a boolean for %s", at, n.Type)
		}
	default:
		t.Errorf("%s: %v", at, value)
	}
}
