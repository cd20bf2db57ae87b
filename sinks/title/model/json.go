package model

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// startsMost bounds how many places of a text are tried as JSON's beginning.
	startsMost = 16
	// depthMost bounds how deep titles are looked for.
	depthMost = 4
)

// jsonList is how a list of titles begins.
var jsonList = regexp.MustCompile(`^\[\s*["{\]]`)

var trailingComma = regexp.MustCompile(`,(\s*[\]}])`)

// titlesInJSON are the titles of the JSON value in a text that has most of
// them; of several with as many the last, which a model comes to after drafts.
func titlesInJSON(text string) []string {
	if found := mostTitles(text, depthMost); len(found) > 0 {
		return found
	}
	return mostTitles(trailingComma.ReplaceAllString(text, "$1"), depthMost)
}

func mostTitles(text string, depth int) (found []string) {
	for range startsMost {
		at := strings.IndexAny(text, "{[")
		if at < 0 {
			break
		}
		text = text[at:]
		d := json.NewDecoder(strings.NewReader(text))
		var value any
		if d.Decode(&value) != nil {
			text = text[1:]
			continue
		}
		text = text[d.InputOffset():]
		if more := titlesOf(value, depth); len(more) >= len(found) && len(more) > 0 {
			found = more
		}
	}
	return found
}

// looksLikeJSON tells a broken JSON answer from lines: "[LIVE] ranked" is a
// line.
func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(fence.ReplaceAllString(text, ""))
	return strings.HasPrefix(text, "{") || jsonList.MatchString(text)
}

// Names under which models put titles, the likeliest first, and under which
// they put one title's text.
var (
	listNames = []string{"titles", "title", "candidates", "stream_titles", "streamtitles", "suggestions", "options", "results", "answers", "items", "answer", "result", "output", "response", "data"}
	textNames = []string{"title", "text", "name", "value", "content", "headline"}
)

// titlesOf finds titles in a JSON value.
func titlesOf(value any, depth int) []string {
	if depth == 0 {
		return nil
	}
	switch v := value.(type) {
	case string:
		// An object in a string is what double encoding makes.
		if found := mostTitles(v, depth-1); len(found) > 0 {
			return found
		}
		return []string{v}
	case []any:
		return titlesOfList(v, depth)
	case map[string]any:
		return titlesOfObject(v, depth)
	}
	return nil
}

func titlesOfList(list []any, depth int) (found []string) {
	for _, item := range list {
		switch v := item.(type) {
		case string:
			found = append(found, v)
		case map[string]any:
			found = append(found, textOf(v, depth)...)
		}
	}
	return unnumbered(found)
}

// textOf is the title of one of a list's objects.
func textOf(object map[string]any, depth int) []string {
	for _, name := range textNames {
		if text, ok := member(object, name).(string); ok {
			return []string{text}
		}
	}
	found := titlesOfObject(object, depth-1)
	return found[:min(len(found), 1)]
}

func titlesOfObject(object map[string]any, depth int) []string {
	if isSchema(object) || depth == 0 {
		return nil
	}
	for _, name := range listNames {
		value := member(object, name)
		if texts, ok := value.(map[string]any); ok && !isSchema(texts) && (name == "titles" || name == "candidates") {
			if found := inOrder(texts); len(found) > 0 {
				return found
			}
		}
		if found := titlesOf(value, depth-1); len(found) > 0 {
			return found
		}
	}
	return inOrder(object)
}

// isSchema recognises the schema itself, which some models repeat.
func isSchema(object map[string]any) bool {
	_, typed := object["type"].(string)
	return typed && (object["properties"] != nil || object["items"] != nil)
}

// member is a member by its name in any case.
func member(object map[string]any, name string) any {
	for key, value := range object {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

var numbered = regexp.MustCompile(`(?i)^(?:stream[ _-]?)?(?:title|option|candidate|suggestion)?[ _-]?(\d{1,3})$`)

// inOrder are the texts of an object whose members are numbered: title1, 2, …
func inOrder(object map[string]any) (found []string) {
	type text struct {
		n    int
		text string
	}
	var texts []text
	for _, key := range slices.Sorted(maps.Keys(object)) {
		m := numbered.FindStringSubmatch(key)
		s, ok := object[key].(string)
		if m == nil || !ok {
			continue
		}
		n, _ := strconv.Atoi(m[1]) // the pattern takes three digits
		texts = append(texts, text{n, s})
	}
	slices.SortStableFunc(texts, func(a, b text) int { return cmp.Compare(a.n, b.n) })
	for _, t := range texts {
		found = append(found, t.text)
	}
	return found
}

// unnumbered takes numbers off a list where each of several items has one; one
// alone may be meant ("2. Versuch").
func unnumbered(list []string) []string {
	for _, s := range list {
		if !mark.MatchString(s) {
			return list
		}
	}
	if len(list) < 2 {
		return list
	}
	for i, s := range list {
		list[i] = mark.ReplaceAllString(s, "")
	}
	return list
}
