package evening

import (
	"strings"
	"testing"
)

func follows(t *testing.T, _ Options, frames []played) {
	regular := map[string]bool{Streamer().TwitchID: true, Streamer().BotTwitchID: true, Streamer().YouTubeID: true}
	for _, v := range relays {
		regular[v.id] = true
	}
	seen := map[string]bool{}
	for _, p := range of(frames, "Twitch.Follow", "YouTube.NewSubscriber", "Kick.Follow", "Trovo.Follow") {
		who := p.str("user_id", "targetUser.id", "userId", "user.id")
		if who == "" || seen[who] || regular[who] {
			t.Errorf("%q follows, again %t, one of ours %t", who, seen[who], regular[who])
		}
		seen[who] = true
	}
}

// monthsCountOn says that whoever renews has one month more than was seen before, and that streaks are
// no longer than all months.
func monthsCountOn(t *testing.T, _ Options, frames []played) {
	known := map[string]int{} // months, from the frames before
	paid := map[string]bool{}
	compared := 0
	for _, p := range frames {
		if l, ok := p.line(); ok && l.months >= 0 {
			known[l.by] = l.months
		}
		who, id := p.str("userId", "user.id"), ""
		switch p.kind {
		case "Twitch.Sub", "Kick.Subscription":
			if n := known[who]; n > 0 {
				t.Errorf("%s subscribes for the first time after %d months", who, n)
			}
			known[who], id = 1, who
		case "Twitch.ReSub", "YouTube.MemberMileStone", "Kick.Resubscription":
			months := p.num("cumulativeMonths", "months", "user.monthsSubscribed")
			if before, ok := known[who]; ok {
				compared++
				if months != before+1 {
					t.Errorf("%s renews for month %d after %d", who, months, before)
				}
			}
			if months < 2 || months > 70 || p.num("streakMonths") > months {
				t.Errorf("%d months, %d in a row", months, p.num("streakMonths"))
			}
			known[who], id = months, who
		}
		key := id + string(rune('0'+p.evening))
		if id != "" && paid[key] {
			t.Errorf("%s pays twice in an evening", id)
		}
		paid[key] = true
	}
	if compared == 0 {
		t.Error("nobody renewed whose months were known")
	}
}

func subscribedSoFar(p played, subscribed map[string]bool) {
	if l, ok := p.line(); ok && l.months >= 0 {
		subscribed[l.by] = l.months > 0
	}
}

// bombs are followed by a gift for each recipient, who had no subscription.
func bombs(t *testing.T, o Options, frames []played) {
	subscribed := map[string]bool{}
	evening := 0
	waiting := map[string]map[string]bool{} // recipients that a bomb still owes
	old := 0                                // gifts owed by bombs of old servers, which name nobody
	for _, p := range frames {
		if p.evening != evening { // gifts lapse
			evening, subscribed = p.evening, map[string]bool{}
		}
		subscribedSoFar(p, subscribed)
		switch p.kind {
		case "Twitch.GiftBomb":
			if p.get("gifts") != nil {
				old += p.num("gifts")
				continue
			}
			owed := recipients(t, p, subscribed)
			waiting[p.str("id")] = owed
		case "Twitch.GiftSub":
			to := p.str("recipient.id", "recipientUserId")
			bomb, fromBomb := p.str("communityGiftId"), p.get("fromCommunitySubGift") == true
			switch {
			case p.get("fromSubBomb") == true:
				old--
			case fromBomb != (bomb != ""):
				t.Errorf("a gift from bomb %q says %t", bomb, fromBomb)
			case fromBomb && !waiting[bomb][to]:
				t.Errorf("bomb %s owes %s nothing", bomb, to)
			case fromBomb:
				delete(waiting[bomb], to)
			case subscribed[to]:
				t.Errorf("%s has a subscription already", to)
			}
			subscribed[to] = true
		}
	}
	for id, owed := range waiting {
		if len(owed) > 0 {
			t.Errorf("bomb %s still owes %v", id, sorted(owed))
		}
	}
	if old != 0 {
		t.Errorf("old bombs owe %d gifts", old)
	}
}

