package template

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
)

var update = flag.Bool("update", false, "write the golden file anew")

type fixture struct {
	Name  string      `json:"name"`
	Facts facts.Facts `json:"facts"`
}

func contexts(t testing.TB) []fixture {
	t.Helper()
	body, err := os.ReadFile("testdata/contexts.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("%d contexts", len(all))
	}
	return all
}

// TestGolden is read by eye.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for i, c := range contexts(t) {
		fmt.Fprintf(&b, "== %s\n", c.Name)
		for _, title := range Titles(c.Facts, uint64(i), 8) {
			fmt.Fprintln(&b, title)
		}
	}
	const golden = "testdata/titles.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got; -update writes it anew:\n%s", diff)
	}
}

var (
	cliche = regexp.MustCompile(`(?i)\b(epic|unleash|dive in|embark|chaos ensues|journey|vibes?|adventure awaits|buckle up|let the games begin|ultimate)\b`)
	ugly   = regexp.MustCompile(`\{|\}|  |[ ,]$|^[ ,]| ,|\ba [aeiou]|[a-z] An? [a-z]|\b(the the|a a|it it)\b|[!?.][.,;]`)
)

// TestTitles: what must be true of each title, whatever the facts and the seed.
func TestTitles(t *testing.T) {
	g, err := gate.New(gate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seeds := uint64(4)
	for _, c := range contexts(t) {
		t.Run(c.Name, func(t *testing.T) {
			named := facts.Facts{Platforms: c.Facts.Platforms}
			for seed := range seeds {
				titles := Titles(c.Facts, seed, 10)
				if len(titles) != 10 {
					t.Fatalf("seed %d: %d titles", seed, len(titles))
				}
				old := map[string]bool{c.Facts.Title: true}
				for _, tried := range c.Facts.Tried {
					old[tried.Title] = true
				}
				for _, title := range titles {
					if got, err := g.Pass(title, named, gate.Against{}); got != title || err != nil {
						t.Errorf("%q passes the gate as %q, %v", title, got, err)
					}
					if n := units(title); n < 30 || n > 70 {
						t.Errorf("%q has %d units", title, n)
					}
					if old[title] {
						t.Errorf("%q repeats", title)
					}
					old[title] = true
					if cliche.MatchString(title) || ugly.MatchString(title) {
						t.Errorf("%q reads badly", title)
					}
					if !namesFact(title, c.Facts) {
						t.Errorf("%q names nothing of its context", title)
					}
				}
				if diff := cmp.Diff(titles, Titles(c.Facts, seed, 10)); diff != "" {
					t.Errorf("seed %d: the same facts give other titles:\n%s", seed, diff)
				}
				if diff := cmp.Diff(titles[:3], Titles(c.Facts, seed, 3)); diff != "" {
					t.Errorf("seed %d: fewer titles are other titles:\n%s", seed, diff)
				}
			}
		})
	}
}

// TestManyEvenings: the same stream every evening for two months, with a memory
// of all its titles.
func TestManyEvenings(t *testing.T) {
	f := contexts(t)[5].Facts
	seen := map[string]bool{}
	for evening := range 60 {
		titles := Titles(f, uint64(evening), 1)
		if len(titles) != 1 || seen[titles[0]] {
			t.Fatalf("evening %d: %q, seen %v", evening, titles, seen)
		}
		seen[titles[0]] = true
		f.Title, f.Now = titles[0], f.Now.AddDate(0, 0, 1)
		f.Tried = append([]facts.Tried{{Title: titles[0], Fate: "applied", At: f.Now}}, f.Tried...)
	}
}

// TestAlwaysAnswers: also when all there is has been said.
func TestAlwaysAnswers(t *testing.T) {
	var f facts.Facts
	for range 3 {
		all := Titles(f, 1, 1000)
		if len(all) < 20 {
			t.Fatalf("%d titles", len(all))
		}
		for _, title := range all {
			f.Tried = append(f.Tried, facts.Tried{Title: title})
		}
	}
	if got := Titles(facts.Facts{}, 1, 0); len(got) != 0 {
		t.Errorf("no titles wanted: %q", got)
	}
}

// TestHostileFacts: whatever stands in the facts, it is not in the title.
func TestHostileFacts(t *testing.T) {
	for _, bad := range []string{
		"visit evil.com", "evil dot com", "@duck", "#ad", "%token%", "~token~", "$math(1+1)$", "call 555 123 4567", "fuck this", "zero\u200bwidth", "two\nlines", "\u202egnihton", "{when}", "<b>",
	} {
		f := contexts(t)[6].Facts
		f.Category, f.Note, f.Mood, f.Character = bad, bad, bad, bad
		f.Chat = facts.Chat{Words: []string{bad}, Emotes: []string{bad}, Lines: []string{bad}, Subs: 3}
		for _, title := range Titles(f, 3, 40) {
			if strings.Contains(title, bad) {
				t.Errorf("%q", title)
			}
		}
	}
}

// namesFact is written apart from the gaps: it knows only the facts.
func namesFact(title string, f facts.Facts) bool {
	low := strings.ToLower(title)
	var known []string
	if !f.Now.IsZero() {
		known = append(known, strings.ToLower(f.Now.Weekday().String()), strings.ToLower(f.Now.AddDate(0, 0, -1).Weekday().String()))
		switch hour := f.Now.Hour(); {
		case hour < 5:
			known = append(known, "midnight", "at this hour", "sleep", "insomniac", "coffee", "tomorrow", "tonight", "night")
		case hour < 12:
			known = append(known, "morning", "breakfast", "coffee", "before lunch")
		case hour < 17:
			known = append(known, "afternoon", "lunch")
		default:
			known = append(known, "evening", "night", "dinner", "sleep", "late")
		}
		known = append(known, map[string][]string{
			"Monday": {"week"}, "Wednesday": {"week"}, "Friday": {"week"}, "Saturday": {"weekend"}, "Sunday": {"weekend", "monday"}, "Thursday": {"friday", "weekend"},
		}[f.Now.Weekday().String()]...)
	}
	for _, text := range []string{f.Category, f.Mood, f.Note} {
		known = append(known, strings.ToLower(text))
		if _, tail, ok := strings.Cut(strings.ToLower(text), ": "); ok {
			known = append(known, tail)
		}
	}
	known = append(known, map[string][]string{
		"Just Chatting": {"just chatting", "chat"}, "Software and Game Development": {"dev work"}, "Music": {"music"},
	}[f.Category]...)
	for gap, n := range map[string]int{" raids": f.Chat.Raids, " subs": f.Chat.Subs, " new follows": f.Chat.Follows, " cheers": f.Chat.Cheers, " of us": f.Chat.Chatters, " people in chat": f.Chat.Chatters} {
		if n > 1 {
			known = append(known, fmt.Sprint(n, gap))
		}
	}
	for _, k := range append(known, "yesterday", " messages in") {
		if k != "" && strings.Contains(low, k) {
			return true
		}
	}
	return f.Now.IsZero()
}
