package collections

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// rules hold for every collection; Markdown and Prompt begin with them.
const rules = `Times are UTC dates with milliseconds. Numbers are exact: what no BSON number can be exactly is a string,
and its path is in inexact. An object that BSON can't say exactly is JSON text under the same name with Json behind it.
Facts are inserted and never changed; only deleted of a chat line is set later, once, when a moderator removes it, a
tombstone becomes the line when that comes, and a line that two sources report becomes one row of both. seq is the order in which things were recorded, in all collections alike. Order
by it, and ask for times by timestamp.
`

// Markdown writes docs/collections.md.
func Markdown(w io.Writer) error {
	all, err := All()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("<!-- Generated from sinks/collections by `go test ./collections -update`; edits here are lost. -->\n\n# Collections\n\n")
	b.WriteString(rules + "\n")
	b.WriteString("`brain schema` prints the same in a form for prompts, and the collection `" + NotesName + "` holds it.\n" +
		"`brain_canary` holds one document that readiness writes again and again; it says nothing.\n" +
		"`brain_state` says of which log (stream and when it was created) the database holds the events, and where on the log\n" +
		"the last broadcasts of each channel began and ended.\n")
	for _, d := range all {
		if err := d.markdown(&b); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (d Description) markdown(b *strings.Builder) error {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| field | type | meaning |\n|---|---|---|\n", d.Name, d.Purpose)
	for _, f := range d.Fields {
		kind := string(f.Type)
		if f.Optional {
			kind += ", optional"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Path, kind, f.About)
	}
	fmt.Fprintf(b, "\nIndexes beside `_id`: %s.\n", "`"+strings.Join(indexTexts(d), "` · `")+"`")
	sample, err := shellLines(d.Sample, 2)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\nA document:\n\n```js\n%s\n```\n", sample)
	for _, other := range d.Others {
		if sample, err = shellLines(other, 1); err != nil {
			return err
		}
		fmt.Fprintf(b, "\nAnother:\n\n```js\n%s\n```\n", sample)
	}
	b.WriteString("\nQueries:\n")
	for _, q := range d.Queries {
		text, err := q.Mongosh(d.Name)
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\n- %s\n\n  ```js\n  %s\n  ```\n", q.Meaning, text)
	}
	return nil
}

// Prompt writes the collections in a compact form made for a language model's
// prompt.
func Prompt(w io.Writer) error {
	all, err := All()
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("MongoDB collections of a live stream's events and chat. \"?\" behind a type: the field may be absent.\n" + rules)
	described := map[string]string{}
	for _, d := range all {
		fmt.Fprintf(&b, "\n# %s\n%s\n", d.Name, d.Purpose)
		fields := d.fieldLines()
		// Collections that are alike but for their platform's name are said once.
		if like, ok := described[d.shape()]; ok {
			fmt.Fprintf(&b, "fields and indexes: as %s\n", like)
		} else {
			described[d.shape()] = d.Name
			fmt.Fprintf(&b, "fields:\n%sindexes: _id; %s\n", fields, strings.Join(indexTexts(d), "; "))
			sample, err := shell(d.Sample)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "sample: %s\n", sample)
		}
		b.WriteString("queries:\n")
		for _, q := range d.Queries {
			text, err := q.Mongosh(d.Name)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "  // %s\n  %s\n", q.Meaning, text)
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func (d Description) fieldLines() string {
	var b strings.Builder
	for _, f := range d.Fields {
		mark := ""
		if f.Optional {
			mark = "?"
		}
		fmt.Fprintf(&b, "  %s %s%s: %s\n", f.Path, f.Type, mark, f.About)
	}
	return b.String()
}

// shape is what two collections with the same fields have in common.
func (d Description) shape() string {
	var b strings.Builder
	for _, f := range d.Fields {
		fmt.Fprintln(&b, f.Path, f.Type, f.Optional)
	}
	return b.String()
}

// JSON writes the collections as one JSON array; samples are in MongoDB's
// relaxed extended JSON.
func JSON(w io.Writer) error {
	all, err := All()
	if err != nil {
		return err
	}
	type field struct {
		Path     string `json:"path"`
		Type     Type   `json:"type"`
		Optional bool   `json:"optional"`
		Meaning  string `json:"meaning"`
	}
	type query struct {
		Meaning string `json:"meaning"`
		Mongosh string `json:"mongosh"`
	}
	type description struct {
		Name    string          `json:"name"`
		Purpose string          `json:"purpose"`
		Fields  []field         `json:"fields"`
		Indexes []string        `json:"indexes"`
		Sample  json.RawMessage `json:"sample"`
		Queries []query         `json:"queries"`
	}
	list := make([]description, 0, len(all))
	for _, d := range all {
		out := description{Name: d.Name, Purpose: d.Purpose, Indexes: indexTexts(d)}
		for _, f := range d.Fields {
			out.Fields = append(out.Fields, field{f.Path, f.Type, f.Optional, f.About})
		}
		for _, q := range d.Queries {
			text, err := q.Mongosh(d.Name)
			if err != nil {
				return err
			}
			out.Queries = append(out.Queries, query{q.Meaning, text})
		}
		if out.Sample, err = bson.MarshalExtJSON(d.Sample, false, false); err != nil {
			return fmt.Errorf("collections: sample of %s: %w", d.Name, err)
		}
		list = append(list, out)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(list)
}
