package evening

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// command is a command that Streamer.bot listens for in all chats.
type command struct {
	id, name, word string
	used           int
}

func newCommands(r *rand.Rand) []*command {
	list := []*command{
		{name: "Discord link", word: "!discord"}, {name: "Uptime", word: "!uptime"}, {name: "Lurk", word: "!lurk"},
		{name: "Shout-out", word: "!so"}, {name: "Shells", word: "!shells"}, {name: "Guess the tide", word: "!guess"},
		{name: "Song", word: "!song"},
	}
	for _, c := range list {
		c.id = uuid(r)
	}
	return list
}

// commandLine is what somebody types to use a command.
func (e *Evening) commandLine() string {
	c := e.commands[e.what.IntN(len(e.commands))]
	switch c.word {
	case "!so":
		return "!so @" + pick(e.what, names)
	case "!guess":
		return "!guess " + strconv.Itoa(e.what.IntN(100))
	}
	return c.word
}

// order is a line that is nothing but a command.
func (e *Evening) order(Shape) [][]byte {
	l := e.newLine(e.speaker())
	l.segments = []segment{{text: e.commandLine()}}
	return e.speak(l)
}

// commandIn is the event of the command that a line begins with.
func (e *Evening) commandIn(l *line) [][]byte {
	word, rest, _ := strings.Cut(plain(l.segments), " ")
	for _, c := range e.commands {
		if c.word != word {
			continue
		}
		c.used++
		if l.by.used == nil {
			l.by.used = map[string]int{}
		}
		l.by.used[c.id]++
		return e.one("Command", e.commandType(), e.commandData(l, c, rest))
	}
	return nil
}

// commandType is what servers call it: in 2023 the event was Message.
func (e *Evening) commandType() string {
	if e.opt.Shape == Nested && !e.opt.MixShapes {
		return "Message"
	}
	return "Triggered"
}

var platformNames = map[platform]string{twitch: "twitch", youTube: "youtube", kick: "kick", trovo: "trovo"}

func (e *Evening) commandData(l *line, c *command, rest string) object {
	v := l.by
	data := object{
		"command": c.word, "counter": c.used, "userCounter": v.used[c.id], "message": rest,
		"user": object{
			"display": v.name, "id": v.id, "name": v.login, "role": v.role, "subscribed": v.subscribed(),
			"type": platformNames[v.platform],
		},
	}
	if e.commandType() == "Message" {
		return data
	}
	data["id"], data["name"] = c.id, c.name
	if v.platform == youTube && l.shape != Nested {
		data["broadcast"] = &e.show
	}
	return data
}
