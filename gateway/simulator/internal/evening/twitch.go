package evening

import (
	"time"
)

// Shape is the form of the payloads: which generation of Streamer.bot sends them
// (reference/streamerbot.md section 4).
type Shape int

const (
	Flat   Shape = iota // 1.0.5 and later; chat has flat fields only, with broadcaster and createdAt
	Both                // 0.2.5 to 1.0.4; chat has flat fields beside the deprecated message object
	Nested              // before 0.2.5; chat has the message object only
	shapes
)

// servers is a set of shapes: the servers that know an event.
type servers uint8

const (
	allServers = since025 | servers(1)<<Nested
	since025   = since105 | servers(1)<<Both
	since105   = servers(1) << Flat
)

func (s servers) has(shape Shape) bool { return s>>shape&1 == 1 }

// line is one chat line about to become frames.
type line struct {
	by       *viewer
	id       string
	at       time.Time
	began    time.Time // the viewer's first line this evening
	newcomer bool      // the viewer's first line ever
	shape    Shape
	reply    *spoken
	segments []segment
	bits     int  // cheered with the line
	reward   bool // highlighted for channel points
}

func (e *Evening) twitchChat(l *line, kind string) []byte {
	var d twitchData
	nonce := hexText(e.ids, 32)
	if l.bits > 0 {
		nonce = "" // recorded: cheers have none
	}
	if kind != "ChatMessage" && l.shape != Nested {
		d.Bits, d.CheerEmotes = &l.bits, cheerEmotes(l.segments)
	}
	if l.shape != Flat {
		d.Message = twitchNested(l, nonce)
	}
	if l.shape != Nested {
		d.flatChat = twitchFlat(l, nonce)
	}
	return e.frame("Twitch", kind, d)
}

func (l *line) twitchReply() *twitchReply {
	if l.reply == nil {
		return nil
	}
	return &twitchReply{UserName: l.reply.by.name, MsgBody: l.reply.text}
}

func twitchNested(l *line, nonce string) *twitchMessage {
	v := l.by
	m := &twitchMessage{
		MsgID: l.id, UserID: v.id, Username: v.login, Role: v.role,
		Subscriber: v.subscribed(), SubscriptionTier: v.tier, DisplayName: v.name, Colour: v.colour,
		Channel: Streamer().Login, Message: plain(l.segments), FirstMessage: l.newcomer,
		IsHighlighted: l.reward, Bits: l.bits, HasBits: l.bits > 0,
		IsReply: l.reply != nil, Reply: l.twitchReply(),
		Emotes: twitchEmotes(l.segments), CheerEmotes: cheerEmotes(l.segments),
		Badges: withoutInfo(v.badges), MonthsSubscribed: v.months,
	}
	if l.shape == Both {
		m.ClientNonce = nonce
		m.Badges = v.badges
		m.ReturningChatter, m.SharedChat, m.SourceBadges = new(bool), new(bool), []badge{}
	}
	return m
}

func twitchFlat(l *line, nonce string) *flatChat {
	v := l.by
	f := &flatChat{
		User:      twitchUserOf(v),
		MessageID: l.id,
		Meta:      twitchMeta{ClientNonce: nonce, FirstMessage: l.newcomer, IsHighlighted: l.reward},
		Text:      plain(l.segments), Emotes: twitchEmotes(l.segments), Parts: twitchParts(l.segments),
		IsReply: l.reply != nil, Reply: l.twitchReply(),
	}
	if l.shape == Both {
		f.IsSharedChat = new(bool)
		return f
	}
	// Twitch stamps a message up to half a second before Streamer.bot does (section 5.3).
	created := utcStamp(l.at.Add(-time.Duration(len(f.Text)*7919%500) * time.Millisecond))
	f.Meta.ClientNonce = ""
	f.Meta.metaSince105 = &metaSince105{
		FirstMessageTimestamp: utcStamp(l.began), sharedChat: &sharedChat{}, CreatedAt: created,
	}
	f.flatSince105 = &flatSince105{
		Broadcaster: identity(broadcaster()),
		sharedChat:  &sharedChat{}, CreatedAt: created,
	}
	return f
}

func twitchUserOf(v *viewer) twitchUser {
	return twitchUser{
		Role: v.role, Badges: v.badges, Colour: v.colour, Subscribed: v.subscribed(),
		SubscriptionTier: v.tier, MonthsSubscribed: v.months,
		ID: v.id, Login: v.login, Name: v.name, Type: "twitch",
	}
}

func identity(v *viewer) twitchIdentity { return twitchIdentity{v.id, v.login, v.name, "twitch"} }

func twitchEmotes(segments []segment) []emote {
	list := []emote{}
	for _, p := range place(segments) {
		if p.bits > 0 {
			continue
		}
		id := emoteID(p.name)
		list = append(list, emote{
			ID: id, Type: "Twitch", Name: p.name, StartIndex: p.start, EndIndex: p.end,
			ImageURL: emoteURL(id),
		})
	}
	return list
}

func twitchParts(segments []segment) []part {
	list := []part{}
	for _, s := range segments {
		switch {
		case s.plainText():
			list = append(list, part{Type: "text", Text: s.text})
		case s.bits > 0:
			list = append(list, cheerPart(s.bits))
		default:
			list = append(list, part{
				Source: "Twitch", ImageURL: emoteURL(emoteID(s.text)), ZeroWidth: new(bool),
				Type: "emote", Text: s.text,
			})
		}
	}
	return list
}
