package gate

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"spaces", "  a\u00a0 \u3000b  ", "a b"},
		{"quotes", `"Cosy night"`, "Cosy night"},
		{"typographic", "“Cosy night”", "Cosy night"},
		{"German", "„Gemütlich“", "Gemütlich"},
		{"Japanese", "「雑談」", "雑談"},
		{"two quotes", `"a" or "b"`, `"a" or "b"`},
		{"JSON left over", `Cosy night",`, "Cosy night"},
		{"bold", "**Cosy night**", "Cosy night"},
		{"heading", "## Cosy night", "Cosy night"},
		{"bullet", "- Cosy night", "Cosy night"},
		{"number", "1. Cosy night", "Cosy night"},
		{"number of the title", "3 hours left", "3 hours left"},
		{"label", "Title: Cosy night", "Cosy night"},
		{"bold label", `**Title:** "Cosy night"`, "Cosy night"},
		{"all at once", "1. **\"Title: `Cosy night`\"**", "Cosy night"},
		{"preface", `Sure! Here is a title: "Cosy night"`, "Cosy night"},
		{"a title about here", "Here is home: base building", "Here is home: base building"},
		{"decomposed", "cafe\u0301", "café"},
		{"brackets", "[Cosy night]", "Cosy night"},
		{"only quotes", `""`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.text); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{`"a"`, "1. **x**", "Title: Title: \"y\"", "e\u0301\"", "* * *", "\u00a0\u0301a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		once := Clean(s)
		if twice := Clean(once); twice != once {
			t.Errorf("Clean(%q) = %q, then %q", s, once, twice)
		}
	})
}

func TestFit(t *testing.T) {
	family := "👨‍👩‍👧‍👦" // 11 units, 25 bytes
	tests := []struct{ name, title, platform, want string }{
		{"short", "short", "youtube", "short"},
		{"exact", strings.Repeat("a", 100), "youtube", strings.Repeat("a", 100)},
		{"one word", strings.Repeat("a", 101), "youtube", strings.Repeat("a", 100)},
		{"between words", strings.Repeat("a", 90) + " bbbbbbbbbbbbbbbbbb", "kick", strings.Repeat("a", 90)},
		{"no dash at the end", strings.Repeat("a", 90) + " - bbbbbbbbbbbbbbbbbb", "kick", strings.Repeat("a", 90)},
		{"long last word", "a " + strings.Repeat("b", 120), "kick", "a " + strings.Repeat("b", 98)},
		{"families stay together", strings.Repeat(family, 10), "youtube", strings.Repeat(family, 9)},
		{"twitch", strings.Repeat("a", 150), "Twitch", strings.Repeat("a", 140)},
		{"unknown platform", strings.Repeat("a", 150), "trovo", strings.Repeat("a", 100)},
		{"marks stay", strings.Repeat("e\u0301", 60), "youtube", strings.Repeat("e\u0301", 50)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fit(tt.title, tt.platform); got != tt.want {
				t.Errorf("Fit = %q, want %q", got, tt.want)
			}
		})
	}
	if got := FitBytes(strings.Repeat("ド", 50)); got != strings.Repeat("ド", 46) {
		t.Errorf("FitBytes gives %d bytes", len(got))
	}
	for platforms, want := range map[string]int{"": 100, "twitch": 140, "twitch,youtube": 100, "kick": 100} {
		if got := Limit(strings.FieldsFunc(platforms, func(r rune) bool { return r == ',' })...); got != want {
			t.Errorf("Limit(%s) = %d, want %d", platforms, got, want)
		}
	}
}
