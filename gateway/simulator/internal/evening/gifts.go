package evening

import (
	"math/rand/v2"
	"strconv"
)

// gift is one subscription for one viewer.
func (e *Evening) gift(s Shape) [][]byte {
	giver := e.talker(twitch)
	if giver == nil {
		return nil
	}
	return [][]byte{e.giftBy(s, giver)}
}

// giftBy gives somebody's subscription to a viewer without one.
func (e *Evening) giftBy(s Shape, giver *viewer) []byte {
	giver.gifts++
	giver.wear()
	to := e.receivers(giver, 1)[0]
	to.subscribe("1000", true)
	e.contribute(giver, "subscription", subPoints["1000"])
	return e.giftFrame(s, giver, to, nil)
}

// payForward is somebody with a gift who gives one too.
func (e *Evening) payForward(s Shape) [][]byte {
	v := e.someone(twitch, func(v *viewer) bool { return v.giver != nil })
	if v == nil {
		return nil
	}
	e.later(1, func(e *Evening) [][]byte { return [][]byte{e.giftBy(s, v)} })
	return e.one("Twitch", "PayItForward", e.notice(v, v.name+" is paying forward the Gift they got to the community!").with(object{
		"gifter_is_anonymous": false, "gifterUser": identity(v.giver),
	}))
}

// bomb is a number of subscriptions for the community at once.
type bomb struct {
	id    string
	giver *viewer
	to    []*viewer
	tier  string
	shape Shape
	given int // by the giver in all, with these
}

// smallBomb and bigBomb are gift bombs of usual sizes.
func smallBomb(e *Evening, s Shape) [][]byte { return e.explode(s, 5) }
func bigBomb(e *Evening, s Shape) [][]byte   { return e.explode(s, 10) }

// explode gives the bomb, and plans a gift for each recipient behind it.
func (e *Evening) explode(s Shape, n int) [][]byte {
	giver := e.talker(twitch)
	if giver == nil {
		return nil
	}
	giver.gifts += n
	giver.wear()
	b := &bomb{
		id: bigNumber(e.ids), giver: giver, to: e.receivers(giver, n), tier: "1000", shape: s,
		given: giver.gifts,
	}
	e.pulse.burst(3 * n)
	frame := e.bombFrame(b)
	for i, to := range b.to {
		to.subscribe(b.tier, true)
		e.later(1+i, func(e *Evening) [][]byte { return [][]byte{e.giftFrame(s, giver, to, b)} })
	}
	e.contribute(giver, "subscription", n*subPoints[b.tier])
	return [][]byte{frame}
}

// receivers are viewers without a subscription; where they are too few, people who only watch.
func (e *Evening) receivers(giver *viewer, n int) []*viewer {
	free := e.there(func(v *viewer) bool {
		return v.platform == twitch && !v.subscribed() && !v.silenced && v != giver
	})
	e.what.Shuffle(len(free), func(i, k int) { free[i], free[k] = free[k], free[i] })
	for len(free) < n {
		free = append(free, e.invite(twitch, 0))
	}
	return free[:n]
}

func (e *Evening) bombFrame(b *bomb) []byte {
	if b.shape == Nested {
		return e.frame("Twitch", "GiftBomb", oldNotice(b.giver, "").with(object{
			"isAnonymous": false, "gifts": len(b.to), "totalGifts": b.given, "subTier": oldTier(b.tier, false),
		}))
	}
	people := make([]twitchIdentity, len(b.to))
	for i, v := range b.to {
		people[i] = identity(v)
	}
	text := b.giver.name + " is gifting " + strconv.Itoa(len(b.to)) + " Tier " + b.tier[:1] + " Subs to " +
		Streamer().Name + "'s community! They've gifted a total of " + strconv.Itoa(b.given) + " in the channel!"
	return e.frame("Twitch", "GiftBomb", e.notice(b.giver, text).with(object{
		"id": b.id, "total": len(b.to), "cumulative_total": b.given, "sub_tier": b.tier, "recipients": people,
	}))
}

// giftFrame is one gift; b is the bomb it comes from, or nil.
func (e *Evening) giftFrame(s Shape, giver, to *viewer, b *bomb) []byte {
	to.giver = giver // known from now on, and not when the bomb went off
	if s == Nested {
		count := 0
		if b != nil {
			count = len(b.to)
		}
		return e.frame("Twitch", "GiftSub", oldNotice(giver, "").with(object{
			"isAnonymous": false, "totalSubsGifted": giver.gifts, "cumulativeMonths": to.months, "monthsGifted": 1,
			"fromSubBomb": b != nil, "subBombCount": count, "recipientUserId": to.id,
			"recipientUsername": to.login, "recipientDisplayName": to.name, "subTier": oldTier(to.tier, false),
		}))
	}
	data := e.notice(giver, giver.name+" gifted a Tier 1 sub to "+to.name+"!").with(object{
		"durationMonths": 1, "cumlativeTotal": giver.gifts, "recipient": identity(to), "subTier": to.tier,
		"fromCommunitySubGift": b != nil, "randomCommunitySubGift": b != nil,
		"communitySubGiftCount": 0, "communitySubGiftCumulativeTotal": 0,
	})
	if b != nil {
		data["communityGiftId"] = b.id
		data["communitySubGiftCount"], data["communitySubGiftCumulativeTotal"] = len(b.to), b.given
	}
	return e.frame("Twitch", "GiftSub", data)
}

// bigNumber is an id of up to 20 digits, more than a double holds (recorded).
func bigNumber(r *rand.Rand) string {
	return strconv.FormatUint(1<<60+r.Uint64N(1<<63), 10)
}
