package evening

import "testing"

// hypeTrains says that every update adds what somebody really gave, and that levels rise.
func hypeTrains(t *testing.T, _ Options, frames []played) {
	var id string
	var total, level, ups int
	for i, p := range frames {
		switch p.kind {
		case "Twitch.HypeTrainStart":
			if id != "" {
				t.Errorf("train %s starts inside %s", p.str("id"), id)
			}
			id, total, level, ups = p.str("id"), p.num("total"), p.num("level"), 0
		case "Twitch.HypeTrainUpdate", "Twitch.HypeTrainLevelUp":
			added := p.num("total") - total
			if p.str("id") != id || added < 0 || p.num("level") < level {
				t.Errorf("%s after total %d at level %d", p.body, total, level)
			}
			who, points := p.str("last_contribution.user_id"), p.num("last_contribution.total")
			if added > 0 && added != points || !gave(frames[max(0, i-40):i], who, points) {
				t.Errorf("%s gave %d, total grows by %d", who, points, added)
			}
			if p.kind == "Twitch.HypeTrainLevelUp" {
				ups++
				if p.num("level") <= level {
					t.Errorf("up from level %d to %d", level, p.num("level"))
				}
			}
			total, level = p.num("total"), p.num("level")
		case "Twitch.HypeTrainEnd":
			if p.str("id") != id || p.num("total") != total || p.num("level") != level || ups == 0 {
				t.Errorf("%s ends %s with total %d at level %d after %d rises", p.body, id, total, level, ups)
			}
			if !parse(t, p.str("ended_at")).After(parse(t, p.str("started_at"))) {
				t.Errorf("ends before it starts: %s", p.body)
			}
			id = ""
			continue
		default:
			continue
		}
		if p.num("progress") >= p.num("goal") || levelOf(p.num("total")) != p.num("level") {
			t.Errorf("progress %d of %d at level %d, total %d", p.num("progress"), p.num("goal"), p.num("level"), p.num("total"))
		}
	}
	if id != "" {
		t.Errorf("train %s never ends", id)
	}
}

func levelOf(total int) int {
	level, _, _ := (&train{total: total}).reached()
	return level
}

// gave says that somebody cheered or paid for subscriptions of so many points.
func gave(frames []played, who string, points int) bool {
	for _, p := range frames {
		by := p.str("user.id", "userId", "message.userId")
		if by != who {
			continue
		}
		tier := p.num("subTier")
		if s := p.str("subTier", "sub_tier"); s != "" {
			tier = int(s[0] - '0')
		}
		each := map[int]int{0: 500, 1: 500, 2: 1000, 3: 2500}[tier]
		switch p.kind {
		case "Twitch.Cheer":
			if p.num("bits", "message.bits") == points {
				return true
			}
		case "Twitch.Sub", "Twitch.ReSub", "Twitch.GiftSub":
			if each == points {
				return true
			}
		case "Twitch.GiftBomb":
			if each*p.num("total", "gifts") == points {
				return true
			}
		}
	}
	return false
}

func redemptions(t *testing.T, _ Options, frames []played) {
	open := map[string]string{} // reward by redemption
	var last played
	counts := map[string]int{}
	for _, p := range frames {
		switch p.kind {
		case "Twitch.StreamOnline":
			counts = map[string]int{}
		case "Twitch.RewardRedemption":
			id, reward := p.str("redemptionId", "id"), p.str("reward.id")
			if _, again := open[id]; again || p.str("status") != "unfulfilled" {
				t.Errorf("redemption %s again or %q", id, p.str("status"))
			}
			open[id] = reward
			counts[reward]++
		case "Twitch.RewardRedemptionUpdated":
			id := p.str("redemptionId", "id")
			if open[id] == "" || open[id] != p.str("reward.id") {
				t.Errorf("redemption %s of %q is settled as of %q", id, open[id], p.str("reward.id"))
			}
			if s := p.str("status"); s != "fulfilled" && s != "canceled" {
				t.Errorf("status %q", s)
			}
			delete(open, id)
		case "Twitch.RewardUpdated":
			reward := p.str("id")
			if n := p.num("redemptions_redeemed_current_stream"); n >= 0 && n != counts[reward] {
				t.Errorf("reward %s says %d redemptions, want %d", reward, n, counts[reward])
			}
			if last.kind == "Twitch.RewardRedemption" && last.str("reward.id") != reward {
				t.Errorf("the state of %s follows a redemption of %s", reward, last.str("reward.id"))
			}
		}
		last = p
	}
	if len(open) > 0 {
		t.Errorf("%d redemptions are never settled", len(open))
	}
}

func votes(t *testing.T, _ Options, frames []played) {
	sums := map[string]int{}
	for _, p := range of(frames, "Twitch.PollCreated", "Twitch.PollUpdated", "Twitch.PollCompleted") {
		sum, best := 0, 0
		for _, c := range p.get("choices").([]any) {
			n := int(c.(map[string]any)["votes"].(float64))
			sum, best = sum+n, max(best, n)
		}
		before, known := sums[p.str("id")]
		if known != (p.kind != "Twitch.PollCreated") || known && sum <= before {
			t.Errorf("%s: from %d to %d votes", p.kind, before, sum)
		}
		if p.kind == "Twitch.PollCompleted" && p.num("winningChoice.votes") != best {
			t.Errorf("the winner has %d of at most %d", p.num("winningChoice.votes"), best)
		}
		sums[p.str("id")] = sum
	}
	kinds := []string{"Twitch.PredictionCreated", "Twitch.PredictionUpdated", "Twitch.PredictionLocked", "Twitch.PredictionCompleted"}
	bets := map[string]int{}
	for _, p := range of(frames, kinds...) {
		all := 0
		for _, o := range p.get("outcomes").([]any) {
			o := o.(map[string]any)
			points := 0
			top, _ := o["top_predictors"].([]any)
			for _, v := range top {
				points += int(v.(map[string]any)["channel_points_used"].(float64))
			}
			if points != int(o["channel_points"].(float64)) || len(top) != int(o["users"].(float64)) {
				t.Errorf("%v points of %v users, want %d of %d", o["channel_points"], o["users"], points, len(top))
			}
			all += points
		}
		if before, known := bets[p.str("id")]; known != (p.kind != kinds[0]) || all < before {
			t.Errorf("%s: from %d to %d points", p.kind, before, all)
		}
		bets[p.str("id")] = all
	}
	for id, points := range bets {
		if points == 0 {
			t.Errorf("nobody bets on %s", id)
		}
	}
}
