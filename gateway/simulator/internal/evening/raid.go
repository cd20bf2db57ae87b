package evening

import "strconv"

// raid is another channel's audience coming in: the raider first, then newcomers who say hello.
func (e *Evening) raid(s Shape) [][]byte {
	raider := e.invite(twitch, 1)
	party := 15 + e.what.IntN(180)
	e.viewers += party
	e.pulse.burst(40)
	for i := range 6 + e.what.IntN(5) {
		e.later(1+2*i, func(e *Evening) [][]byte { return e.speak(e.greeting(e.invite(twitch, 1), raider)) })
	}
	if s == Nested {
		return e.one("Twitch", "Raid", object{
			"viewerCount": party, "profileImage": "https://avatars.example/" + raider.login + ".png",
			"userId": raider.id, "userName": raider.login, "displayName": raider.name, "role": raider.role,
			"isTest": false,
		})
	}
	return e.one("Twitch", "Raid", raidData(raider, broadcaster(), party))
}

func raidData(from, to *viewer, party int) object {
	return named("from_broadcaster_user_", from).with(named("to_broadcaster_user_", to)).
		with(object{"viewers": party, "is_test": false})
}

func (e *Evening) greeting(by, raider *viewer) line {
	l := e.newLine(by)
	l.segments = e.decorate([]segment{{text: pick(e.what, greetings) + raider.name}}, emotesOf[twitch])
	return l
}

var greetings = []string{"RAID from ", "hello from the raid of ", "we come in peace with ", "🦆 raiders of ", "hi chat! here with "}

// raidOut sends the audience to a friend at the end: the start with its countdown, then the raid.
func (e *Evening) raidOut(s Shape) [][]byte {
	friend := e.invite(twitch, 0)
	party := max(3, e.viewers-e.what.IntN(10))
	e.later(3, func(e *Evening) [][]byte {
		return e.one("Twitch", "RaidSend", raidData(broadcaster(), friend, party))
	})
	l := e.newLine(e.moderator(twitch))
	l.segments = []segment{{text: "we go over to " + friend.name + " with " + strconv.Itoa(party) + " friends, behave!"}}
	e.later(1, func(e *Evening) [][]byte { return e.speak(l) })
	return e.one("Twitch", "RaidStart", named("user_", friend).with(named("moderator_user_", broadcaster())).with(object{
		"viewer_count": party, "created_at": utcStamp(e.platformTime()), "is_test": false,
	}))
}
