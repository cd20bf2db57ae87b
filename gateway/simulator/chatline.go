package simulator

import (
	"strings"
	"unicode/utf16"

	"promethean/gateway/simulator/internal/evening"
)

// Badges and colours of the two accounts, as the evening's cast wears them.
const (
	ownColour = "#2FA36B"
	botColour = "#8A2BE2"
)

// speaker is the broadcaster's or the bot's account on Twitch.
type speaker struct {
	id, login, name, colour string
	role                    int // 4 broadcaster, 3 moderator
}

func twitchSpeaker(bot bool) speaker {
	me := evening.Streamer()
	if bot {
		return speaker{me.BotTwitchID, me.BotLogin, me.BotName, botColour, 3}
	}
	return speaker{me.TwitchID, me.Login, me.Name, ownColour, 4}
}

// badges are one: broadcaster or moderator. In the old shape they have no info.
func (p speaker) badges(info bool) []map[string]any {
	name := "moderator"
	if p.role == 4 {
		name = "broadcaster"
	}
	b := map[string]any{"name": name, "version": "1", "imageUrl": "https://badges.example/v1/" + name + "-1/3"}
	if info {
		b["info"] = ""
	}
	return []map[string]any{b}
}

// twitchLine is Twitch.ChatMessage in the shape of the server's version (reference/streamerbot.md
// section 4.1).
func (s *Server) twitchLine(l Line) map[string]any {
	p, id := twitchSpeaker(l.Bot), randomUUID()
	shape := s.opt.shape()
	data := map[string]any{}
	if shape != evening.Flat {
		data["message"] = nestedLine(p, id, l, shape == evening.Both)
	}
	if shape == evening.Nested {
		return data
	}
	meta := map[string]any{
		"internal": l.Internal, "firstMessage": false, "returningChatter": false, "isHighlighted": false,
		"isMe": false, "isCustomReward": false, "isTest": false,
	}
	for name, value := range map[string]any{
		"user": map[string]any{
			"id": p.id, "login": p.login, "name": p.name, "type": "twitch", "role": p.role, "color": p.colour,
			"badges": p.badges(true), "subscribed": false, "monthsSubscribed": 0,
		},
		"messageId": id, "meta": meta, "anonymous": false, "text": l.Text, "emotes": []any{},
		"parts":   []any{map[string]any{"type": "text", "text": l.Text}},
		"isReply": l.ReplyID != "", "isTest": false,
	} {
		data[name] = value
	}
	if l.ReplyID != "" {
		data["reply"] = map[string]any{"msgId": l.ReplyID, "userName": "", "msgBody": ""}
	}
	if shape == evening.Both {
		data["isSharedChat"] = false
		return data
	}
	s.addSince105(data, meta)
	return data
}

// addSince105 adds what 1.0.5 added to data and meta.
func (s *Server) addSince105(data, meta map[string]any) {
	me, now := evening.Streamer(), s.opt.Clock().UTC().Format("2006-01-02T15:04:05.9999999Z")
	for _, m := range []map[string]any{data, meta} {
		m["isInSharedChat"], m["isSharedChatHost"], m["isFromSharedChatGuest"] = false, false, false
		m["createdAt"] = now
	}
	meta["firstMessageTimestamp"] = now
	data["broadcaster"] = map[string]any{"id": me.TwitchID, "login": me.Login, "name": me.Name, "type": "twitch"}
}

// nestedLine is the message object of servers before 1.0.5.
func nestedLine(p speaker, id string, l Line, both bool) map[string]any {
	m := map[string]any{
		"internal": l.Internal, "msgId": id, "userId": p.id, "username": p.login, "role": p.role,
		"subscriber": false, "displayName": p.name, "color": p.colour, "channel": evening.Streamer().Login,
		"message": l.Text, "isHighlighted": false, "isMe": false, "isCustomReward": false, "isAnonymous": false,
		"isReply": l.ReplyID != "", "bits": 0, "firstMessage": false, "hasBits": false,
		"emotes": []any{}, "cheerEmotes": []any{}, "badges": p.badges(both), "monthsSubscribed": 0, "isTest": false,
	}
	if both {
		m["returningChatter"], m["sharedChat"], m["sourceBadges"] = false, false, []any{}
	}
	return m
}

// youTubeLine is YouTube.Message. YouTube has no bot account here: the owner speaks.
func (s *Server) youTubeLine(l Line) map[string]any {
	me := evening.Streamer()
	data := map[string]any{
		"message": l.Text, "eventId": "LCC." + strings.ReplaceAll(randomUUID(), "-", ""),
		"user": map[string]any{
			"id": me.YouTubeID, "url": "http://www.youtube.example/channel/" + me.YouTubeID, "name": me.Name,
			"profileImageUrl": me.YouTubeImage, "isOwner": true, "isModerator": false, "isSponsor": false, "isVerified": false,
		},
		"publishedAt": s.opt.Clock().Format("2006-01-02T15:04:05.999999-07:00"),
	}
	if s.opt.since("0.2.5") {
		data["emotes"], data["parts"] = []any{}, []any{map[string]any{"text": l.Text}}
	}
	return data
}

// kickLine is Kick.ChatMessage. Kick has no bot account here either.
func kickLine(l Line) map[string]any {
	me := evening.Streamer()
	data := map[string]any{
		"isAnonymous": false, "messageId": randomUUID(), "text": l.Text,
		"parts": []any{map[string]any{"type": "text", "text": l.Text}},
		"user": map[string]any{
			"id": me.KickID, "login": me.Login, "name": me.Name, "type": "kick", "profilePicture": me.KickProfile,
			"role": 4, "isSubscribed": false, "badges": []any{}, "color": ownColour, "monthsSubscribed": 0, "isVerified": false,
		},
		"isReply": l.ReplyID != "", "reply": nil, "isInternal": l.Internal, "isTest": false,
	}
	if l.ReplyID != "" {
		data["reply"] = map[string]any{"messageId": l.ReplyID, "userName": "", "msgBody": ""}
	}
	return data
}

// trovoLine is Trovo.ChatMessage, which nobody has recorded; the fields are the evening's.
func trovoLine(l Line) map[string]any {
	me := evening.Streamer()
	return map[string]any{
		"user": map[string]any{
			"id": trovoID, "login": me.Login, "name": me.Name, "type": "trovo", "role": 4,
			"subscribed": false, "monthsSubscribed": 0, "badges": []any{}, "color": ownColour,
		},
		"messageId": randomUUID(), "text": l.Text, "message": l.Text,
		"parts": []any{map[string]any{"type": "text", "text": l.Text}}, "isInternal": l.Internal, "isTest": false,
	}
}

// units counts UTF-16 code units.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
