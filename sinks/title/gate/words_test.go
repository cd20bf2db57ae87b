package gate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"promethean/sinks/title/facts"
)

func TestLoad(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("own.txt", "\ufeff# ours\nsprout*\r\nCafé\n\n+sprouting broccoli\n")
	write("fr.txt", "")
	write("notes.md", "two words")
	w, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t, Options{Words: w})
	for text, want := range map[string]string{
		"Brussels sprouts": "banned", "Sprouting broccoli": "", "Un CAFE noir": "banned", "cafeteria": "",
		"merde alors": "banned" /* it.txt has it */, "connard": "", "fuck": "banned",
	} {
		if _, err := g.Pass(text, facts.Facts{}, Against{}); rule(err) != want {
			t.Errorf("Pass(%q): %v; want %q", text, err, want)
		}
	}
	write("own.txt", "fine\ntwo words\n")
	if _, err := Load(folder); err == nil || !strings.Contains(err.Error(), `own, line 2: "two words" is not one word`) {
		t.Errorf("a line of two words: %v", err)
	}
	if _, err := Load(filepath.Join(folder, "none")); err == nil || !strings.Contains(err.Error(), "make it, or leave the setting empty") {
		t.Errorf("no folder: %v", err)
	}
}

// TestListsAreFound: every word of every embedded list is banned as it stands,
// and no everyday word is.
func TestListsAreFound(t *testing.T) {
	w, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := lists.ReadDir("words/lists")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		text, err := lists.ReadFile("words/lists/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s does not say what it is", e.Name())
		}
		for _, line := range strings.Split(string(text), "\n")[1:] {
			if line == "" || strings.HasPrefix(line, "+") {
				continue
			}
			n++
			if w.find(w.excuse(skeleton("so "+strings.TrimSuffix(line, "*")+" it")), false) == "" {
				t.Errorf("%s: %s is not found", e.Name(), line)
			}
		}
	}
	if n < 300 {
		t.Errorf("%d words", n)
	}
	for line := range strings.Lines(everydayList) {
		if list := w.find(skeleton(line), false); !strings.HasPrefix(line, "#") && list != "" {
			t.Errorf("everyday words have one of the list %s: %s", list, line)
		}
	}
}
