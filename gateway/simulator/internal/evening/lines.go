package evening

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// relayShare is how many lines the Restream relay copies to another platform.
const relayShare = 0.1

const replyShare = 0.08

// relays are Restream's accounts: it posts on Twitch as restreambot and on YouTube as Restream.
var relays = map[platform]*viewer{
	twitch: {
		platform: twitch, id: "491117340", login: "restreambot", name: "RestreamBot", role: roleModerator,
		colour: "#1E90FF", badges: []badge{twitchBadge("moderator", "1", "")},
	},
	youTube: {
		platform: youTube, id: "UCReStreamRe1ayExamp1eAA", login: "restream", name: "Restream", role: roleModerator,
		avatar: "https://yt3.example/restream=s88-c-k-c0x00ffffff-no-rj",
	},
}

// relay plans the relay's copy of some lines on another platform.
func (e *Evening) relay(l line) {
	text := plain(l.segments)
	if e.what.Float64() >= relayShare || l.by.platform == trovo || l.bits > 0 || strings.HasPrefix(text, "!") {
		return // the relay leaves commands alone
	}
	from, to := "YouTube", twitch
	switch l.by.platform {
	case twitch:
		from, to = "Twitch", youTube
	case kick:
		from = "Kick"
	}
	copied := []segment{{text: "[" + from + ": " + l.by.name + "] " + text}}
	e.later(1, func(e *Evening) [][]byte {
		echo := e.newLine(relays[to])
		echo.segments = copied
		return e.frames(&echo)
	})
}

// pickReply chooses an earlier line on the same platform to answer, now and then. YouTube's chat has
// no replies.
func (e *Evening) pickReply(by *viewer) *spoken {
	if by.platform == youTube || e.what.Float64() >= replyShare {
		return nil
	}
	for i := len(e.recent) - 1; i >= 0; i-- {
		if s := e.recent[i]; s.by.platform == by.platform && s.by != by {
			return &s
		}
	}
	return nil
}

// say gives the words of a line.
func (e *Evening) say(by *viewer, hype bool, reply *spoken) []segment {
	r := e.what
	emotes := emotesOf[by.platform]
	switch {
	case reply != nil && by.platform == twitch:
		return words([]segment{{text: "@" + reply.by.name}, {text: pick(r, answers)}})
	case reply != nil:
		return words([]segment{{text: pick(r, answers)}})
	case hype:
		return e.shout(emotes)
	case r.IntN(25) == 0:
		return []segment{{text: e.commandLine()}}
	case by.tongue != english && r.IntN(2) == 0:
		return e.decorate([]segment{{text: pick(r, foreign[by.tongue])}}, emotes)
	default:
		return e.decorate([]segment{{text: e.sentence()}}, emotes)
	}
}

// shout is a line of a burst: capitals, emoji, or one emote over and over.
func (e *Evening) shout(emotes []string) []segment {
	r := e.what
	if len(emotes) > 0 && r.IntN(2) == 0 {
		name := pick(r, emotes)
		var spam []segment
		for range 1 + r.IntN(7) {
			spam = append(spam, segment{text: name, emote: true})
		}
		return words(spam)
	}
	return e.decorate([]segment{{text: pick(r, shouts)}}, emotes)
}

// decorate adds emoji and emotes before, inside and after what is said.
func (e *Evening) decorate(said []segment, emotes []string) []segment {
	r := e.what
	if r.IntN(4) == 0 {
		said = append(said, segment{text: pick(r, emoji)})
	}
	if len(emotes) > 0 && r.IntN(3) == 0 {
		said = append(said, segment{text: pick(r, emotes), emote: true})
	}
	if len(emotes) > 0 && r.IntN(9) == 0 {
		said = append([]segment{{text: pick(r, emotes), emote: true}}, said...)
	}
	if r.IntN(30) == 0 {
		said = append([]segment{{text: pick(r, emoji)}}, said...)
	}
	return words(said)
}

// sentence fills one of the patterns.
func (e *Evening) sentence() string {
	r := e.what
	return strings.NewReplacer(
		"{thing}", pick(r, things), "{place}", pick(r, places), "{verb}", pick(r, verbs),
		"{mood}", pick(r, moods), "{n}", strconv.Itoa(2+r.IntN(98)),
	).Replace(pick(r, patterns))
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
