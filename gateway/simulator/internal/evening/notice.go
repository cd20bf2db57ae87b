package evening

import "strconv"

// announce is a line that a moderator makes stand out.
func (e *Evening) announce(s Shape) [][]byte {
	by, text := e.moderator(twitch), pick(e.what, announcements)
	colour := pick(e.what, []string{"PRIMARY", "BLUE", "GREEN", "ORANGE", "PURPLE"})
	if s == Nested {
		return e.one("Twitch", "Announcement", object{
			"msgId": uuid(e.ids), "color": by.colour, "message": text, "emotes": []emote{},
			"badges": withoutInfo(by.badges), "subscriber": by.subscribed(), "monthsSubscribed": by.months,
			"announcementColor": colour, "userId": by.id, "userName": by.login, "displayName": by.name,
			"role": by.role, "isTest": false,
		})
	}
	return e.one("Twitch", "Announcement", object{
		"text": text, "parts": []part{{Type: "text", Text: text}}, "user": twitchUserOf(by), "messageId": uuid(e.ids),
		"systemMessage": nil, "announcementColor": colour, "isTest": false,
	}.with(sharedFlags(s)))
}

var announcements = []string{
	"Raffle at nine, type !shells", "Be kind, the ducks read chat too", "Poll is open for the next game",
	"Merch at https://mossduck.example/shop", "Halfway there: stretch, drink, blink",
}

// watchStreak is a viewer who tells how many streams in a row they have seen.
func (e *Evening) watchStreak(s Shape) [][]byte {
	v := e.someone(twitch, func(v *viewer) bool { return v.visits >= 3 && e.spoke(v) && !v.streaked })
	if v == nil {
		v = e.invite(twitch, 1)
		v.newcomer, v.follower, v.visits = false, true, 3+e.what.IntN(9)
	}
	v.streaked = true
	text := strconv.Itoa(v.visits) + " in a row!"
	if s != Flat {
		return e.one("Twitch", "WatchStreak", object{
			"displayName": v.name, "watchStreak": v.visits, "message": text, "emotes": []emote{},
		})
	}
	return e.one("Twitch", "WatchStreak", object{
		"text": text, "parts": []part{{Type: "text", Text: text}}, "user": twitchUserOf(v), "messageId": uuid(e.ids),
		"systemMessage": v.name + " watched " + strconv.Itoa(v.visits) +
			" consecutive streams this month and sparked a watch streak!",
		"isTest": false, "streak_count": v.visits, "channel_points_awarded": 450,
	}.with(sharedFlags(Flat)))
}
