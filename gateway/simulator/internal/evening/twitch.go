package evening

import (
	"time"
)

// Shape is a form of Twitch chat frames (reference/streamerbot.md section 4.1).
type Shape int

const (
	Flat   Shape = iota // 1.0.5 and later: flat fields only, with broadcaster and createdAt
	Both                // 0.2.5 to 1.0.4: flat fields beside the deprecated message object
	Nested              // before 0.2.5: the message object only
	shapes
)

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
}

func (e *Evening) twitchChat(l *line, kind string) []byte {
	var d twitchData
	nonce := hexText(e.ids, 32)
	if kind == "FirstWord" && l.shape != Nested {
		d.Bits, d.CheerEmotes = new(int), []emote{}
	}
	if l.shape != Flat {
		d.Message = twitchNested(l, nonce)
	}
	if l.shape != Nested {
		d.flatChat = twitchFlat(l, nonce)
	}
	return encode(l.at, "Twitch", kind, d)
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
		Subscriber: v.subscribed(), SubscriptionTier: v.tier, DisplayName: v.name, Color: v.color,
		Channel: Streamer().Login, Message: plain(l.segments), FirstMessage: l.newcomer,
		IsReply: l.reply != nil, Reply: l.twitchReply(),
		Emotes: twitchEmotes(l.segments), CheerEmotes: []emote{},
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
		User: twitchUser{
			Role: v.role, Badges: v.badges, Color: v.color, Subscribed: v.subscribed(),
			SubscriptionTier: v.tier, MonthsSubscribed: v.months,
			ID: v.id, Login: v.login, Name: v.name, Type: "twitch",
		},
		MessageID: l.id,
		Meta:      twitchMeta{ClientNonce: nonce, FirstMessage: l.newcomer},
		Text:      plain(l.segments), Emotes: twitchEmotes(l.segments), Parts: twitchParts(l.segments),
		IsReply: l.reply != nil, Reply: l.twitchReply(),
	}
	if l.shape == Both {
		f.IsSharedChat = new(bool)
		return f
	}
	me := Streamer()
	// Twitch stamps a message up to half a second before Streamer.bot does (section 5.3).
	created := utcStamp(l.at.Add(-time.Duration(len(f.Text)*7919%500) * time.Millisecond))
	f.Meta.ClientNonce = ""
	f.Meta.metaSince105 = &metaSince105{
		FirstMessageTimestamp: utcStamp(l.began), sharedChat: &sharedChat{}, CreatedAt: created,
	}
	f.flatSince105 = &flatSince105{
		Broadcaster: twitchIdentity{me.TwitchID, me.Login, me.Name, "twitch"},
		sharedChat:  &sharedChat{}, CreatedAt: created,
	}
	return f
}

func twitchEmotes(segments []segment) []emote {
	list := []emote{}
	for _, p := range place(segments) {
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
		if !s.emote {
			list = append(list, part{Type: "text", Text: s.text})
			continue
		}
		list = append(list, part{
			Source: "Twitch", ImageURL: emoteURL(emoteID(s.text)), ZeroWidth: new(bool),
			Type: "emote", Text: s.text,
		})
	}
	return list
}
