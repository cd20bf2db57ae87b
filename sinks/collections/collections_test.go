package collections

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/chat"
)

var update = flag.Bool("update", false, "write docs/collections.md")

const docsFile = "../../docs/collections.md"

func TestDocsAreUpToDate(t *testing.T) {
	var got bytes.Buffer
	if err := Markdown(&got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(docsFile, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("run go test ./collections -update in sinks\n%s", diff)
	}
}

// disagreements are what keeps doc from being as fields say: paths that aren't
// listed, other types, missing fields that aren't optional, another order.
func disagreements(doc bson.Raw, fields []Field) []string {
	listed := map[string]Field{}
	for _, f := range fields {
		listed[f.Path] = f
	}
	var problems, missing, order []string
	var walk func(prefix string, doc bson.Raw)
	walk = func(prefix string, doc bson.Raw) {
		elements, err := doc.Elements()
		if err != nil {
			problems = append(problems, err.Error())
		}
		for _, e := range elements {
			path := prefix + e.Key()
			f, ok := listed[path]
			if !ok {
				problems = append(problems, path+" is not listed")
				continue
			}
			order = append(order, path)
			if !fits(e.Value(), f.Type) {
				problems = append(problems, fmt.Sprintf("%s is a %s, not %s", path, e.Value().Type, f.Type))
			}
			if inner, ok := e.Value().DocumentOK(); ok && !f.Open {
				walk(path+".", bson.Raw(inner))
			}
		}
	}
	walk("", doc)
	var want []string
	for _, f := range fields {
		if slices.Contains(order, f.Path) {
			want = append(want, f.Path)
		} else if !f.Optional {
			missing = append(missing, f.Path+" is missing")
		}
	}
	if !slices.Equal(order, want) {
		problems = append(problems, fmt.Sprintf("order is %v, listed as %v", order, want))
	}
	// A tombstone is no line: it has what is known of one.
	if kept, ok := doc.Lookup("tombstone").BooleanOK(); ok && kept {
		return problems
	}
	return append(problems, missing...)
}

func fits(v bson.RawValue, want Type) bool {
	switch v.Type {
	case bson.TypeString:
		return want == String
	case bson.TypeDateTime:
		return want == Date
	case bson.TypeInt64:
		return want == Long || want == Number
	case bson.TypeInt32:
		return want == Number
	case bson.TypeBoolean:
		return want == Bool
	case bson.TypeBinary:
		return want == Binary
	case bson.TypeEmbeddedDocument:
		return want == Object || want == NullOrObject
	case bson.TypeNull:
		return want == NullOrObject
	case bson.TypeArray:
		values, err := v.Array().Values()
		inner := map[Type]bson.Type{Strings: bson.TypeString, Objects: bson.TypeEmbeddedDocument}[want]
		return err == nil && inner != 0 && !slices.ContainsFunc(values, func(v bson.RawValue) bool { return v.Type != inner })
	}
	return false
}

// TestDocumentsAreAsListed: each field of what the sinks make is in the list,
// with its type, in its place, and what isn't optional is there. All samples
// together show every field that isn't for odd data.
func TestDocumentsAreAsListed(t *testing.T) {
	seeds, err := samples()
	if err != nil {
		t.Fatal(err)
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			docs := append([]bson.Raw{d.Sample}, d.Others...)
			switch d.Name {
			case eventsName:
				docs = seeds.events
			case channelName:
				docs = seeds.channel
			case aiName:
				docs = seeds.ai
			}
			for _, doc := range docs {
				for _, problem := range disagreements(doc, d.Fields) {
					t.Error(problem)
				}
			}
		})
	}
}

