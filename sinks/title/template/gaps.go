package template

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
)

// doubled punctuation comes of names that end in some.
var doubled = regexp.MustCompile(`[!?.…][.,;:!?]|[.,;:!?]{2}`)

// gaps are what is known, by the name of the gap that it fills:
//
//	day when tod part hail Friday · Friday evening · tonight · evening · what is good
//	name cat Cat           a game · a game or what is done · the same, capital
//	mood Mood amood aMood  an adjective: cosy · Cosy · a cosy · A cosy
//	feeling                any other mood, as written
//	note Note              what the streamer asks for, as written · capital
//	raids subs follows cheers chatters messages      numbers above one
//	raid sub               one of them: always empty text
//	yesterday              a title stood yesterday: empty text
//	talk late              the category is talking, and after midnight too: empty text
//
// Three more, which no sentence has, choose the groups: moment, weekday, half.
func gaps(g *gate.Gate, f facts.Facts) map[string]string {
	known := map[string]string{}
	timeGaps(known, f.Now)
	// A text passes by itself, or it is not used at all: cutting the bad part out
	// would make a title of the rest. A category excuses nothing here; there is
	// always a title without it.
	passes := func(text string) (string, bool) {
		got, err := g.Pass(text, facts.Facts{Platforms: f.Platforms}, gate.Against{})
		return got, err == nil && got == strings.TrimSpace(text)
	}
	if category, ok := passes(f.Category); ok {
		categoryGaps(known, category)
	}
	if mood, ok := passes(f.Mood); ok {
		moodGaps(known, mood)
	}
	if note, ok := passes(f.Note); ok && !request.MatchString(note) {
		note = strings.TrimRight(note, ". ")
		known["note"], known["Note"] = note, capital(note)
	}
	counts(known, f.Chat)
	if !f.Now.IsZero() && streamed(f, f.Now.AddDate(0, 0, -1)) {
		known["yesterday"] = ""
	}
	return known
}

// timeGaps: after midnight it is still last night, and "it's Friday" would be
// wrong either way, so there is no day then.
func timeGaps(known map[string]string, now time.Time) {
	if now.IsZero() {
		return
	}
	day := now.Weekday()
	part, tod, half := "night", "tonight", "eve"
	switch hour := now.Hour(); {
	case hour < 5:
		known["moment"] = "late"
		day = (day + 6) % 7
	case hour < 12:
		part, tod, half = "morning", "this morning", "early"
	case hour < 17:
		part, tod, half = "afternoon", "this afternoon", "early"
	case hour < 22:
		part = "evening"
	}
	// "Good night" is a farewell.
	if part != "night" {
		known["hail"] = part
	}
	known["part"], known["tod"], known["when"] = part, tod, day.String()+" "+part
	if known["moment"] == "" {
		known["moment"] = part
		known["day"], known["weekday"], known["half"] = day.String(), day.String(), day.String()+" "+half
	}
}

// doings are the categories that are no game, as what is done in them; "" where
// that cannot be said in a word. From Twitch's, Kick's and YouTube's lists.
var doings = map[string]string{
	"just chatting": "", "talk shows & podcasts": "", "irl": "",
	"software and game development": "dev work", "music": "music", "djs": "music", "art": "art", "makers & crafting": "crafting", "makers and crafting": "crafting",
	"food & drink": "food and drink", "cooking": "cooking", "travel & outdoors": "the outdoors", "sports": "sport", "fitness & health": "fitness",
	"science & technology": "science and tech", "science and technology": "science and tech", "politics": "politics", "news & politics": "politics",
	"co-working & studying": "work and study", "retro": "retro gaming", "chess": "chess", "poker": "poker", "asmr": "ASMR",
	"miniatures & models": "miniatures", "writing & reading": "writing and reading", "board games": "board games",
	"comedy": "comedy", "film & animation": "film and animation", "games + demos": "", "special events": "", "always on": "", "i'm only sleeping": "",
	"animals, aquariums, and zoos": "", "pools, hot tubs, and beaches": "", "beauty & body art": "", "slots": "", "slots & casino": "", "virtual casino": "",
	"gaming": "", "entertainment": "", "people & blogs": "", "education": "", "howto & style": "", "pets & animals": "", "other": "", "nonprofits & activism": "",
	"travel & events": "", "autos & vehicles": "",
}

// talks are the categories in which people just talk.
var talks = map[string]bool{"just chatting": true, "talk shows & podcasts": true}

// nameMost leaves room for a sentence around a name.
const nameMost = 34

func categoryGaps(known map[string]string, category string) {
	if talks[strings.ToLower(category)] {
		known["talk"] = ""
		if known["moment"] == "late" {
			known["late"] = ""
		}
	}
	if doing, ok := doings[strings.ToLower(category)]; ok {
		if doing != "" {
			known["cat"], known["Cat"] = doing, capital(doing)
		}
		return
	}
	name := category
	// Of a long name people say what follows the colon: Tears of the Kingdom.
	if head, tail, ok := strings.Cut(name, ": "); ok && units(name) > 26 {
		if name = tail; utf8.RuneCountInString(tail) < 5 {
			name = head
		}
	}
	if units(name) <= nameMost {
		known["name"], known["cat"], known["Cat"] = name, name, name
	}
}

// adjectives are moods that stand before a noun.
var adjectives = words(`calm chaotic cheerful chill chilled competitive cosy cozy curious dramatic easy energetic excited festive focused friendly
	gentle goofy grumpy happy hopeful hungry lazy loud mellow moody mysterious nostalgic peaceful playful pleasant productive quiet rainy
	relaxed relaxing romantic sad serious silly sleepy slow snowy social spooky summery sunny sweaty sweet thoughtful tired warm weird wholesome wintry`)

func moodGaps(known map[string]string, mood string) {
	low := strings.ToLower(mood)
	if !adjectives[low] {
		if units(mood) <= 24 && !strings.ContainsAny(mood, `"“”`) {
			known["feeling"] = mood
		}
		return
	}
	known["mood"], known["Mood"], known["amood"] = low, capital(low), article(low)+" "+low
	known["aMood"] = capital(known["amood"])
}

func article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an"
	}
	return "a"
}

// request is a note that says how a title is to be, not what the stream is about.
var request = regexp.MustCompile(`(?i)^(?:please|pls|make|write|use|mention|include|avoid|add|keep|be|give|no|not|don['’]t|do not|never|always|something|anything|more|less|in (?:english|german|french|spanish|the style)|try|put|say|short|funny|ignore)\b|\b(?:titles?|emojis?|hashtags?|prompt)\b`)

// counts: what is there once is no number.
func counts(known map[string]string, c facts.Chat) {
	for gap, n := range map[string]int{"raids": c.Raids, "subs": c.Subs, "follows": c.Follows, "cheers": c.Cheers, "chatters": c.Chatters} {
		if n > 1 {
			known[gap] = strconv.Itoa(n)
		}
	}
	if c.Raids == 1 {
		known["raid"] = ""
	}
	if c.Subs == 1 {
		known["sub"] = ""
	}
	// A number that grows while people read it is worth saying when it is round.
	if c.Messages >= 100 {
		known["messages"] = strconv.Itoa(c.Messages / 100 * 100)
	}
}

// streamed says whether a title stood on that day.
func streamed(f facts.Facts, day time.Time) bool {
	for _, t := range f.Tried {
		at := t.At.In(f.Now.Location())
		stood := t.Fate == "applied" || t.Fate == "liked" || t.Fate == "overridden"
		if stood && at.YearDay() == day.YearDay() && at.Year() == day.Year() {
			return true
		}
	}
	return false
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
