package streamerbot

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

// node is the part of JSON Schema that the catalogue's files use; schema's own
// tests fail for any other word in them.
type node struct {
	Type       any             `json:"type"`
	Format     string          `json:"format"`
	Pattern    string          `json:"pattern"`
	Minimum    *float64        `json:"minimum"`
	Enum       []string        `json:"enum"`
	Properties map[string]node `json:"properties"`
	Required   []string        `json:"required"`
	Items      *node           `json:"items"`
	Ref        string          `json:"$ref"`
	Defs       map[string]node `json:"$defs"`
}

// conforms checks the payload of a catalogue's type against its JSON Schema,
// and that nothing is in it which the schema does not describe.
func conforms(t *testing.T, e schema.Envelope) {
	t.Helper()
	file, ok := schema.JSONSchema(e.Type, e.Version)
	if !ok {
		return
	}
	var root node
	if err := json.Unmarshal(file, &root); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(e.Payload, &value); err != nil {
		t.Fatal(err)
	}
	root.check(t, root, value, string(e.Type))
}

func (n node) check(t *testing.T, root node, value any, at string) {
	t.Helper()
	if n.Ref != "" {
		n = root.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
	}
	kind, _ := n.Type.(string)
	if several, ok := n.Type.([]any); ok {
		kind, _ = several[0].(string)
	}
	switch v := value.(type) {
	case map[string]any:
		want(t, kind, "object")
		for _, name := range n.Required {
			if _, ok := v[name]; !ok {
				t.Errorf("%s lacks %s", at, name)
			}
		}
		for name, member := range v {
			p, ok := n.Properties[name]
			if !ok {
				t.Fatalf("%s.%s is not described", at, name)
			}
			p.check(t, root, member, at+"."+name)
		}
	case []any:
		want(t, kind, "array")
		for _, item := range v {
			n.Items.check(t, root, item, at+"[]")
		}
	case string:
		n.checkText(t, kind, v, at)
	case float64:
		if kind != "integer" || v != float64(int64(v)) || n.Minimum != nil && v < *n.Minimum {
			t.Errorf("%s: %v for %s", at, v, kind)
		}
	case bool:
		want(t, kind, "boolean")
	default:
		t.Errorf("%s: %v", at, value)
	}
}

func (n node) checkText(t *testing.T, kind, v, at string) {
	t.Helper()
	if kind != "string" || n.Enum != nil && !slices.Contains(n.Enum, v) || !regexp.MustCompile(n.Pattern).MatchString(v) {
		t.Errorf("%s: %q for %s %v %s", at, v, kind, n.Enum, n.Pattern)
	}
	if _, err := time.Parse(time.RFC3339, v); n.Format == "date-time" && err != nil {
		t.Errorf("%s: %v", at, err)
	}
}