// recipients of a bomb have a subscription from now on, and had none before.
func recipients(t *testing.T, bomb played, subscribed map[string]bool) map[string]bool {
	owed := map[string]bool{}
	for _, r := range bomb.get("recipients").([]any) {
		id := r.(map[string]any)["id"].(string)
		if subscribed[id] {
			t.Errorf("%s has a subscription already", id)
		}
		owed[id], subscribed[id] = true, true
	}
	if len(owed) != bomb.num("total") || len(bomb.str("id")) < 19 {
		t.Errorf("bomb %s of %d for %d people", bomb.str("id"), bomb.num("total"), len(owed))
	}
	return owed
}

// giftTotals says that what somebody has given in all grows by what is given.
func giftTotals(t *testing.T, _ Options, frames []played) {
	given := map[string]int{}
	for _, p := range of(frames, "Twitch.GiftBomb", "Twitch.GiftSub") {
		who := p.str("user.id", "userId")
		switch {
		case p.kind == "Twitch.GiftBomb":
			given[who] += p.num("total", "gifts")
			if got := p.num("cumulative_total", "totalGifts"); got != given[who] {
				t.Errorf("%s has given %d, says %d", who, given[who], got)
			}
		case p.get("fromCommunitySubGift") == true || p.get("fromSubBomb") == true:
		default:
			given[who]++
			if got := p.num("cumlativeTotal", "totalSubsGifted"); got != given[who] {
				t.Errorf("%s has given %d, says %d", who, given[who], got)
			}
		}
	}
}

// passedOn says that who passes a gift on got it from the one named, and then gives one.
func passedOn(t *testing.T, _ Options, frames []played) {
	givers := map[string]map[string]bool{} // of each recipient
	debtor := ""
	for _, p := range of(frames, "Twitch.GiftSub", "Twitch.PayItForward") {
		who := p.str("user.id", "userId")
		if p.kind == "Twitch.PayItForward" {
			if from := p.str("gifterUser.id"); !givers[who][from] {
				t.Errorf("%s never got a gift from %s", who, from)
			}
			debtor = who
			continue
		}
		to := p.str("recipient.id", "recipientUserId")
		if givers[to] == nil {
			givers[to] = map[string]bool{}
		}
		givers[to][who] = true
		if who == debtor {
			debtor = ""
		}
	}
	if debtor != "" {
		t.Errorf("%s passes nothing on", debtor)
	}
}

func membershipGifts(t *testing.T, _ Options, frames []played) {
	owed, giver := 0, ""
	for _, p := range of(frames, "YouTube.MembershipGift", "YouTube.GiftMembershipReceived") {
		if p.kind == "YouTube.MembershipGift" {
			if owed != 0 {
				t.Errorf("%d gifts missing", owed)
			}
			owed, giver = p.num("count"), p.str("user.id")
			continue
		}
		owed--
		if p.str("gifter.id") != giver || p.str("user.id") == giver {
			t.Errorf("from %s to %s, want from %s", p.str("gifter.id"), p.str("user.id"), giver)
		}
	}
	if owed != 0 {
		t.Errorf("%d gifts missing", owed)
	}
}

// raids bring newcomers who speak at once.
func raids(t *testing.T, _ Options, frames []played) {
	for i, p := range frames {
		if p.kind != "Twitch.Raid" {
			continue
		}
		raider := p.str("from_broadcaster_user_name", "displayName")
		greeted := map[string]bool{}
		for _, q := range frames[i+1 : min(len(frames), i+120)] {
			if l, ok := q.line(); ok && q.kind == "Twitch.FirstWord" && l.first && strings.Contains(l.text, raider) {
				greeted[l.by] = true
			}
		}
		if len(greeted) < 6 {
			t.Errorf("%d people came with %s", len(greeted), raider)
		}
		if n := p.num("viewers", "viewerCount"); n < 10 || n > 500 {
			t.Errorf("a raid of %d", n)
		}
	}
}
