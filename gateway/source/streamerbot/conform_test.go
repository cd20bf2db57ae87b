package streamerbot

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	Minimum    *int64          `json:"minimum"`
	Enum       []string        `json:"enum"`
	Properties map[string]node `json:"properties"`
	Required   []string        `json:"required"`
	Items      *node           `json:"items"`
	Ref        string          `json:"$ref"`
	Defs       map[string]node `json:"$defs"`
}

// schemas are the catalogue's current ones, read once.
var schemas = sync.OnceValue(func() map[schema.Type]node {
	all := map[schema.Type]node{}
	for _, entry := range schema.Catalogue() {
		var n node
		file, _ := schema.JSONSchema(entry.Type, entry.Current())
		if err := json.Unmarshal(file, &n); err == nil {
			all[entry.Type] = n
		}
	}
	return all
})

// conforms checks the payload of a catalogue's type against its JSON Schema,
// and that nothing is in it which the schema does not describe.
func conforms(t *testing.T, typ schema.Type, payload []byte) {
	t.Helper()
	root, ok := schemas()[typ]
	if !ok {
		want(t, strings.HasPrefix(string(typ), "streamerbot."), true)
		return
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatal(err)
	}
	root.check(t, root, value, string(typ))
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
	case json.Number:
		if whole, err := v.Int64(); err != nil || kind != "integer" || n.Minimum != nil && whole < *n.Minimum {
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
	matches := n.Pattern == "" || regexp.MustCompile(n.Pattern).MatchString(v)
	if kind != "string" || n.Enum != nil && !slices.Contains(n.Enum, v) || !matches {
		t.Errorf("%s: %q for %s %v %s", at, v, kind, n.Enum, n.Pattern)
	}
	if _, err := time.Parse(time.RFC3339, v); n.Format == "date-time" && err != nil {
		t.Errorf("%s: %v", at, err)
	}
}
