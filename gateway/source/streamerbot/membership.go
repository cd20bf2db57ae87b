package streamerbot

import "promethean/schema"

// membershipData is what YouTube's memberships say. tier is the level's name
// there (reference: streamerbot.md 4.6).
type membershipData struct {
	acting
	line
	LevelName text    `json:"levelName"`
	Tier      text    `json:"tier"`
	Months    count   `json:"months"`
	Count     count   `json:"count"`
	Total     count   `json:"total"`
	Gifter    anybody `json:"gifter"`
	Recipient anybody `json:"recipient"`
}

// readMembership reads NewSponsor and MemberMileStone.
func readMembership(n *normaliser, p *schema.ChannelEventPayload) {
	var d membershipData
	readFolded(n.data, &d)
	setPerson(p, d.acting.person())
	p.Level = first(d.LevelName, d.Tier)
	p.Months = most(d.Months)
	p.Message, p.MessageID = d.said(), byEventID(n.common)
}

// readMembershipGift reads MembershipGift: how many somebody gave.
func readMembershipGift(n *normaliser, p *schema.ChannelEventPayload) {
	var d membershipData
	readFolded(n.data, &d)
	setPerson(p, firstPerson(d.acting.person(), d.Gifter.person()))
	p.Gifter = p.DisplayName
	p.Level = first(d.LevelName, d.Tier)
	p.Count = most(d.Count, d.Total)
	p.MessageID = byEventID(n.common)
}

// readMembershipReceived reads GiftMembershipReceived, one for each recipient:
// user is who received it, and MembershipGift has counted it.
func readMembershipReceived(n *normaliser, p *schema.ChannelEventPayload) {
	var d membershipData
	readFolded(n.data, &d)
	setPerson(p, d.Gifter.person())
	p.Gifter = p.DisplayName
	p.Level = first(d.LevelName, d.Tier)
	if r := firstPerson(d.acting.person(), d.Recipient.person()); !isNobody(r) {
		p.Recipients = []schema.Person{r}
	}
	p.IsFromBomb, p.MessageID = true, byEventID(n.common)
}

// readSuper reads SuperChat and SuperSticker. The amount is counted in
// millionths.
func readSuper(n *normaliser, p *schema.ChannelEventPayload) {
	var d struct {
		acting
		line
		MicroAmount  text            `json:"microAmount"`
		AmountMicros text            `json:"amountMicros"`
		Amount       text            `json:"amount"`
		CurrencyCode text            `json:"currencyCode"`
		Currency     text            `json:"currency"`
		Tier         text            `json:"tier"`
		Sticker      object[sticker] `json:"sticker"`
		Super        object[sticker] `json:"superSticker"`
		Metadata     object[sticker] `json:"superStickerMetadata"`
		AltText      text            `json:"altText"`
	}
	readFolded(n.data, &d)
	setPerson(p, d.acting.person())
	if p.Amount = scaled(text(first(d.MicroAmount, d.AmountMicros)), 6); p.Amount == "" {
		p.Amount = decimal(d.Amount)
	}
	p.AmountText = string(d.Amount)
	p.Currency = currency(d.CurrencyCode, d.Currency)
	p.Tier = string(d.Tier)
	if tier := decimal(d.Tier); tier != "" {
		p.Tier = tier
	}
	p.Message, p.MessageID = d.said(), byEventID(n.common)
	if p.Message == "" && p.EventType == schema.SuperSticker {
		p.Message = first(d.Sticker.v.AltText, d.Sticker.v.Text, d.Super.v.AltText, d.Metadata.v.AltText, d.AltText)
	}
}

type sticker struct {
	AltText text `json:"altText"`
	Text    text `json:"text"`
}
