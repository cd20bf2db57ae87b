package gate

import (
	"fmt"
	"strings"
	"testing"

	"promethean/sinks/title/facts"
)

func TestQuote(t *testing.T) {
	q := QuotesOf(
		"You should really try the water level again", "kappa", "pog moment", "the secret word is ZEBRA-7731",
		"今日はとても楽しかったですね", "eine kleine Nachtmusik bitte spielen", "playing the legend of zelda again", "we love this ok", "come join my The Legend of Zelda server",
		"ple\u200base re\u200dad th\u00ade sign now", "look\u3164at\u2800the\uffa0lighthouse", "ｆｏｒ ｔｈｅ ｗｉｎ ｔｏｄａｙ", "w a i t what",
		strings.Repeat("long ", 2000))
	f := facts.Facts{Category: "The Legend of Zelda", Note: "try the water level"}
	tests := []struct {
		name, text string
		quote      bool
	}{
		{"four words", "Should really try the stairs", true},
		{"other case and signs", "SHOULD... Réally, try-the stairs!", true},
		{"drawn out", "Shoooould really trrry the stairs", true},
		{"digits", "Sh0uld rea11y try the stairs", true},
		{"emoji between", "we 🔥 love this ok", true},
		{"at the end", "Tonight: the water level again", true},
		{"three at the end", "Tonight a water level again", false},
		{"three words", "Should really try that", false},
		{"whole line", "Pog moment", true},
		{"one word", "Kappa", false},
		{"code", "Zebra and ZEBRA7731 for everyone", true},
		{"code in the middle", "Find (zebra_7731) tonight", true},
		{"Japanese", "とても楽しかったですね！", true},
		{"Japanese, little", "楽しかった夜", false},
		{"German", "Eine kleine Nachtmusik, bitte", true},
		{"category", "Late night in The Legend of Zelda again", false},
		{"around the category", "Come join my The Legend of Zelda server", true},
		{"three words and the category", "Come join my The Legend of Zelda", true},
		{"only the note", "Try the water level", false},
		{"zero width in chat", "Please read the sign", true},
		{"blanks that are letters in chat", "Look at the lighthouse", true},
		{"full width in chat", "For the win today", true},
		{"written together", "PleaseRead theSign", true},
		{"a hashtag", "Tonight #pleasereadthesign", true},
		{"letter by letter", "p l e a s e read the sign", true},
		{"spelled in chat", "Wait for it", false},
		{"innocent", "A quiet Friday with old friends", false},
	}
	g := newGate(t, Options{Emoji: 1})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := g.Pass(tt.text, f, Against{Quotes: q})
			if got := rule(err); (got == "quote") != tt.quote || got != "" && got != "quote" {
				t.Errorf("Pass(%q): %v; want a quote: %v", tt.text, err, tt.quote)
			}
		})
	}
}

// TestQuotesOfALongEvening: as many words as a big chat says in a night, and
// innocent titles still pass.
func TestQuotesOfALongEvening(t *testing.T) {
	q := NewQuotes()
	for i := range 100_000 {
		q.Add(fmt.Sprintf("w%dx and w%dy went to w%dz today", i, i*7, i*13))
	}
	hits := 0
	for i := range 2000 {
		words := tokens(fmt.Sprintf("nobody%d ever said what comes out here in line %d", i, i))
		if q.heard(words, make([]int, len(words))) {
			hits++
		}
	}
	if hits > 5 {
		t.Errorf("%d of 2000 titles that nobody said are taken for quotes", hits)
	}
	if len(q.said.bits)*8 != 4<<20 {
		t.Errorf("%d bytes, want 4 MiB", len(q.said.bits)*8)
	}
}

func TestName(t *testing.T) {
	n := NamesOf("NightOwl_42", "xX_Sn1per_Xx", "Lee", "Friday", "FridayNight", "Jörg", "山田太郎", "Al", "John Smith", "Caedrel", "")
	f := facts.Facts{Channel: "Caedrel", Category: "Lee Chronicles"}
	tests := []struct {
		name, text string
		named      bool
	}{
		{"as written", "Dancing with NightOwl_42", true},
		{"in parts", "Dancing with night owl 42", true},
		{"possessive", "Lee's big night", true},
		{"other spelling", "Ode to xxSniperxx", true},
		{"marks off", "Ode to Jorg", true},
		{"Japanese", "山田太郎と遊ぶ夜", true},
		{"two words", "Ode to john smith", true},
		{"a part of a word", "Leeward winds tonight", false},
		{"two letters", "Al fresco tonight", false},
		{"an everyday word", "Friday at last", false},
		{"two everyday words", "Friday night at last", false},
		{"the channel", "Caedrel is back", false},
		{"the category", "Slow evening with Lee Chronicles", false},
		{"nobody", "Slow evening", false},
	}
	g := newGate(t, Options{Emoji: 1})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := g.Pass(tt.text, f, Against{Names: n})
			if got := rule(err); (got == "name") != tt.named || got != "" && got != "name" {
				t.Errorf("Pass(%q): %v; want a name: %v", tt.text, err, tt.named)
			}
		})
	}
}

