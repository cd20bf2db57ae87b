package evening

import "time"

// follow is a new follower: someone in chat who does not follow yet, or somebody who only watches.
// People who were here before follow already, so nobody does it twice.
func (e *Evening) follow(s Shape) [][]byte {
	v := e.someone(twitch, func(v *viewer) bool { return !v.follower && e.spoke(v) })
	if v == nil || e.what.IntN(2) == 0 {
		v = e.invite(twitch, 0)
	}
	v.follower = true
	if s == Flat {
		return e.one("Twitch", "Follow", object{"targetUser": identity(v), "isTest": false})
	}
	// Recorded follows are stamped before Twitch says they happened: the PC's clock is behind.
	data := named("user_", v).with(object{"followed_at": utcStamp(e.at.Add(behind))})
	if s == Both {
		data["is_test"] = false
	}
	return e.one("Twitch", "Follow", data)
}

// behind is how far the PC's clock is behind Twitch's.
const behind = 130 * time.Millisecond
