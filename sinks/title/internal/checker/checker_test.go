package checker

import "testing"

// TestCheck: the checker itself can see.
func TestCheck(t *testing.T) {
	c := Context{
		YouTube: true, Limit: 100, Emoji: 1, Lines: []string{"you should really try the water level", "come join Dick Wilde now", "good Dick Wilde evening"}, Names: []string{"NightOwl"},
		Recent: []string{"Friday night in the old castle", "Tonight: the last boss"}, Own: []string{"Dick Wilde"},
	}
	bad := map[string]string{
		"": "empty, or spaces around it", "a\x07b": "a control character or a line's end", "a\u202eb": "a character that nobody sees", "a\u200db": "a joiner or selector outside an emoji",
		"a\ue000": "a character that is none", "a %b% c": "%…%", "a ～b～": "~…~", "a $x(": "$…(", "a <b": "< or >", "a: b: c": "two colons", "🔥🔥 a": "too many emoji",
		"evil.rocks": "a domain", "evil dot com": "a link", "＠you": "an @", "a #ad": "an advertisement", "call 0301234567": "a phone number", "oh f u c k i n g": "a cruel word, letter by letter",
		"a sh1t b": "a cruel word", "ｆｕｃｋ": "a cruel word", "Should REALLY try the stairs": "a viewer's words", "Hello nightowl": "a viewer's name",
		"Friday night in the old castle!": "an old title", "Tonight: come join Dick Wilde now": "a viewer's words", "Today: a boss": "X: Y again", "evil。com": "a domain",
	}
	for title, want := range bad {
		found := false
		for _, got := range Check(title, c) {
			found = found || got == want
		}
		if !found {
			t.Errorf("Check(%q) = %q, want %q", title, Check(title, c), want)
		}
	}
	for _, good := range []string{"A quiet evening with friends", "Shooting range with Dick Wilde", "A good Dick Wilde evening", "今日は雨。明日も雨", "100% run 👨‍👩‍👧‍👦"} {
		if got := Check(good, c); got != nil {
			t.Errorf("Check(%q) = %q", good, got)
		}
	}
}
