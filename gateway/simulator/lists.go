package simulator

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"promethean/gateway/simulator/internal/evening"
)

// command is how GetCommands shows one.
type command struct {
	ID               string   `json:"id"`
	Enabled          bool     `json:"enabled"`
	Name             string   `json:"name"`
	Group            string   `json:"group"`
	Commands         []string `json:"commands"`
	CaseSensitive    bool     `json:"caseSensitive"`
	IgnoreInternal   bool     `json:"ignoreInternal"`
	IgnoreBotAccount bool     `json:"ignoreBotAccount"`
	Sources          any      `json:"sources"` // names; in the documentation a number
}

func (c *session) getCommands(r request) error {
	var sources any = []string{"Twitch", "YouTube"}
	if c.server.opt.DocShapes {
		sources = 3
	}
	list := []command{
		{ID: "6dd075c1-f9c8-4e7e-a0b6-91c58cf37edb", Enabled: true, Name: "Title ideas", Group: "Brain", Commands: []string{"!title"}},
		{ID: "7ee186d2-0ad9-4f8f-b1c7-a2d69d048fec", Enabled: true, Name: "Ducks", Group: "Fun", Commands: []string{"!duck", "!ducks"}},
		{ID: "8ff297e3-1bea-4090-82d8-b3e7ae1590fd", Name: "Lurk", Group: "", Commands: []string{"!lurk"}},
	}
	for i := range list {
		list[i].IgnoreInternal, list[i].IgnoreBotAccount, list[i].Sources = true, true, sources
	}
	return c.reply(r, fields{"commands": list, "count": len(list)})
}

// trigger is one custom code trigger.
type trigger struct {
	Name      string `json:"name"`
	EventName string `json:"eventName"`
	Category  string `json:"category"`
}

var triggers = []trigger{
	{"Brain Spoke", "brain.spoke", "Brain"},
	{"Brain Mood Changed", "brain.mood", "Brain"},
}

func (c *session) getCodeTriggers(r request) error {
	return c.reply(r, fields{"triggers": triggers, "count": len(triggers)})
}

// executeCodeTrigger raises Custom.CodeEvent for a trigger named by its event, and answers the official
// client where that waits for a custom event.
func (c *session) executeCodeTrigger(r request) error {
	var a struct {
		TriggerName string
		Args        map[string]json.RawMessage
	}
	if r.read(&a) != nil {
		return c.refuse(r, errInvalid)
	}
	if !slices.ContainsFunc(triggers, func(t trigger) bool { return t.EventName == a.TriggerName }) {
		return c.refuse(r, "Trigger not found")
	}
	if err := c.reply(r, nil); err != nil {
		return err
	}
	return c.enqueue(func(ctx context.Context) { c.server.trigger(ctx, a.TriggerName, a.Args) })
}

// trigger fails only with ctx, which ends the queue too.
func (s *Server) trigger(ctx context.Context, name string, args map[string]json.RawMessage) {
	if args == nil {
		args = map[string]json.RawMessage{}
	}
	_ = s.customEvent(ctx, "CodeEvent", name, args)
	with := map[string]any{"triggerName": name}
	for key, value := range args {
		with[key] = value
	}
	_ = s.respond(ctx, args, with)
}

type emote struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	ImageURL  string `json:"imageUrl"`
	ZeroWidth bool   `json:"zeroWidth"`
}

// getEmotes serves Twitch's and YouTube's; YouTube has none of FrankerFaceZ (the client's types).
func (c *session) getEmotes(r request) error {
	lists := map[string][]emote{
		"userEmotes": emotes("Twitch", "mossdWave", "mossdDuck"),
		"bttvEmotes": emotes("BTTVGlobal", "catJAM"), "ffzEmotes": emotes("FFZGlobal", "LilZ"),
		"sevenTvEmotes": emotes("7TVGlobal", "EZ"),
	}
	if r.Name == "YouTubeGetEmotes" {
		lists["userEmotes"] = emotes("YouTube", ":mossduck-wave:")
		delete(lists, "ffzEmotes")
	}
	return c.reply(r, fields{"emotes": lists})
}

func emotes(kind string, names ...string) []emote {
	list := []emote{}
	for _, name := range names {
		list = append(list, emote{Name: name, Type: kind, ImageURL: "https://emotes.example/" + strings.Trim(name, ":") + "/2.0"})
	}
	return list
}

// getMonitoredYouTubeBroadcasts lists the broadcast that the YouTube frames sent last carried, none after
// its end, and before the first the one that the evening is going to be.
func (c *session) getMonitoredYouTubeBroadcasts(r request) error {
	s := &c.server.seen
	s.mu.Lock()
	live, over := s.broadcast, s.over
	s.mu.Unlock()
	if live == nil && !over {
		live = c.server.upcoming()
	}
	list := []json.RawMessage{}
	if live != nil && !over {
		list = append(list, live)
	}
	return c.reply(r, fields{"broadcasts": list, "count": len(list)})
}

// previewed is how many lines of the evening are tried in search of one from YouTube.
const previewed = 500

// preview plays the evening's beginning to itself until a YouTube line shows its broadcast.
func preview(play evening.Options) json.RawMessage {
	e := evening.New(play)
	for range previewed {
		for _, frame := range e.Next(play.Start) {
			var f struct {
				Event eventName
				Data  struct{ Broadcast json.RawMessage }
			}
			if json.Unmarshal(frame, &f) == nil && f.Event.Source == "YouTube" && f.Data.Broadcast != nil {
				return f.Data.Broadcast
			}
		}
	}
	return nil
}

// getUserPronouns knows the streamer's own; everybody else has none.
func (c *session) getUserPronouns(r request) error {
	var a struct{ Platform, UserLogin string }
	if r.read(&a) != nil || a.UserLogin == "" {
		return c.refuse(r, errInvalid)
	}
	p := map[string]any{"userFound": false, "pronounLastCached": evening.Stamp(c.server.opt.Clock())}
	known := strings.EqualFold(a.UserLogin, evening.Streamer().Login)
	if known {
		p["userFound"] = true
	}
	for name, value := range map[string]string{
		"Subject": "They", "Object": "Them", "Possessive": "Their", "Pronoun": "Theirs",
		"Reflexive": "Themselves", "PastTense": "Were", "CurrentTense": "Are",
	} {
		if !known {
			value = ""
		}
		p["pronoun"+name], p["pronoun"+name+"Lower"] = value, strings.ToLower(value)
	}
	p["pronouns"], p["pronounsPlain"], p["pronounPluralLower"] = "", "", ""
	if known {
		p["pronouns"], p["pronounsPlain"], p["pronounPluralLower"] = "They/Them", "they/them", "they are"
	}
	return c.reply(r, fields{"userLogin": a.UserLogin, "pronoun": p})
}
