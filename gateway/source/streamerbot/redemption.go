package streamerbot

import "promethean/schema"

// rewardData is a reward, or a custom power-up.
type rewardData struct {
	ID            text  `json:"id"`
	Title         text  `json:"title"`
	Prompt        text  `json:"prompt"`
	Cost          count `json:"cost"`
	Bits          count `json:"bits"`
	ChannelPoints count `json:"channelPoints"`
	Type          text  `json:"type"`
}

// redemptionData is a redemption of every kind: {id, user_…, user_input,
// reward, redeemed_at} until 1.0.5, {redemptionId, user, userInput, createdAt}
// since, {redeemer, reward} on Kick (reference: streamerbot.md 4.3, 4.7).
type redemptionData struct {
	acting
	line
	Redeemer      anybody                  `json:"redeemer"`
	ID            text                     `json:"id"`
	RedemptionID  text                     `json:"redemptionId"`
	UserInput     text                     `json:"userInput"`
	MessageText   text                     `json:"messageText"`
	Status        text                     `json:"status"`
	Reward        textOrObject[rewardData] `json:"reward"`
	PowerUp       object[rewardData]       `json:"customPowerUp"`
	RewardType    text                     `json:"rewardType"`
	Type          text                     `json:"type"`
	Cost          count                    `json:"cost"`
	ChannelPoints count                    `json:"channelPoints"`
	Bits          count                    `json:"bits"`
	RedeemedAt    text                     `json:"redeemedAt"`
	CreatedAt     text                     `json:"createdAt"`
}

// redemption reads a redemption of one kind of rewards.
func redemption(kind string) filler {
	return func(n *normaliser, p *schema.ChannelEventPayload) {
		var d redemptionData
		readFolded(n.data, &d)
		setPerson(p, firstPerson(d.acting.person(), d.Redeemer.person()))
		if r := d.reward(kind); r != (schema.Reward{Kind: kind}) {
			p.Reward, p.Value = &r, r.Cost
		}
		if p.Message = first(d.UserInput, d.MessageText); p.Message == "" {
			p.Message = d.said()
		}
		p.SentDateTime = n.sentAt(d.RedeemedAt, d.CreatedAt)
	}
}

func (d *redemptionData) reward(kind string) schema.Reward {
	r := schema.Reward{Kind: kind, RedemptionID: first(d.RedemptionID, d.ID), Status: string(d.Status)}
	of := d.Reward.v
	switch kind {
	case schema.RewardCustom:
		r.ID, r.Title, r.Prompt = string(of.ID), first(of.Title, d.Reward.text), string(of.Prompt)
		r.Cost = most(of.Cost, of.ChannelPoints, d.Cost)
	case schema.RewardAutomatic:
		r.Title = first(d.RewardType, of.Type, d.Reward.text)
		r.Cost = most(d.Cost, d.ChannelPoints, of.Cost, of.ChannelPoints)
	case schema.RewardPowerUp:
		r.Title, r.Cost = string(d.Type), most(d.Bits)
	case schema.RewardCustomPowerUp:
		of = d.PowerUp.v
		r.ID, r.Title, r.Prompt = string(of.ID), string(of.Title), string(of.Prompt)
		r.Cost = most(of.Bits, d.Bits)
	}
	return r
}
