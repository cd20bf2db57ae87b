package facts

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"promethean/schema"
)

const (
	// keptLines of chat are looked at; older ones only count.
	keptLines = 2000
	// wordsMost and emotesMost are told, and of each word at most fromMost lines.
	wordsMost, emotesMost, fromMost = 8, 5, 25
	// linesMost are quoted, one a chatter, each at most lineLength characters.
	linesMost, lineLength = 40, 120
	// sameLine is how long the same words of the same person are one line: two
	// sources may tell it.
	sameLine = 10 * time.Second
	// pace is over how long lines a minute are counted.
	pace = 10 * time.Minute
)

// chat is what was said since the stream began.
type chat struct {
	messages int
	chatters map[string]bool
	// happenings are counted by source: two sources tell the same ones, in words
	// that do not tell which are.
	happenings map[string]happenings
	lines      []line
	// gone are the last lines that were taken away: another source may still tell
	// one of them.
	gone []line
}

// happenings are what happened beside talk.
type happenings struct{ subs, follows, raids, cheers int }

// line is one line of chat, until it is taken away.
type line struct {
	schema.TitleLine
	who    string
	text   string
	at     time.Time
	emotes []string
	// also are the ids that other sources gave it.
	also []string
}

// ids are all by which a moderator may have taken a line away.
func (l line) ids() []schema.TitleLine {
	all := []schema.TitleLine{l.TitleLine}
	for _, id := range l.also {
		all = append(all, schema.TitleLine{MessageID: id, UserID: l.UserID, Platform: l.Platform})
	}
	return all
}

func (c *chat) happened(e Event) {
	var p struct {
		EventType  schema.EventType
		IsFromBomb bool
	}
	if json.Unmarshal(e.Payload, &p) != nil || p.IsFromBomb {
		return
	}
	if c.happenings == nil {
		c.happenings = map[string]happenings{}
	}
	h := c.happenings[e.Source]
	defer func() { c.happenings[e.Source] = h }()
	switch p.EventType {
	case schema.Subscription, schema.Resubscription, schema.GiftSubscription, schema.GiftBomb, schema.Membership, schema.MembershipMilestone, schema.MembershipGift:
		h.subs++
	case schema.Follow:
		h.follows++
	case schema.Raid:
		h.raids++
	case schema.Cheer:
		h.cheers++
	}
}

func (c *chat) said(e Event) {
	p, caption, err := schema.ParseChat(e.Payload)
	if err != nil || caption {
		return
	}
	l := line{TitleLine: schema.TitleLine{MessageID: p.ID, UserID: p.UserID, Platform: strings.ToUpper(e.Provider)},
		who: e.Provider + " " + strings.ToLower(p.Username), text: p.Message, at: e.At}
	if c.has(l) || slices.ContainsFunc(c.gone, func(o line) bool { return o.twin(l) }) {
		return
	}
	for _, emote := range p.Emotes {
		l.emotes = append(l.emotes, emote.Name)
	}
	c.messages++
	if c.chatters == nil {
		c.chatters = map[string]bool{}
	}
	if len(c.chatters) < chattersMost {
		c.chatters[l.who] = true
	}
	if c.lines = append(c.lines, l); len(c.lines) > keptLines+keptLines/4 {
		c.lines = slices.Clone(c.lines[len(c.lines)-keptLines:])
	}
}

// chattersMost bounds memory; more are not counted.
const chattersMost = 50_000

// has reports whether another source has told the line, whose id there is noted.
func (c *chat) has(l line) bool {
	for i := len(c.lines) - 1; i >= 0 && l.at.Sub(c.lines[i].at) < sameLine; i-- {
		if o := &c.lines[i]; o.who == l.who && o.text == l.text {
			if l.MessageID != o.MessageID && len(o.also) < goneMost {
				o.also = append(o.also, l.MessageID)
			}
			return true
		}
	}
	return false
}

// goneMost lines that were taken away are remembered.
const goneMost = 256

