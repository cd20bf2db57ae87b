package gate

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

// Names knows who chats in a session. It takes 512 KiB however many they are,
// and is not for two goroutines at once.
type Names struct {
	known seen
}

// NewNames knows nobody.
func NewNames() *Names { return &Names{known: newSeen(22)} }

// NamesOf knows the names.
func NamesOf(names ...string) *Names {
	n := NewNames()
	for _, name := range names {
		n.Add(name)
	}
	return n
}

const (
	// shortest: "a" and "li" are in every title.
	shortest = 3
	// longestName is more than any platform allows.
	longestName = 40
)

// Add knows one more name: a login or a display name.
func (n *Names) Add(name string) {
	if whole := joined(tokens(name)); nameable(whole) {
		n.known.add(hash(whole))
	}
}

func (n *Names) has(name string) bool { return nameable(name) && n.known.has(hash(name)) }

// hasGenitive knows the name in "Caedrels Abend". Of short names and of everyday
// words an s makes other words.
func (n *Names) hasGenitive(word string) bool {
	name, s := strings.CutSuffix(word, "s")
	return s && utf8.RuneCountInString(name) > shortest && !everyday[name] && n.has(name)
}

func nameable(s string) bool {
	letters := utf8.RuneCountInString(s)
	return letters >= shortest && letters <= longestName
}

// joined is a name as a word, whatever stands between its parts. Two letters in a
// row stay: Lee is not le.
func joined(words []token) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.skeleton)
	}
	return runs(strings.ReplaceAll(leet(b.String(), 'i'), "l", "i"), 2, 2)
}

// everyday are words that a title needs. A viewer who is called like one is not
// meant by it, and could otherwise forbid it.
//
//go:embed words/everyday.txt
var everydayList string

var everyday = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(everydayList) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range tokens(line) {
			m[joined([]token{w})] = true
		}
	}
	return m
}()

func name(c *candidate) string {
	n := c.against.Names
	if n == nil {
		return ""
	}
	text := without(c.text, c.own()...)
	// A name in the possessive is that name.
	text = strings.NewReplacer("'s", " ", "’s", " ", "'S", " ", "’S", " ", "'", " ", "’", " ").Replace(text)
	words := tokens(text)
	for i := range words {
		plainWords := true
		for j := i; j < len(words) && j < i+longestName; j++ {
			plainWords = plainWords && everyday[joined(words[j:j+1])]
			candidate := joined(words[i : j+1])
			if utf8.RuneCountInString(candidate) > longestName {
				break
			}
			if !plainWords && (n.has(candidate) || n.hasGenitive(candidate)) {
				return "somebody who chats is called like that"
			}
		}
	}
	return ""
}
