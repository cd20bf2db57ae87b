// Package gate decides whether a text may become the stream's title. It assumes
// a hostile model and a hostile chat, and reaches neither network nor clock.
//
// A tour, in the order a text passes:
//
//   - clean.go: what models put around a title is taken off ([Clean]);
//   - rules.go: the table of rules, each with a stable name;
//   - characters.go, emoji.go: which characters a title is made of;
//   - fold.go: how a reader reads it, whatever the spelling;
//   - link.go, contact.go, variable.go: what leads out of a title or runs in it;
//   - words.go, banned.go, masked.go: lists of words that no title has;
//   - quotes.go, heard.go, names.go, seen.go: what viewers said and what they are called;
//   - repeat.go: titles that came before;
//   - fit.go: cutting to what a platform takes ([Fit]).
//
// What the rules are made from: reference, titles.md 1, 2, 5 and 6.
package gate

import (
	"fmt"
	"strings"
	"unicode"

	"promethean/sinks/title/facts"
)

// Options are what a streamer may set.
type Options struct {
	// Emoji is how many a title may have; 0 is none.
	Emoji int
	// Scripts are Unicode's names of the scripts that a title may be written in
	// ("Latin", "Hiragana"); none allows every script.
	Scripts []string
	// Words are the banned words; nil takes the embedded lists.
	Words *Words
}

// Gate holds the rules of one configuration. Any number of goroutines may use it.
type Gate struct {
	emoji   int
	scripts []*unicode.RangeTable
	words   *Words
}

// Against is what a title must not repeat, beside what the facts say. The zero
// value repeats nothing.
type Against struct {
	// Recent are titles that stand beside this one: those that passed for the
	// same request.
	Recent []string
	// Quotes are the chat lines of the session, Names those who chat; nil is none.
	Quotes *Quotes
	Names  *Names
}

// Rejection says which rule a text broke.
type Rejection struct {
	// Rule is a name of [Rules].
	Rule string
	// Detail is for a person; it never holds what a viewer wrote or is called.
	Detail string
}

func (r *Rejection) Error() string {
	return fmt.Sprintf("the title breaks the rule %s: %s", r.Rule, r.Detail)
}

// New fails on a script that Unicode does not name.
func New(o Options) (*Gate, error) {
	g := &Gate{emoji: o.Emoji, words: o.Words}
	for _, name := range o.Scripts {
		table, ok := unicode.Scripts[name]
		if !ok {
			return nil, fmt.Errorf("gate: no script is called %q; names are Unicode's, such as Latin, Cyrillic, Hiragana, Han", name)
		}
		g.scripts = append(g.scripts, table)
	}
	if g.words == nil {
		words, err := Load("")
		if err != nil {
			return nil, err
		}
		g.words = words
	}
	return g, nil
}

// Pass gives the title that text becomes on all of the facts' platforms: cleaned
// and cut to the least of their limits. The error is a [*Rejection].
//
// What passes also passes again unchanged, but for rules about earlier titles.
// With one platform in the facts it is that platform's own variant.
func (g *Gate) Pass(text string, f facts.Facts, a Against) (string, error) {
	if r := raw(text); r != nil {
		return "", r
	}
	title := Clean(text)
	// Cutting may not hide what is forbidden, nor make it: "shiitake" cut short.
	if r := g.judge(title, f, a); r != nil {
		return "", r
	}
	// A quote may have lost its partner.
	cut := Clean(fit(title, Limit(f.Platforms...), units))
	if cut == title {
		return title, nil
	}
	if r := g.judge(cut, f, a); r != nil {
		return "", r
	}
	return cut, nil
}

func (g *Gate) judge(title string, f facts.Facts, a Against) *Rejection {
	c := candidate{text: title, plain: plain(title), facts: f, against: a, gate: g}
	for _, r := range rules {
		if r.broken == nil {
			continue
		}
		if detail := r.broken(&c); detail != "" {
			return &Rejection{Rule: r.Name, Detail: detail}
		}
	}
	return nil
}

// candidate is a cleaned text under judgement.
type candidate struct {
	text string
	// plain is text as [plain] reads it.
	plain   string
	facts   facts.Facts
	against Against
	gate    *Gate
}

// own are the phrases that are the streamer's, not a viewer's or the model's.
func (c *candidate) own() []string {
	return []string{c.facts.Category, c.facts.Channel, c.facts.Note, c.facts.Mood}
}

// youTube: a title for nobody in particular must do everywhere.
func (c *candidate) youTube() bool {
	if len(c.facts.Platforms) == 0 {
		return true
	}
	for _, p := range c.facts.Platforms {
		if strings.EqualFold(p, "youtube") {
			return true
		}
	}
	return false
}
