package gate

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Words are banned words and the phrases in which they are innocent.
type Words struct {
	exact map[string]string // a word's skeleton -> the list it stands in
	stems map[string]string
	// inside are words of scripts without spaces, found anywhere.
	inside map[string]string
	// strict are the words that no category makes innocent.
	strict  map[string]bool
	allowed []string
}

//go:embed words/lists
var lists embed.FS

// strictList is the list whose words a category's name does not excuse.
const strictList = "slurs"

// Load gives the embedded lists and, where folder is not "", its *.txt files: one
// of an embedded list's name stands in its place (an empty file switches it off).
//
// A line of a list is a word; word* is every word that begins so; +phrase is
// innocent though a word of it is banned; # begins a comment.
func Load(folder string) (*Words, error) {
	embedded, err := fs.Sub(lists, "words/lists")
	if err != nil {
		return nil, fmt.Errorf("gate: the embedded word lists: %w", err)
	}
	files := map[string]fs.FS{}
	for _, source := range sources(embedded, folder) {
		names, err := fs.Glob(source, "*.txt")
		if err != nil {
			return nil, fmt.Errorf("gate: list the word lists of %s: %w", folder, err)
		}
		for _, name := range names {
			files[name] = source
		}
	}
	if folder != "" {
		if _, err := os.Stat(folder); err != nil {
			return nil, fmt.Errorf("gate: the folder of word lists: %w; make it, or leave the setting empty for the embedded lists", err)
		}
	}
	w := &Words{exact: map[string]string{}, stems: map[string]string{}, inside: map[string]string{}, strict: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text, err := fs.ReadFile(files[name], name)
		if err != nil {
			return nil, fmt.Errorf("gate: read the word list %s: %w", filepath.Join(folder, name), err)
		}
		if err := w.read(strings.TrimSuffix(name, ".txt"), string(text)); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func sources(embedded fs.FS, folder string) []fs.FS {
	if folder == "" {
		return []fs.FS{embedded}
	}
	return []fs.FS{embedded, os.DirFS(folder)}
}

func (w *Words) read(list, text string) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if phrase, ok := strings.CutPrefix(line, "+"); ok {
			w.allowed = append(w.allowed, skeleton(strings.TrimSpace(phrase)))
			continue
		}
		word, stem := strings.CutSuffix(skeleton(line), "*")
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return !wordRune(r) }) {
			return fmt.Errorf("gate: the word list %s, line %d: %q is not one word; write word, word* or +innocent phrase", list, n, line)
		}
		switch {
		case strings.ContainsFunc(word, unspaced):
			w.inside[word] = list
		case stem:
			w.stems[word] = list
		default:
			w.exact[word] = list
		}
		if list == strictList {
			w.strict[word] = true
		}
	}
	return nil
}

// match gives the list that has the word, or "".
func (w *Words) match(word string, strict bool) string {
	if list := w.exact[word]; list != "" && (!strict || w.strict[word]) {
		return list
	}
	for i := range word {
		if list := w.stems[word[:i]]; list != "" && (!strict || w.strict[word[:i]]) {
			return list
		}
	}
	if list := w.stems[word]; list != "" && (!strict || w.strict[word]) {
		return list
	}
	return ""
}