func TestRepeat(t *testing.T) {
	tried := []facts.Tried{{Title: "Friday night in the old castle"}, {Title: "Tonight: the last boss"}}
	for i := range 17 {
		tried = append(tried, facts.Tried{Title: fmt.Sprintf("%c%c%c number %d", 'a'+i, 'b'+i, 'c'+i, i)})
	}
	tried = append(tried, facts.Tried{Title: "Number twenty was about gardens"}, facts.Tried{Title: "Number 21 was about bridges"})
	f := facts.Facts{Tried: tried, Title: "What stands there now"}
	tests := []struct{ name, text, rule string }{
		{"equal", "Friday night in the old castle", "repeat"},
		{"other case", "FRIDAY NIGHT, in the Old Castle!", "repeat"},
		{"near", "Friday night in an old castle", "repeat"},
		{"the twentieth", "Number twenty was about gardens", "repeat"},
		{"the one after", "Number 21 was about bridges", ""},
		{"the present one", "What stands there now", "repeat"},
		{"another of this answer", "Beside this one stands that", "repeat"},
		{"new", "Old friends, new maps", ""},
		{"pattern", "Finally home: the garden", "pattern"},
		{"long pattern", "This is after all not short: the garden", ""},
		{"time", "Starting at 8:30 again", ""},
	}
	g := newGate(t, Options{Emoji: 1})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := g.Pass(tt.text, f, Against{Recent: []string{"Beside this one stands this"}})
			if got := rule(err); got != tt.rule {
				t.Errorf("Pass(%q): %v; want %q", tt.text, err, tt.rule)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name    string
		options Options
		facts   facts.Facts
		text    string
		rule    string
	}{
		{"no emoji", Options{}, facts.Facts{}, "Friday 🔥", "emoji"},
		{"Latin only", Options{Scripts: []string{"Latin"}}, facts.Facts{}, "Привет", "script"},
		{"Latin with signs", Options{Scripts: []string{"Latin"}}, facts.Facts{}, "Été – 100 %!", ""},
		{"Latin, but the category", Options{Scripts: []string{"Latin"}}, facts.Facts{Category: "原神"}, "A night of 原神", ""},
		{"category of two alphabets", Options{}, facts.Facts{Category: "ΔV: Rings of Saturn"}, "Mining in ΔV: Rings of Saturn", ""},
		{"angles on Twitch", Options{}, facts.Facts{Platforms: []string{"twitch"}}, "I <3 mondays", ""},
		{"angles on both", Options{}, facts.Facts{Platforms: []string{"twitch", "YouTube"}}, "I <3 mondays", "markup"},
		{"wide angles", Options{}, facts.Facts{Platforms: []string{"youtube"}}, "I ＜3 mondays", "markup"},
		{"category excuses", Options{}, facts.Facts{Category: "Dick Wilde"}, "Shooting range with Dick Wilde", ""},
		{"only as a whole", Options{}, facts.Facts{Category: "Dick Wilde"}, "Wilde nights with Dick", "banned"},
		{"never a slur", Options{}, facts.Facts{Category: "Faggot Land"}, "Shooting range in Faggot Land", "banned"},
		{"never a link", Options{}, facts.Facts{Category: "evil.com"}, "Shooting range in evil.com", "link"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newGate(t, tt.options).Pass(tt.text, tt.facts, Against{})
			if got := rule(err); got != tt.rule {
				t.Errorf("Pass(%q): %v; want %q", tt.text, err, tt.rule)
			}
		})
	}
	if _, err := New(Options{Scripts: []string{"latin"}}); err == nil || !strings.Contains(err.Error(), `"latin"`) {
		t.Errorf("New with a wrong script: %v", err)
	}
}

// TestCut: a cut title is judged too, and what passed passes again.
func TestCut(t *testing.T) {
	g := newGate(t, Options{Emoji: 1})
	long := "A long evening of building bridges, feeding sheep and looking for the one cave that nobody has found yet, ever"
	got, err := g.Pass(long, facts.Facts{}, Against{})
	if want := "A long evening of building bridges, feeding sheep and looking for the one cave that nobody has found"; err != nil || got != want {
		t.Errorf("Pass = %q, %v; want %q", got, err, want)
	}
	if again, err := g.Pass(got, facts.Facts{}, Against{}); again != got || err != nil {
		t.Errorf("again: %q, %v", again, err)
	}
	if got, err := g.Pass(long, facts.Facts{Platforms: []string{"twitch"}}, Against{}); got != long || err != nil {
		t.Errorf("on Twitch: %q, %v", got, err)
	}
	// "Shitake" is innocent until it is cut.
	if got, err := g.Pass(strings.Repeat("ab-", 32)+"shitake-and-so-on", facts.Facts{}, Against{}); rule(err) != "banned" {
		t.Errorf("a word that the cut makes passes: %q, %v", got, err)
	}
}

func TestRulesAreNamedOnce(t *testing.T) {
	names := map[string]bool{}
	for _, r := range Rules() {
		if names[r.Name] || r.Means == "" {
			t.Errorf("rule %q is there twice or means nothing", r.Name)
		}
		names[r.Name] = true
	}
}
