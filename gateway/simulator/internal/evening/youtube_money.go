package evening

import (
	"strconv"
	"time"
)

// youTubeEvent gives an event from YouTube's chat by one person. Servers before 0.2.5 leave the
// broadcast out.
func (e *Evening) youTubeEvent(s Shape, kind string, by *viewer, more object) [][]byte {
	data := object{
		"eventId": eventID(e.ids), "user": youTubeUserOf(by),
		"publishedAt": microStamp(e.at.Add(-time.Second - time.Duration(e.ids.IntN(1700))*time.Millisecond)),
	}
	if s != Nested {
		data["broadcast"] = &e.show
	}
	return e.one("YouTube", kind, data.with(more))
}

// price is an amount of money the way YouTube tells it.
type price struct {
	currency, sign string
	cents          int
	tier           int
}

var prices = []price{{"USD", "$", 200, 1}, {"EUR", "€", 500, 2}, {"USD", "$", 1000, 3}, {"GBP", "£", 2000, 4}}

func (e *Evening) price() object {
	p := prices[e.what.IntN(len(prices))]
	return object{
		"currencyCode": p.currency, "microAmount": p.cents * 10000, "amount": p.sign + decimal(p.cents), "tier": p.tier,
	}
}

// decimal is an amount of hundredths as text, e.g. "5.00".
func decimal(cents int) string {
	text := strconv.Itoa(cents % 100)
	if len(text) < 2 {
		text = "0" + text
	}
	return strconv.Itoa(cents/100) + "." + text
}

// superChat is a paid line; some say nothing with it, and then it has no message (recorded).
func (e *Evening) superChat(s Shape) [][]byte {
	by := e.talker(youTube)
	if by == nil {
		return nil
	}
	data := e.price()
	if e.what.IntN(4) != 0 {
		data["message"] = e.sentence()
	}
	return e.youTubeEvent(s, "SuperChat", by, data)
}

func (e *Evening) superSticker(s Shape) [][]byte {
	by := e.talker(youTube)
	if by == nil {
		return nil
	}
	return e.youTubeEvent(s, "SuperSticker", by, e.price().with(object{
		"sticker": object{"altText": "A duck that waves", "imageUrl": "https://yt-stickers.example/duck.png"},
	}))
}

// levels of membership.
const duckling = "Duckling"

// sponsor is a new member. The frame shows the person as a member already (recorded).
func (e *Evening) sponsor(s Shape) [][]byte {
	by := e.someone(youTube, func(v *viewer) bool { return !v.subscribed() && v.past == 0 && e.spoke(v) })
	if by == nil {
		by = e.invite(youTube, 1)
	}
	by.subscribe("1000", false)
	return e.youTubeEvent(s, "NewSponsor", by, object{"levelName": duckling, "isUpgrade": false})
}

func (e *Evening) milestone(s Shape) [][]byte {
	by := e.someone(youTube, func(v *viewer) bool { return v.subscribed() && !v.gifted && !v.paid })
	if by == nil {
		by = e.invite(youTube, 1)
		by.newcomer, by.months = false, 1+e.what.IntN(12)
	}
	by.renew()
	return e.youTubeEvent(s, "MemberMileStone", by, object{
		"months": by.months, "levelName": duckling, "message": pick(e.what, renewals),
	})
}

// memberships are gifts on YouTube: one event of the giver, then one for each recipient.
func (e *Evening) memberships(s Shape) [][]byte {
	giver := e.talker(youTube)
	if giver == nil {
		return nil
	}
	n := 2 + e.what.IntN(3)
	e.pulse.burst(2 * n)
	given := youTubeUserOf(giver)
	for i := range n {
		e.later(1+i, func(e *Evening) [][]byte {
			to := e.someone(youTube, func(v *viewer) bool { return !v.subscribed() && v != giver })
			if to == nil {
				to = e.invite(youTube, 0)
			}
			to.subscribe("1000", true)
			return e.youTubeEvent(s, "GiftMembershipReceived", to, object{"tier": duckling, "gifter": given})
		})
	}
	return e.youTubeEvent(s, "MembershipGift", giver, object{"count": n, "tier": duckling})
}

// jewels are YouTube's gifts for jewels (community, since 1.0.5).
func (e *Evening) jewels(s Shape) [][]byte {
	by := e.talker(youTube)
	if by == nil {
		return nil
	}
	return e.youTubeEvent(s, "JewelsGifted", by, object{
		"name": "Rubber duck", "comboCount": 1, "jewelsAmount": 25, "duration": object{"seconds": 5},
		"url": "https://yt-gifts.example/rubber-duck.webp",
	})
}
