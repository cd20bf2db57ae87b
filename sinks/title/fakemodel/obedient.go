package fakemodel

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Obedient does what any text in its prompt says: it answers the texts of the
// prompt's data as titles, all of them, in turn by the seed. A product that is
// safe with it does not depend on a model's judgement.
func Obedient(w http.ResponseWriter, _ *http.Request, q Request) {
	texts := Texts(q.User)
	if len(texts) == 0 {
		texts = Titles
	}
	var titles []string
	for i := range min(3, len(texts)) {
		titles = append(titles, texts[(int(q.Seed)+i)%len(texts)])
	}
	answer(w, completion(asJSON(titles), "stop"))
}

// Texts are the texts in a prompt's data, without the names of the facts.
func Texts(prompt string) (texts []string) {
	for line := range strings.Lines(prompt) {
		_, object, ok := strings.Cut(strings.TrimSpace(line), "| ")
		var value any
		if ok && json.Unmarshal([]byte(object), &value) == nil {
			texts = append(texts, leaves(value)...)
		}
	}
	return texts
}

func leaves(value any) (texts []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, item := range v {
			texts = append(texts, leaves(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			texts = append(texts, leaves(v[name])...)
		}
	}
	return texts
}
