package evening

import (
	"strconv"
	"strings"
)

// subPoints is what a month of each tier weighs in a hype train (recorded).
var subPoints = map[string]int{"1000": 500, "2000": 1000, "3000": 2500}

// notice is what the subscription family's frames of 0.2.5 and later have in common.
func (e *Evening) notice(v *viewer, system string) object {
	return object{"user": twitchUserOf(v), "messageId": uuid(e.ids), "systemMessage": system, "isTest": false}
}

// oldNotice is the same before 0.2.5.
func oldNotice(v *viewer, message string) object {
	return object{
		"color": v.colour, "emotes": []emote{}, "badges": withoutInfo(v.badges), "message": message,
		"userId": v.id, "userName": v.login, "displayName": v.name, "role": v.role, "isTest": false,
	}
}

// oldTier is a tier as servers before 0.2.5 number it: 0 is Prime.
func oldTier(tier string, prime bool) int {
	if prime {
		return 0
	}
	return int(tier[0] - '0')
}

func tierName(tier string, prime bool) string {
	if prime {
		return "with Prime"
	}
	return "at Tier " + tier[:1]
}

// firstSub, primeSub and bigSub are first subscriptions: with money, with Prime, of an upper tier.
func firstSub(e *Evening, s Shape) [][]byte { return e.subscribe(s, "1000", false) }
func primeSub(e *Evening, s Shape) [][]byte { return e.subscribe(s, "1000", true) }
func bigSub(e *Evening, s Shape) [][]byte {
	return e.subscribe(s, pick(e.what, []string{"2000", "3000"}), false)
}

func (e *Evening) subscribe(s Shape, tier string, prime bool) [][]byte {
	v := e.someone(twitch, func(v *viewer) bool { return !v.subscribed() && v.past == 0 && e.spoke(v) })
	if v == nil {
		v = e.invite(twitch, 1)
	}
	if v.pin == "" && prime {
		v.pin = "premium"
	}
	v.subscribe(tier, false)
	e.contribute(v, "subscription", subPoints[tier])
	if s == Nested {
		return e.one("Twitch", "Sub", oldNotice(v, "").with(object{"subTier": oldTier(tier, prime)}))
	}
	return e.one("Twitch", "Sub", e.notice(v, v.name+" subscribed "+tierName(tier, prime)+".").with(object{
		"sub_tier": tier, "is_prime": prime, "duration_months": 1,
	}))
}

// resub is another month of a subscriber who has not paid yet this evening, mostly with a message.
func (e *Evening) resub(s Shape) [][]byte {
	v := e.someone(twitch, func(v *viewer) bool { return v.subscribed() && !v.gifted && !v.paid })
	if v == nil {
		v = e.returning()
	}
	v.renew()
	prime := v.tier == "1000" && v.pin == "premium"
	e.contribute(v, "subscription", subPoints[v.tier])
	said := e.decorate([]segment{{text: pick(e.what, renewals)}}, emotesOf[twitch])
	if e.what.IntN(4) == 0 {
		said = nil
	}
	if s == Nested {
		return e.one("Twitch", "ReSub", oldNotice(v, plain(said)).with(object{
			"cumulativeMonths": v.months, "shareStreak": v.streak > 0, "streakMonths": v.streak,
			"subTier": oldTier(v.tier, prime),
		}))
	}
	return e.one("Twitch", "ReSub", e.notice(v, resubText(v, prime)).with(object{
		"cumulativeMonths": v.months, "durationMonths": 1, "streakMonths": v.streak, "subTier": v.tier,
		"isPrime": prime, "isGift": false, "gifterIsAnonymous": false,
		"text": plain(said), "parts": twitchParts(said),
	}))
}

// returning is a subscriber who was away for a while.
func (e *Evening) returning() *viewer {
	v := e.invite(twitch, 1)
	v.newcomer, v.follower = false, true
	v.months, v.tier, v.streak = 2+e.what.IntN(30), "1000", 0
	v.wear()
	return v
}

func resubText(v *viewer, prime bool) string {
	var b strings.Builder
	b.WriteString(v.name + " subscribed " + tierName(v.tier, prime) + ". They've subscribed for " + months(v.months))
	if v.streak > 0 {
		b.WriteString(", currently on a " + strconv.Itoa(v.streak) + " month streak")
	}
	b.WriteString("!")
	return b.String()
}

func months(n int) string {
	if n == 1 {
		return "1 month"
	}
	return strconv.Itoa(n) + " months"
}

var renewals = []string{
	"another month by the fire", "still here, still wet", "for the ducks", "take my shells", "best harbour on the coast",
	"I forgot to cancel and I'm glad", "time flies when you're fishing",
}
