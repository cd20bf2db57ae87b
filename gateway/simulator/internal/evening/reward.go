package evening

import (
	"math/rand/v2"
	"time"
)

// reward is a custom reward for channel points.
type reward struct {
	id, title, prompt string
	cost              int
	input             bool // asks for a text
	perStream         int  // 0 is without limit
	perUser           int
	cooldown          int // seconds
	redeemed          int // this stream
	counter           int // ever
	by                map[string]int
	ready             time.Time // when the cooldown is over
}

func newRewards(r *rand.Rand) []*reward {
	rewards := []*reward{
		{title: "Name a duck", cost: 2000, prompt: "One name, be kind", input: true, perStream: 12, perUser: 2},
		{title: "Hydrate!", cost: 300, prompt: "Water, now"},
		{title: "Foghorn", cost: 800, cooldown: 20},
		{title: "Ask the ferryman", cost: 500, prompt: "What do you want to know?", input: true},
	}
	for _, w := range rewards {
		w.id = uuid(r)
	}
	return rewards
}

// limited says that Twitch tells the reward's state after each redemption.
func (w *reward) limited() bool { return w.perStream > 0 || w.cooldown > 0 }

// newStream takes the counts of the last stream back.
func (w *reward) newStream() {
	w.redeemed, w.ready, w.by = 0, time.Time{}, map[string]int{}
}

// free says that a viewer can have the reward now.
func (w *reward) free(v *viewer, now time.Time) bool {
	switch {
	case w.perStream > 0 && w.redeemed >= w.perStream, w.perUser > 0 && w.by[v.id] >= w.perUser:
		return false
	default:
		return w.cooldown == 0 || now.After(w.ready)
	}
}

// limitedReward redeems the reward with limits, anyReward any that is free.
func limitedReward(e *Evening, s Shape) [][]byte { return e.redeem(s, e.rewards[:1]) }
func anyReward(e *Evening, s Shape) [][]byte     { return e.redeem(s, e.rewards) }

// redeem gives the redemption and, for a reward with limits, the reward's new state in the same
// moment. What became of it follows later.
func (e *Evening) redeem(s Shape, among []*reward) [][]byte {
	v, w := e.talker(twitch), among[e.what.IntN(len(among))]
	if v == nil || !w.free(v, e.at) {
		return nil
	}
	if w.by == nil {
		w.by = map[string]int{}
	}
	w.redeemed++
	w.counter++
	w.by[v.id]++
	w.ready = e.at.Add(time.Duration(w.cooldown) * time.Second)
	input := ""
	if w.input {
		input = pick(e.what, things) + " the " + pick(e.what, moods)
	}
	data := e.redemption(s, v, w, input)
	frames := e.one("Twitch", "RewardRedemption", data)
	if w.limited() {
		frames = append(frames, e.frame("Twitch", "RewardUpdated", w.state(e.at)))
	}
	e.later(8+e.what.IntN(20), func(e *Evening) [][]byte {
		status := "fulfilled"
		if e.what.IntN(5) == 0 {
			status = "canceled"
		}
		return e.one("Twitch", "RewardRedemptionUpdated", data.with(object{"status": status}))
	})
	return frames
}

// redemption is a redemption's data: in the recorded form, and since 1.0.5 in that of the vendor's
// schema (section 4.3).
func (e *Evening) redemption(s Shape, v *viewer, w *reward, input string) object {
	short := object{"id": w.id, "title": w.title, "cost": w.cost, "prompt": w.prompt}
	at := utcStamp(e.platformTime())
	if s == Flat {
		return object{
			"redemptionId": uuid(e.ids), "user": identity(v), "userInput": input, "status": "unfulfilled",
			"createdAt": at, "counter": w.counter, "isTest": false,
			"reward": short.with(object{
				"requiresUserInput": w.input, "globalCooldown": w.cooldown,
				"maxPerStream": w.perStream, "maxPerUserPerStream": w.perUser,
			}),
		}
	}
	data := named("user_", v).with(object{
		"id": uuid(e.ids), "user_input": input, "status": "unfulfilled", "reward": short,
	})
	if s == Both {
		data["redeemed_at"] = at
	}
	return data
}

// state is EventSub's object of a reward.
func (w *reward) state(now time.Time) object {
	o := object{
		"id": w.id, "is_enabled": true, "is_paused": false, "is_in_stock": w.perStream == 0 || w.redeemed < w.perStream,
		"title": w.title, "cost": w.cost, "prompt": w.prompt, "is_user_input_required": w.input,
		"should_redemptions_skip_request_queue": false,
		"max_per_stream":                        object{"is_enabled": w.perStream > 0, "value": w.perStream},
		"max_per_user_per_stream":               object{"is_enabled": w.perUser > 0, "value": w.perUser},
		"global_cooldown":                       object{"is_enabled": w.cooldown > 0, "seconds": w.cooldown},
		"background_color":                      "#2FA36B",
		"default_image": object{
			"url_1x": "https://rewards.example/default-1.png", "url_2x": "https://rewards.example/default-2.png",
			"url_4x": "https://rewards.example/default-4.png",
		},
	}
	if w.perStream > 0 {
		o["redemptions_redeemed_current_stream"] = w.redeemed
	}
	if w.ready.After(now) {
		o["cooldown_expires_at"] = w.ready.UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	return o
}

// restock is the limited reward's state when a stream begins (recorded).
func (e *Evening) restock(Shape) [][]byte {
	return e.one("Twitch", "RewardUpdated", e.rewards[0].state(e.at))
}

// automatic is one of Twitch's own rewards: an emote for a while.
func (e *Evening) automatic(s Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	name := pick(e.what, emotesOf[twitch][:5])
	unlocked := object{"id": "emotesv2_" + emoteID(name), "name": name, "imageUrl": emoteURL(emoteID(name))}
	kind, cost := "random_sub_emote_unlock", 320
	if e.what.IntN(2) == 0 {
		kind, cost = "chosen_sub_emote_unlock", 480
	}
	return [][]byte{e.automaticFrame(s, v, automatic{kind: kind, cost: cost, emote: unlocked})}
}

// highlight is a line that somebody paid points to have highlighted, with the redemption behind it.
func (e *Evening) highlight(s Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	l := e.newLine(v)
	l.shape, l.reward, l.segments = s, true, []segment{{text: e.sentence()}}
	frames := e.speak(l)
	return append(frames, e.automaticFrame(s, v, automatic{
		kind: "send_highlighted_message", cost: 200, text: plain(l.segments),
	}))
}

type automatic struct {
	kind  string
	cost  int
	text  string
	emote object
}

func (e *Evening) automaticFrame(s Shape, v *viewer, a automatic) []byte {
	id, at := uuid(e.ids), utcStamp(e.platformTime())
	if s == Flat {
		data := object{
			"id": id, "user": identity(v), "userInput": a.text, "rewardType": a.kind, "channelPoints": a.cost,
			"redeemedAt": at, "isTest": false,
		}
		if a.emote != nil {
			data["unlockedEmote"] = a.emote
		}
		return e.frame("Twitch", "AutomaticRewardRedemption", data)
	}
	data := named("user_", v).with(object{
		"id": id, "user_input": a.text, "reward_type": a.kind, "cost": a.cost,
		"message_text": a.text, "message_emotes": []emote{}, "redeemed_at": at,
	})
	if a.emote != nil {
		data["unlocked_emote"] = a.emote
	}
	return e.frame("Twitch", "AutomaticRewardRedemption", data)
}
