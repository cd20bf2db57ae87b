package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// arrows lists, for each module, which other modules it may import. mains
// (package main) may import ops as well.
var arrows = map[string][]string{
	"schema":    {},
	"ops":       {},
	"bus":       {"schema"},
	"gateway":   {"bus", "schema"},
	"sinks":     {"bus", "schema"},
	"cmd/brain": {"gateway", "sinks", "bus", "schema", "ops"},
}

// forbidden lists libraries that a folder must not import outside tests, with
// the reason.
var forbidden = []struct{ folder, library, why string }{
	{"gateway", "github.com/nats-io/nats-server", "embedded servers are linked by cmd/brain and tests only"},
	{"sinks", "github.com/FerretDB", "embedded servers are linked by cmd/brain and tests only"},
	{"sinks", "promethean/sinks/title/fakemodel", "the fake model servers are for tests"},
	{"cmd/brain", "promethean/sinks/title/fakemodel", "the fake model servers are for tests"},
	{"gateway/source", "github.com/nats-io", "sources never see NATS"},
	{"gateway/source", "promethean/bus", "sources are given an emit"},
	{"schema", "github.com/", "schema imports the standard library only"},
	{"schema", "os", "schema does no I/O"},
	{"schema", "net", "schema does no I/O"},
	{"sinks/title/gate", "net", "the gate is pure"},
	{"sinks/title/gate", "time", "the gate has no clock"},
	{"sinks/title/template", "net", "templates are pure"},
	{"sinks/title/life", "promethean/bus", "the life of a title is a fold of events"},
	{"sinks/title/life", "net", "the life of a title is a fold of events"},
	{"sinks/title/facts", "promethean/bus", "the facts are a fold of events"},
	{"sinks/title/facts", "net", "the facts are a fold of events"},
	{"sinks/title", "promethean/sinks/title/internal/checker", "the checker is for tests only"},
	{"sinks/title", "promethean/sinks/title/internal/hostile", "hostile lines are for tests only"},
}

func TestImportArrows(t *testing.T) {
	root := "../.."
	checked := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		checked++
		checkFile(t, filepath.ToSlash(rel), path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 50 {
		t.Fatalf("only %d files found: the test looks in the wrong place", checked)
	}
}

func checkFile(t *testing.T, rel, path string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	module := moduleOf(rel)
	test := strings.HasSuffix(rel, "_test.go") || strings.Contains(rel, "test/")
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !allowed(module, imported, file.Name.Name == "main") {
			t.Errorf("%s imports %s: no arrow leads there", rel, imported)
		}
		if !test && !mayHaveStub(rel, imported) {
			t.Errorf("%s imports %s: the stub is for tests and the benchmark only", rel, imported)
		}
		for _, f := range forbidden {
			if !test && strings.HasPrefix(rel, f.folder+"/") && within(imported, f.library) {
				t.Errorf("%s imports %s: %s", rel, imported, f.why)
			}
		}
	}
}

// mayHaveStub: the MongoDB in memory is no part of any program that stores.
func mayHaveStub(rel, imported string) bool {
	return !within(imported, "promethean/sinks/mongostub") || within(rel, "sinks/mongostub") || within(rel, "cmd/brain/internal/bench")
}

func moduleOf(rel string) string {
	if strings.HasPrefix(rel, "cmd/brain/") {
		return "cmd/brain"
	}
	module, _, _ := strings.Cut(rel, "/")
	return module
}

func allowed(module, imported string, main bool) bool {
	to, ours := strings.CutPrefix(imported, "promethean/")
	if !ours {
		return true
	}
	if within(to, module) || main && within(to, "ops") {
		return true
	}
	for _, target := range arrows[module] {
		if within(to, target) {
			return true
		}
	}
	return false
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// The test itself must be able to fail.
func TestArrowsCatchAWrongImport(t *testing.T) {
	for _, c := range []struct {
		module, imported string
		main, want       bool
	}{
		{"gateway", "promethean/sinks/store", false, false},
		{"sinks", "promethean/gateway", false, false},
		{"bus", "promethean/gateway", false, false},
		{"schema", "promethean/bus", false, false},
		{"gateway", "promethean/ops/settings", false, false},
		{"gateway", "promethean/ops/settings", true, true},
		{"cmd/brain", "promethean/sinks/store", false, true},
		{"bus", "promethean/schema", false, true},
	} {
		if got := allowed(c.module, c.imported, c.main); got != c.want {
			t.Errorf("%s → %s (main %v): %v", c.module, c.imported, c.main, got)
		}
	}
	for rel, want := range map[string]bool{
		"sinks/store/store.go": false, "cmd/brain/up.go": false, "sinks/cmd/sinks/main.go": false,
		"sinks/mongostub/cmd/mongostub/main.go": true, "cmd/brain/internal/bench/main.go": true,
	} {
		if got := mayHaveStub(rel, "promethean/sinks/mongostub"); got != want {
			t.Errorf("the stub in %s: %v", rel, got)
		}
	}
	if _, err := os.Stat("../../go.work"); err != nil {
		t.Error(err)
	}
}
