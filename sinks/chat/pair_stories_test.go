package chat_test

import (
	"strings"
	"testing"

	"promethean/schema"
)

// story is what happens, in the order of the log, and the rows of it.
type story struct {
	name   string
	events []schema.Recorded
	rows   []string
}

func stories(t *testing.T) []story {
	type made = func(*testing.T, uint64) schema.Recorded
	log := func(events ...made) (all []schema.Recorded) {
		for i, e := range events {
			all = append(all, e(t, uint64(i)+1))
		}
		return all
	}
	s, a := spoken{id: "s1", login: "ada", display: "Ada", text: "lol"}, spoken{id: "a1", display: "Ada", text: "lol", ms: 400}
	as := func(p spoken, id string, ms int) spoken { p.id, p.ms = id, ms; return p }
	saying := func(p spoken, text string) spoken { p.text = text; return p }
	by := func(p spoken, login, display string) spoken { p.login, p.display = login, display; return p }
	on := func(p spoken, platform, channel string) spoken { p.platform, p.channel = platform, channel; return p }
	test := func(p spoken) spoken { p.origin = "test"; return p }
	reply := func(p spoken) spoken { p.reply = true; return p }
	long := strings.Repeat("la", 2000)
	caption := a
	caption.caption = true
	return []story{
		{"Streamer.bot first", log(s.bot, a.ai), []string{"s1 1 2"}},
		{"ai_licia first", log(a.ai, s.bot), []string{"s1 2 1"}},
		{"the same id", log(s.bot, as(a, "s1", 400).ai), []string{"s1 1 2"}},
		{"the same id, ai_licia first", log(as(a, "s1", 400).ai, s.bot), []string{"s1 2 1"}},
		{"the same id, whatever else they say", log(as(saying(by(a, "", "x"), "y"), "s1", 60_000).ai, s.bot), []string{"s1 2 1"}},
		{"one source only", log(s.bot, as(s, "s2", 100).bot), []string{"s1 1", "s2 2"}},
		{"ai_licia only", log(a.ai, as(a, "a2", 500).ai), []string{"a1 1", "a2 2"}},
		{"three and two, in order", log(s.bot, as(s, "s2", 100).bot, a.ai, as(s, "s3", 200).bot, as(a, "a2", 500).ai), []string{"s1 1 3", "s2 2 5", "s3 4"}},
		{"two of theirs first", log(a.ai, as(a, "a2", 500).ai, s.bot, as(s, "s2", 100).bot, as(s, "s3", 200).bot), []string{"s1 3 1", "s2 4 2", "s3 5"}},
		{"the one of the same id before the first", log(s.bot, as(s, "s2", 100).bot, as(a, "s2", 500).ai, as(a, "s1", 600).ai), []string{"s1 1 4", "s2 2 3"}},
		{"ids that cross what was paired by words", log(as(a, "x", 0).ai, as(s, "y", 100).bot, as(a, "y", 200).ai, as(s, "x", 300).bot), []string{"x 4 3", "y 2 1"}},
		{"five seconds", log(s.bot, as(a, "a1", 5000).ai, as(s, "s2", 60_000).bot, as(a, "a2", 65_001).ai), []string{"a2 4", "s1 1 2", "s2 3"}},
		{"five seconds back", log(as(a, "a1", 5000).ai, s.bot, as(a, "a2", 65_001).ai, as(s, "s2", 60_000).bot), []string{"a2 3", "s1 2 1", "s2 4"}},
		{"other words", log(s.bot, saying(a, "LOL").ai), []string{"a1 2", "s1 1"}},
		{"another writer", log(s.bot, by(a, "", "Bea").ai), []string{"a1 2", "s1 1"}},
		{"another platform", log(s.bot, on(a, "KICK", "").ai), []string{"kick a1 2", "s1 1"}},
		{"the name in another case", log(s.bot, by(a, "", "ADA").ai), []string{"s1 1 2"}},
		{"the login, where the name shown is in other letters", log(by(s, "ada", "エイダ").bot, a.ai, by(as(s, "s2", 9000), "ada", "エイダ").bot, by(as(a, "a2", 9000), "", "エイダ").ai), []string{"s1 1 2", "s2 3 4"}},
		{"a handle", log(on(by(s, "@ada-l", "@ada-l"), "YOUTUBE", "").bot, on(by(a, "", "Ada-L"), "YOUTUBE", "").ai), []string{"youtube s1 1 2"}},
		{"what nobody sees", log(saying(s, "lol \U000e0000").bot, saying(a, " lol").ai, as(saying(s, "👩🏽\u200d🚀 ❤\ufe0f"), "s2", 9000).bot, as(saying(a, "👩🏽\u200d🚀 ❤"), "a2", 9000).ai), []string{"s1 1 2", "s2 3 4"}},
		{"an invisible character that is no U+E0000", log(saying(s, "lol \u034f").bot, saying(a, "lol").ai, as(saying(s, "hi\u3164"), "s2", 9000).bot, as(saying(a, "hi"), "a2", 9000).ai), []string{"s1 1 2", "s2 3 4"}},
		{"letters composed or not", log(saying(by(s, "ada", "Zo\u00eb"), "caf\u00e9").bot, saying(by(a, "", "Zoe\u0308"), "cafe\u0301").ai), []string{"s1 1 2"}},
		{"a long line, and another with the same beginning", log(saying(s, long+"a").bot, saying(a, long+"b").ai, as(saying(a, long+"a "), "a2", 500).ai), []string{"a1 2", "s1 1 3"}},
		{"an emote of Kick", log(on(saying(s, "hi [emote:37226:KEKW]"), "KICK", "").bot, on(saying(a, "hi KEKW"), "KICK", "").ai), []string{"kick s1 1 2"}},
		{"a reply with and without the name", log(reply(saying(s, "@bob yes")).bot, saying(a, "yes").ai, as(saying(a, "@bob no"), "a2", 9000).ai, as(reply(saying(s, "no")), "s2", 9000).bot), []string{"s1 1 2", "s2 4 3"}},
		{"a name that is no reply is part of the words", log(saying(s, "@bob yes").bot, saying(a, "yes").ai), []string{"a1 2", "s1 1"}},
		{"a channel of another name", log(s.bot, on(a, "", "Pond of Ducks").ai), []string{"s1 1 2"}},
		{"the same channel before another", log(on(s, "", "lake").bot, as(s, "s2", 100).bot, a.ai), []string{"s1 1", "s2 2 3"}},
		{"a rehearsal is none of theirs", log(test(s).bot, a.ai, test(as(a, "a2", 100)).ai), []string{"a1 2", "s1 1 3"}},
		{"captions are no chat", log(s.bot, caption.ai), []string{"s1 1"}},
		{"the same source twice", log(s.bot, a.ai, s.bot, a.ai, as(s, "s2", 300).bot), []string{"s1 1 2", "s2 5"}},
		{"deleted, then seen by ai_licia", log(s.bot, s.deleted, a.ai), []string{"s1 1 3 deleted"}},
		{"deleted between, ai_licia first", log(a.ai, s.deleted, s.bot), []string{"s1 3 1 deleted"}},
		{"deleted before both", log(s.deleted, a.ai, s.bot), []string{"s1 3 2 deleted"}},
		{"deleted afterwards", log(a.ai, s.bot, s.deleted), []string{"s1 2 1 deleted"}},
		{"the same id, deleted between", log(as(a, "s1", 400).ai, s.deleted, s.bot), []string{"s1 3 1 deleted"}},
		{"banned between, ai_licia first", log(a.ai, by(s, "ada", "Ada").banned, s.bot), []string{"s1 3 1 banned"}},
		{"banned between, Streamer.bot first", log(s.bot, by(s, "ada", "Ada").banned, a.ai), []string{"s1 1 3 banned"}},
		{"banned between, under a name that ai_licia does not know", log(by(a, "", "エイダ").ai, by(s, "ada", "").banned, by(s, "ada", "エイダ").bot), []string{"s1 3 1"}},
		{"banned, seen by ai_licia only", log(a.ai, by(s, "ADA", "").banned, by(as(a, "a2", 9000), "", "Bea").ai, s.banned), []string{"a1 1 banned", "a2 3"}},
		{"cleared between", log(a.ai, s.cleared, s.bot, as(s, "s2", 100).bot), []string{"s1 3 1 cleared", "s2 4"}},
		{"two removals: the first one stays", log(a.ai, by(s, "ada", "Ada").banned, s.deleted, s.bot), []string{"s1 4 1 banned"}},
		{"two removals, the other way", log(s.deleted, a.ai, by(s, "ada", "Ada").banned, s.bot), []string{"s1 4 2 deleted"}},
		{"a rehearsal deleted between", log(test(as(a, "s1", 0)).ai, test(s).deleted, test(s).bot), []string{"s1 3 1 deleted"}},
	}
}
