package ailicia

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

// node is the part of JSON Schema that the catalogue's files use.
type node struct {
	Type       any             `json:"type"`
	Format     string          `json:"format"`
	Pattern    string          `json:"pattern"`
	Minimum    *float64        `json:"minimum"`
	Enum       []string        `json:"enum"`
	Properties map[string]node `json:"properties"`
	Required   []string        `json:"required"`
	Items      *node           `json:"items"`
	Members    *node           `json:"additionalProperties"`
	Ref        string          `json:"$ref"`
	Defs       map[string]node `json:"$defs"`
}

// conforms checks the payload of a type that the catalogue lists against its
// JSON Schema. Members that it does not describe are allowed.
func conforms(t *testing.T, typ schema.Type, payload []byte) {
	t.Helper()
	file, ok := schema.JSONSchema(typ, schema.CurrentVersion(typ))
	if !ok {
		return
	}
	var root node
	var value any
	if err := json.Unmarshal(file, &root); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &value); err != nil {
		t.Fatal(err)
	}
	if err := root.check(root, value, string(typ)); err != nil {
		t.Error(err)
	}
}

func (n node) check(root node, value any, at string) error {
	if n.Ref != "" {
		n = root.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
	}
	if kind := kindOf(value); !n.allows(kind) && (kind != "integer" || !n.allows("number")) {
		return fmt.Errorf("%s: %v is none of %v", at, value, n.Type)
	}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range n.Required {
			if _, is := v[name]; !is {
				return fmt.Errorf("%s: no %s", at, name)
			}
		}
		for name, member := range v {
			of, known := n.Properties[name]
			if !known && n.Members != nil {
				of, known = *n.Members, true
			}
			if !known {
				continue
			}
			if err := of.check(root, member, at+"."+name); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range v {
			if err := n.Items.check(root, item, at+"[]"); err != nil {
				return err
			}
		}
	case string:
		if n.Enum != nil && !slices.Contains(n.Enum, v) || !regexp.MustCompile(n.Pattern).MatchString(v) {
			return fmt.Errorf("%s: %q is none of %v %s", at, v, n.Enum, n.Pattern)
		}
		if _, err := time.Parse(time.RFC3339, v); n.Format == "date-time" && err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

func (n node) allows(kind string) bool {
	if several, ok := n.Type.([]any); ok {
		return slices.Contains(several, any(kind))
	}
	return n.Type == kind
}

func kindOf(value any) string {
	switch v := value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	}
	return "null"
}
