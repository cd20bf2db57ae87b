package ailicia

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// personas are the characters that may be active.
var personas = []struct{ id, name string }{
	{"char_01", "Licia of the Harbour"}, {"char_02", "Captain Quack"}, {"char_03", "The Lighthouse"},
}

var (
	replies = []string{
		"the ducks say hello back", "I counted them twice, it is still eleven", "bold of you to blame the tide",
		"noted in the harbour log", "that lighthouse has seen worse", "say that to the kettle's face",
	}
	reasons = []string{
		"The line is addressed to the streamer and a short joke fits.", "Chat repeats itself, so silence is kinder.",
		"The viewer asks about the harbour; the answer is known.", "Several lines praise the same duck.",
	}
	tones  = []string{"friendly", "playful", "dry"}
	spoken = []string{
		"okay chat, one more lighthouse and then we eat", "why is the kettle moving", "hello and welcome in",
		"who put the duck on the pier again", "right, let us look at the map",
	}
	memories = []string{"likes ducks, owns a boat", "came for the lighthouse", "knows every tide by heart"}
	gameLogs = []string{"The lighthouse is repaired.", "A duck was lost to the tide.", "Day 12 begins with fog."}
)

// answer thinks about a line and replies a few frames later.
func (t *teller) answer(f fact) {
	t.think(f, true)
	t.plan(1+t.r.IntN(3), func(t *teller) { t.reply(f) })
}

func (t *teller) think(f fact, shouldAnswer bool) {
	t.emit("ai.thoughts", f.platform, thoughts{
		Reasoning: pick(t.r, reasons), ShouldAnswer: shouldAnswer, CompiledFromMultiple: t.draw(0.3), Sent: stamp(t.at),
	}, nil)
}

// reply is the AI's line, the verdict on it, and its speech unless it was judged unfit.
func (t *teller) reply(f fact) {
	who := personas[t.persona]
	m := aiMessage{
		ID: t.newID("aim"), Username: who.name, Message: "@" + f.username + " " + pick(t.r, replies),
		Target: f.username, TargetRole: roleOf(f), Speak: t.draw(0.6), Sent: stamp(t.at),
		CharacterID: t.optional(who.id), Tone: t.optional(pick(t.r, tones)),
	}
	if t.draw(0.2) {
		m.Target, m.CharacterID, m.Tone = "chat", text(""), nil
	}
	t.emit("chat.ai_message", f.platform, m, anything{"shouldGenerateTts": m.Speak})
	fine := !t.draw(0.1)
	t.plan(1, func(t *teller) { t.judge(f.platform, m, fine) })
	if m.Speak && fine {
		t.plan(2, func(t *teller) { t.speak(f.platform, m) })
	}
}

func roleOf(f fact) string {
	switch {
	case f.moderator:
		return "MOD"
	case f.vip:
		return "VIP"
	default:
		return "VIEWER"
	}
}

func (t *teller) judge(platform string, m aiMessage, fine bool) {
	scores := map[string]category{
		"harassment": {Score: t.r.Float64() / 10},
		"violence":   {Score: 0}, // an integer literal on the wire
		"hate":       {Score: t.r.Float64() / 100},
	}
	if !fine {
		scores["harassment"] = category{Flagged: true, Score: 1 - t.r.Float64()/10}
	}
	t.emit("ai.moderation", platform, verdict{
		MessageID: m.ID, Username: m.Username, Original: m.Message, Fine: fine, Categories: scores, Enabled: true, Sent: stamp(t.at),
	}, nil)
}

func (t *teller) speak(platform string, m aiMessage) {
	t.emit("ai.tts.generated", platform, speech{
		MessageID: m.ID, Username: m.Username, Text: m.Message, Format: []string{"mp3", "wav"}[t.r.IntN(2)],
		Millis: 200 + t.r.IntN(1500), Bytes: 9000 + 700*len(m.Message),
		URL: "https://api.getailicia.com/tts/usr_7f21/" + BrowserKey, Sent: stamp(t.at),
	}, nil)
}

// remember is what the AI recalls when it sees a chatter; of some nothing.
func (t *teller) remember(f fact) {
	if !t.draw(0.4) {
		return
	}
	m := firstMessage{Username: f.username, Sent: stamp(t.at), Greeting: t.optional("welcome back, " + f.username)}
	switch t.r.IntN(3) {
	case 0:
		m.Memory = &maybe[memory]{value: memory{
			ID: t.newID("mem"), Name: f.username, Facts: pick(t.r, memories), Updated: stamp(t.at.AddDate(0, 0, -1-t.r.IntN(90))),
		}}
	case 1:
		m.Memory, m.Greeting = &maybe[memory]{isNull: true}, nil
	}
	t.emit("chat.first_message", f.platform, m, nil)
}

// language guesses as a service would: by the script, else English.
func language(s string) string {
	for _, c := range s {
		switch {
		case unicode.In(c, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Han, c):
			return "zh"
		case unicode.Is(unicode.Cyrillic, c):
			return "ru"
		case unicode.Is(unicode.Hangul, c):
			return "ko"
		case unicode.Is(unicode.Arabic, c):
			return "ar"
		}
	}
	if strings.ContainsAny(s, "äöüß") {
		return "de"
	}
	return "en"
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
