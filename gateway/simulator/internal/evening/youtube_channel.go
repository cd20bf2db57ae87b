package evening

import "time"

// broadcastStarted tells of the broadcast, and broadcastEnded, without any data (section 4.6), of its end.
func (e *Evening) broadcastStarted(Shape) [][]byte {
	return e.one("YouTube", "BroadcastStarted", object{
		"id": e.show.ID, "channelId": e.show.ChannelID, "title": e.show.Title, "description": e.show.Description,
		"privacy": e.show.Privacy, "publishedAt": e.show.PublishedAt,
	})
}

func (e *Evening) broadcastEnded(Shape) [][]byte { return e.one("YouTube", "BroadcastEnded", object{}) }

// statistics are YouTube's counts, which grow.
func (e *Evening) statistics(s Shape) [][]byte {
	e.likes += e.what.IntN(9)
	e.views += 10 + e.what.IntN(60)
	data := object{
		"likeCount": e.likes, "dislikeCount": 0, "viewCount": e.views, "commentCount": 0, "favoriteCount": 0,
	}
	if s != Nested {
		data["broadcast"], data["concurrentViewers"] = &e.show, 20+e.viewers/2
	}
	return e.one("YouTube", "StatisticsUpdated", data)
}

// newSubscriber is YouTube's follower, told without an event id (recorded).
func (e *Evening) newSubscriber(Shape) [][]byte {
	v := e.someone(youTube, func(v *viewer) bool { return !v.follower && e.spoke(v) })
	if v == nil {
		v = e.invite(youTube, 0)
	}
	v.follower = true
	return e.one("YouTube", "NewSubscriber", object{
		"createdAt": utcStamp(e.at.Add(-time.Millisecond)), "username": v.name, "userId": v.id, "avatar": v.avatar, "isTest": false,
	})
}

// hide silences whoever spoke last on YouTube: since 1.0.5 for good, before for five minutes.
func (e *Evening) hide(s Shape) [][]byte {
	line, ok := e.lastLine(youTube)
	if !ok {
		return nil
	}
	v := line.by
	mod := e.moderator(youTube)
	v.silenced = true
	if s == Flat {
		return e.youTubeEvent(s, "UserBanned", mod, object{
			"targetUser": youTubeUserOf(v), "banType": "permanent", "duration": 0,
		})
	}
	e.later(30, func(*Evening) [][]byte { v.silenced = false; return nil })
	return e.youTubeEvent(s, "UserBanned", mod, object{
		"bannedUser": youTubeUserOf(v), "banType": "temporary", "duration": 300,
	})
}

// retract takes a line on YouTube away; its event id is the line's.
func (e *Evening) retract(s Shape) [][]byte {
	line, ok := e.lastLine(youTube)
	if !ok {
		return nil
	}
	e.forget(line.id)
	return e.youTubeEvent(s, "MessageDeleted", line.by, object{"eventId": line.id})
}
