package evening

import "time"

// kickFollow is a new follower on Kick.
func (e *Evening) kickFollow(Shape) [][]byte {
	v := e.someone(kick, func(v *viewer) bool { return !v.follower && e.spoke(v) })
	if v == nil {
		v = e.invite(kick, 1)
	}
	v.follower = true
	return e.one("Kick", "Follow", object{
		"user": kickUserOf(v), "timestamp": e.platformTime().UTC().Format("2006-01-02T15:04:05.000Z"),
	})
}

// kickSub is a first subscription on Kick, kickResub another month.
func (e *Evening) kickSub(Shape) [][]byte {
	v := e.someone(kick, func(v *viewer) bool { return !v.subscribed() && v.past == 0 })
	if v == nil {
		v = e.invite(kick, 1)
	}
	v.subscribe("1000", false)
	return e.one("Kick", "Subscription", e.kickMonth(v))
}

func (e *Evening) kickResub(Shape) [][]byte {
	v := e.someone(kick, func(v *viewer) bool { return v.subscribed() && !v.gifted && !v.paid })
	if v == nil {
		v = e.invite(kick, 1)
		v.newcomer, v.follower, v.months = false, true, 1+e.what.IntN(8)
	}
	v.renew()
	return e.one("Kick", "Resubscription", e.kickMonth(v))
}

func (e *Evening) kickMonth(v *viewer) object {
	return object{"user": kickUserOf(v), "duration": v.months, "isTest": false}.with(e.kickTerm())
}

// kickTerm is the month that was paid for.
func (e *Evening) kickTerm() object {
	from := e.platformTime().UTC().Truncate(time.Second)
	return object{
		"subscribedAt": from.Format(time.RFC3339), "expiresAt": from.AddDate(0, 1, 0).Format(time.RFC3339),
	}
}

// kickGift is one subscription for somebody else, kickGifts several at once: Kick tells them in one
// event.
func (e *Evening) kickGift(Shape) [][]byte {
	giver := e.talker(kick)
	if giver == nil {
		return nil
	}
	return e.one("Kick", "GiftSubscription", e.kickGiven(giver).with(object{"recipient": e.kickReceiver(giver)}))
}

func (e *Evening) kickGifts(Shape) [][]byte {
	giver := e.talker(kick)
	if giver == nil {
		return nil
	}
	to := []kickUser{}
	for range 2 + e.what.IntN(2) {
		to = append(to, e.kickReceiver(giver))
	}
	return e.one("Kick", "MassGiftSubscription", e.kickGiven(giver).with(object{"recipients": to}))
}

func (e *Evening) kickGiven(giver *viewer) object {
	return object{"user": kickUserOf(giver), "isAnonymous": false, "isTest": false}.with(e.kickTerm())
}

// kickReceiver gives a subscription to somebody who has none, and tells how the person was before.
func (e *Evening) kickReceiver(giver *viewer) kickUser {
	to := e.someone(kick, func(v *viewer) bool { return !v.subscribed() && v != giver })
	if to == nil {
		to = e.invite(kick, 0)
	}
	before := kickUserOf(to)
	to.subscribe("1000", true)
	return before
}

// kickUpdate tells title and category on Kick.
func (e *Evening) kickUpdate() [][]byte {
	if !e.opt.Kick {
		return nil
	}
	return e.one("Kick", "ChannelUpdate", object{
		"title": e.title, "category": object{"id": e.category.id, "name": e.category.name},
	})
}

func (e *Evening) kickOnline(Shape) [][]byte {
	return e.one("Kick", "StreamOnline", object{"title": e.title, "startedAt": utcStamp(e.platformTime())})
}

func (e *Evening) kickOffline(Shape) [][]byte { return e.one("Kick", "StreamOffline", object{}) }

// kickCount tells how many watch on Kick.
func (e *Evening) kickCount(Shape) [][]byte {
	return e.one("Kick", "ViewerCountUpdate", object{"viewerCount": 3 + e.viewers/20})
}
