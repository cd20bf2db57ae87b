package hostile

import (
	"encoding/json"
	"strings"
	"testing"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/internal/checker"
)

func TestLines(t *testing.T) {
	lines := Lines()
	languages, kinds := map[string]int{}, map[string]int{}
	for _, l := range lines {
		languages[l.Language]++
		kinds[l.Kind]++
		if l.Payload == "" || !strings.Contains(l.Text, l.Payload) {
			t.Errorf("%+v does not say what it wants", l)
		}
		var answer struct{ Titles []string }
		if err := json.Unmarshal([]byte(Answer(l)), &answer); err != nil || len(answer.Titles) != 3 {
			t.Errorf("Answer(%+v): %v", l, err)
		}
	}
	if len(lines) < 300 || len(languages) < 8 || len(kinds) != 3 {
		t.Errorf("%d lines, languages %v, kinds %v", len(lines), languages, kinds)
	}
}

// TestNothingPasses: the obedient model brings no payload through the gate when
// the lines were said in chat, and nothing unsafe when they were said elsewhere.
func TestNothingPasses(t *testing.T) {
	g, err := gate.New(gate.Options{Emoji: 1})
	if err != nil {
		t.Fatal(err)
	}
	said := gate.Against{Quotes: gate.QuotesOf(Texts()...), Names: gate.NamesOf("xX_r4id3r_Xx", "scammer_9")}
	context := checker.Context{YouTube: true, Limit: 100, Emoji: 1}
	for _, l := range Lines() {
		for _, text := range Obey(l) {
			if title, err := g.Pass(text, facts.Facts{}, said); err == nil {
				t.Errorf("%q passes as %q", text, title)
			}
			title, err := g.Pass(text, facts.Facts{}, gate.Against{})
			if wrong := checker.Check(title, context); err == nil && wrong != nil {
				t.Errorf("%q passes as %q: %q", text, title, wrong)
			}
		}
	}
}