// taken forgets lines that a moderator took away, and all of a person who was
// banned or timed out. Another source may call that person otherwise, so the same
// words at the same time go with them.
func (c *chat) taken(e Event) {
	var p struct{ ID, UserID, Username, DisplayName string }
	if json.Unmarshal(e.Payload, &p) != nil && e.Type != schema.ChatCleared {
		return
	}
	names := []string{e.Provider + " " + strings.ToLower(p.Username), e.Provider + " " + strings.ToLower(p.DisplayName)}
	before := len(c.gone)
	for _, l := range c.lines {
		switch {
		case !strings.EqualFold(l.Platform, e.Provider):
		case e.Type == schema.ChatCleared,
			e.Type == schema.ChatMessageDeleted && p.ID != "" && (l.MessageID == p.ID || slices.Contains(l.also, p.ID)),
			e.Type != schema.ChatMessageDeleted && (p.UserID != "" && l.UserID == p.UserID || l.who != e.Provider+" " && slices.Contains(names, l.who)):
			c.gone = append(c.gone, l)
		}
	}
	if e.Type == schema.ChatMessageDeleted && p.ID != "" && len(c.gone) == before {
		// The deletion may come before its line.
		c.gone = append(c.gone, line{TitleLine: schema.TitleLine{MessageID: p.ID, Platform: strings.ToUpper(e.Provider)}, at: e.At})
	}
	took := c.gone[before:]
	c.lines = slices.DeleteFunc(c.lines, func(l line) bool { return slices.ContainsFunc(took, func(o line) bool { return o.twin(l) }) })
	if over := len(c.gone) - goneMost; over > 0 {
		c.gone = slices.Clone(c.gone[over:])
	}
}

// twin reports whether two sources may have told the same line.
func (l line) twin(o line) bool {
	if l.Platform != o.Platform {
		return false
	}
	return l.MessageID != "" && l.MessageID == o.MessageID ||
		strings.TrimSpace(l.text) != "" && l.text == o.text && o.at.Sub(l.at).Abs() < sameLine
}

// most is what the source that told most of a kind told of it.
func (c *chat) most() (m happenings) {
	for _, h := range c.happenings {
		m = happenings{max(m.subs, h.subs), max(m.follows, h.follows), max(m.raids, h.raids), max(m.cheers, h.cheers)}
	}
	return m
}

// at is the chat in counts, and with quoted also in lines.
func (c *chat) at(now, since time.Time, quoted bool) (Chat, []schema.TitleLine) {
	h := c.most()
	out := Chat{Messages: c.messages, Chatters: len(c.chatters), Subs: h.subs, Follows: h.follows, Raids: h.raids, Cheers: h.cheers}
	over := pace
	if lasted := now.Sub(since); !since.IsZero() && lasted < over {
		over = max(lasted, time.Minute)
	}
	recent := 0
	for _, l := range c.lines {
		if now.Sub(l.at) < over {
			recent++
		}
	}
	out.PerMinute = float64(recent*10/max(int(over.Minutes()), 1)) / 10
	var from []schema.TitleLine
	out.Words, from = frequent(c.lines, wordsOf, wordsMost)
	var more []schema.TitleLine
	out.Emotes, more = frequent(c.lines, func(l line) []string { return l.emotes }, emotesMost)
	from = append(from, more...)
	if quoted {
		out.Lines, more = quote(c.lines)
		from = append(from, more...)
	}
	slices.SortFunc(from, func(a, b schema.TitleLine) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.MessageID, b.MessageID), cmp.Compare(a.UserID, b.UserID))
	})
	return out, slices.Compact(from)
}

// use is how often a word is used, and by whom.
type use struct {
	lines int
	who   map[string]bool
	from  []schema.TitleLine
}

// frequent are the most frequent words that at least two people use, and the
// lines that they are from.
func frequent(lines []line, words func(line) []string, most int) (list []string, from []schema.TitleLine) {
	uses := map[string]*use{}
	for _, l := range lines {
		for _, w := range slices.Compact(slices.Sorted(slices.Values(words(l)))) {
			u := uses[w]
			if u == nil {
				u = &use{who: map[string]bool{}}
				uses[w] = u
			}
			u.lines++
			u.who[l.who] = true
			if l.MessageID != "" && len(u.from) < fromMost {
				u.from = append(u.from, l.ids()...)
			}
		}
	}
	maps.DeleteFunc(uses, func(_ string, u *use) bool { return len(u.who) < 2 })
	list = slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b].lines, uses[a].lines), cmp.Compare(a, b))
	})
	list = list[:min(len(list), most)]
	for _, w := range list {
		from = append(from, uses[w].from...)
	}
	return list, from
}

// quote takes the last line of each chatter, the oldest first.
func quote(lines []line) (list []string, from []schema.TitleLine) {
	said := map[string]bool{}
	for i := len(lines) - 1; i >= 0 && len(list) < linesMost; i-- {
		l := lines[i]
		text := quotable(l.text)
		if text == "" || said[l.who] {
			continue
		}
		said[l.who] = true
		list = append(list, text)
		from = append(from, l.ids()...)
	}
	slices.Reverse(list)
	return list, from
}
