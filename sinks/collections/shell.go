package collections

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
)

// shownBytes is how much of a binary is shown.
const shownBytes = 24

// shell writes a value on one line as mongosh reads it.
func shell(v any) (string, error) {
	t, data, err := bson.MarshalValue(v)
	if err != nil {
		return "", err
	}
	w := shellWriter{}
	w.value(bson.RawValue{Type: t, Value: data}, "")
	return w.b.String(), w.err
}

// shellLines writes a document as mongosh shows it, a field a line down to the
// given depth; deeper ones stand on one line.
func shellLines(doc bson.Raw, depth int) (string, error) {
	w := shellWriter{depth: depth}
	w.value(bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: doc}, "\n")
	return w.b.String(), w.err
}

type shellWriter struct {
	b     strings.Builder
	depth int
	err   error
}

// value writes v; indent is what a new line at v's level begins with, newline
// included, and empty where all stands on one line.
func (w *shellWriter) value(v bson.RawValue, indent string) {
	switch v.Type {
	case bson.TypeEmbeddedDocument:
		w.elements(v.Document(), indent, "{", "}")
	case bson.TypeArray:
		w.elements(bson.Raw(v.Array()), indent, "[", "]")
	case bson.TypeString:
		w.text(v.StringValue())
	case bson.TypeDateTime:
		fmt.Fprintf(&w.b, "ISODate(%q)", schema.NewTime(time.UnixMilli(v.DateTime())).String())
	case bson.TypeInt32:
		w.b.WriteString(strconv.Itoa(int(v.Int32())))
	case bson.TypeInt64:
		fmt.Fprintf(&w.b, "Long(%q)", strconv.FormatInt(v.Int64(), 10))
	case bson.TypeDouble:
		w.b.WriteString(strconv.FormatFloat(v.Double(), 'g', -1, 64))
	case bson.TypeBoolean:
		w.b.WriteString(strconv.FormatBool(v.Boolean()))
	case bson.TypeNull:
		w.b.WriteString("null")
	case bson.TypeRegex:
		pattern, flags := v.Regex()
		w.b.WriteString("/" + pattern + "/" + flags)
	case bson.TypeBinary:
		_, data := v.Binary()
		shown := data[:min(len(data), shownBytes)]
		fmt.Fprintf(&w.b, "BinData(0, \"%s…\") /* %d bytes */", base64.StdEncoding.EncodeToString(shown), len(data))
	default:
		w.err = fmt.Errorf("collections: no way to write a %s for mongosh", v.Type)
	}
}

func (w *shellWriter) elements(doc bson.Raw, indent, opening, closing string) {
	elements, err := doc.Elements()
	if err != nil {
		w.err = err
		return
	}
	inner := ""
	if indent != "" && (len(indent)-1)/2 < w.depth {
		inner = indent + "  "
	}
	w.b.WriteString(opening)
	for i, e := range elements {
		switch {
		case inner != "":
			w.b.WriteString(inner)
		case opening == "{" || i > 0:
			w.b.WriteString(" ")
		}
		if opening == "{" {
			w.key(e.Key())
		}
		w.value(e.Value(), inner)
		if i < len(elements)-1 {
			w.b.WriteString(",")
		}
	}
	switch {
	case inner != "" && len(elements) > 0:
		w.b.WriteString(indent)
	case opening == "{" && len(elements) > 0:
		w.b.WriteString(" ")
	}
	w.b.WriteString(closing)
}

func (w *shellWriter) key(k string) {
	plain := k != "" && strings.IndexFunc(k, func(r rune) bool {
		return !(r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	}) < 0 && (k[0] < '0' || k[0] > '9')
	if plain {
		w.b.WriteString(k)
	} else {
		w.text(k)
	}
	w.b.WriteString(": ")
}

func (w *shellWriter) text(s string) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		w.err = err
	}
	w.b.WriteString(strings.TrimSuffix(b.String(), "\n"))
}