// TestADisagreementIsNoticed: the check above can fail.
func TestADisagreementIsNoticed(t *testing.T) {
	fields := []Field{{Path: "_id", Type: String}, {Path: "user", Type: Object}, {Path: "user.id", Type: String}, {Path: "bits", Type: Long, Optional: true}}
	user := bson.E{Key: "user", Value: bson.D{{Key: "id", Value: "1"}}}
	for _, tt := range []struct {
		name string
		doc  bson.D
		want int
	}{
		{"as listed", bson.D{{Key: "_id", Value: "a"}, user}, 0},
		{"another type", bson.D{{Key: "_id", Value: int32(1)}, user}, 1},
		{"int for long", bson.D{{Key: "_id", Value: "a"}, user, {Key: "bits", Value: int32(1)}}, 1},
		{"missing inside", bson.D{{Key: "_id", Value: "a"}, {Key: "user", Value: bson.D{}}}, 1},
		{"not listed", bson.D{{Key: "_id", Value: "a"}, user, {Key: "x", Value: "1"}}, 1},
		{"another order", bson.D{user, {Key: "_id", Value: "a"}}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := bson.Marshal(tt.doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := disagreements(doc, fields); len(got) != tt.want {
				t.Errorf("%d problems, want %d: %v", len(got), tt.want, got)
			}
		})
	}
}

// TestEveryChatCollectionIsDescribed: the sink's list and this one are the same.
func TestEveryChatCollectionIsDescribed(t *testing.T) {
	want := slices.Sorted(maps.Values(chat.Collections()))
	var got []string
	for _, p := range chatTable() {
		got = append(got, p.name)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPrompt: complete, and small enough to stand in every prompt.
func TestPrompt(t *testing.T) {
	var b strings.Builder
	if err := Prompt(&b); err != nil {
		t.Fatal(err)
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if !strings.Contains(b.String(), "# "+d.Name+"\n") {
			t.Errorf("%s is missing", d.Name)
		}
		for _, q := range d.Queries {
			text, err := q.Mongosh(d.Name)
			if err != nil || !strings.Contains(b.String(), text) {
				t.Errorf("query %q of %s is missing, %v", q.Meaning, d.Name, err)
			}
		}
	}
	if b.Len() > 46<<10 {
		t.Errorf("%d bytes, which is too much for a prompt", b.Len())
	}
	if strings.Count(b.String(), "user.mod bool") != 1 {
		t.Error("the fields that Twitch, Kick and Trovo share are not said once")
	}
}

func TestJSONIsWhole(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b); err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name    string
		Fields  []struct{ Path, Type, Meaning string }
		Sample  map[string]any
		Queries []struct{ Meaning, Mongosh string }
	}
	if err := json.Unmarshal(b.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 4+len(chatTable()) {
		t.Fatalf("%d collections", len(list))
	}
	for _, d := range list {
		if len(d.Fields) < 10 || len(d.Queries) < 5 || d.Sample["_id"] == nil {
			t.Errorf("%s: %d fields, %d queries, sample %v", d.Name, len(d.Fields), len(d.Queries), d.Sample["_id"])
		}
		for _, f := range d.Fields {
			if f.Path == "" || f.Type == "" || f.Meaning == "" {
				t.Errorf("%s: %+v", d.Name, f)
			}
		}
	}
}

func TestMongosh(t *testing.T) {
	for _, tt := range []struct {
		name  string
		query Query
		want  string
	}{
		{"everything", Query{}, `db.c.find({})`},
		{"quoted path, regex, null", Query{Filter: bson.D{{Key: "user.id", Value: "a\"<"}, {Key: "m", Value: bson.Regex{Pattern: "x", Options: "i"}}, {Key: "d", Value: nil}}},
			`db.c.find({ "user.id": "a\"<", m: /x/i, d: null })`},
		{"projection, sort, limit", Query{Projection: bson.D{{Key: "body", Value: 0}}, Sort: bson.D{{Key: "seq", Value: -1}}, Limit: 3},
			`db.c.find({}, { body: 0 }).sort({ seq: -1 }).limit(3)`},
		{"pipeline", Query{Pipeline: []bson.D{{{Key: "$match", Value: bson.D{}}}, {{Key: "$limit", Value: 2}}}},
			`db.c.aggregate([{ $match: {} }, { $limit: 2 }])`},
		{"long, double, list", Query{Filter: bson.D{{Key: "a", Value: int64(1) << 60}, {Key: "b", Value: 0.5}, {Key: "c", Value: bson.A{true, "x"}}}},
			`db.c.find({ a: Long("1152921504606846976"), b: 0.5, c: [true, "x"] })`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.query.Mongosh("c")
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v\nwant %s", got, err, tt.want)
			}
		})
	}
	if _, err := (Query{Filter: bson.D{{Key: "a", Value: bson.NewObjectID()}}}).Mongosh("c"); err == nil {
		t.Error("a value that can't be written was written")
	}
}
