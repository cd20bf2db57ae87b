package streamerbot

import (
	"strconv"
	"strings"

	"promethean/schema"
)

// subscriptionData is a subscription of all platforms and versions: snake case
// in Twitch.Sub, camel case in ReSub, integers for tiers in 2023 (reference:
// streamerbot.md 4.3, 4.7).
type subscriptionData struct {
	acting
	line
	SystemMessage    text    `json:"systemMessage"`
	SubTier          text    `json:"subTier"`
	Tier             text    `json:"tier"`
	IsPrime          boolean `json:"isPrime"`
	CumulativeMonths count   `json:"cumulativeMonths"`
	Months           count   `json:"months"`
	MonthsSubscribed count   `json:"monthsSubscribed"`
	StreakMonths     count   `json:"streakMonths"`
	DurationMonths   count   `json:"durationMonths"`
	Duration         count   `json:"duration"`
	SubscribedAt     text    `json:"subscribedAt"`
	CreatedAt        text    `json:"createdAt"`
}

func readSubscription(n *normaliser, p *schema.ChannelEventPayload) {
	var d subscriptionData
	readFolded(n.data, &d)
	setPerson(p, d.acting.person())
	setTier(n, p, d.SubTier, d.Tier)
	p.IsPrime = p.IsPrime || d.IsPrime.on
	p.Months = most(d.CumulativeMonths, d.Months, d.MonthsSubscribed)
	if p.Months == 0 && p.EventType == schema.Resubscription {
		p.Months = most(d.User.v.MonthsSubscribed)
	}
	p.StreakMonths = most(d.StreakMonths)
	p.DurationMonths = most(d.DurationMonths)
	if n.provider == schema.Kick {
		p.DurationMonths = most(d.DurationMonths, d.Duration)
	}
	p.Message, p.SystemMessage = d.said(), string(d.SystemMessage)
	p.MessageID = byMessage(n.common)
	p.SentDateTime = n.sentAt(d.SubscribedAt, d.CreatedAt)
}

// setTier reads a tier: Twitch's in the spelling of today, another platform's
// as it stands.
func setTier(n *normaliser, p *schema.ChannelEventPayload, tiers ...text) {
	tier := first(tiers...)
	if n.provider == schema.Twitch {
		tier, p.IsPrime = twitchTier(tier)
	}
	p.Tier = tier
}

// twitchTier reads 0 (Prime), 1, 2, 3 as they were in 2023, "1000" as it is
// since, and the words for them.
func twitchTier(tier string) (name string, isPrime bool) {
	word := strings.TrimSpace(strings.TrimPrefix(strings.ToLower(tier), "tier"))
	n, isNumber := text(word).whole()
	switch {
	case word == "prime", isNumber && n == 0:
		return "1000", true
	case isNumber && n >= 1 && n <= 3:
		n *= 1000
	case !isNumber:
		return tier, false
	}
	return strconv.FormatInt(n, 10), false
}

// giftData is a gift, or many at once, of all platforms and versions. The
// person is the giver.
type giftData struct {
	acting
	anonymity
	ID              text    `json:"id"`
	CommunityGiftID text    `json:"communityGiftId"`
	FromCommunity   boolean `json:"fromCommunitySubGift"`
	FromBomb        boolean `json:"fromSubBomb"`
	SystemMessage   text    `json:"systemMessage"`
	SubTier         text    `json:"subTier"`
	Tier            text    `json:"tier"`

	Gifter               anybody `json:"gifter"`
	Recipient            anybody `json:"recipient"`
	Recipients           people  `json:"recipients"`
	RecipientUserID      text    `json:"recipientUserId"`
	RecipientLogin       text    `json:"recipientUserLogin"`
	RecipientUsername    text    `json:"recipientUsername"`
	RecipientDisplayName text    `json:"recipientDisplayName"`

	Total           count `json:"total"`
	Gifts           count `json:"gifts"`
	Count           count `json:"count"`
	CumulativeTotal count `json:"cumulativeTotal"`
	TotalMisspelt   count `json:"cumlativeTotal"`
	TotalGifts      count `json:"totalGifts"`
	TotalSubsGifted count `json:"totalSubsGifted"`
	DurationMonths  count `json:"durationMonths"`
	MonthsGifted    count `json:"monthsGifted"`
	SubscribedAt    text  `json:"subscribedAt"`
	CreatedAt       text  `json:"createdAt"`
}

func (d *giftData) fill(n *normaliser, p *schema.ChannelEventPayload) {
	giver := firstPerson(d.acting.person(), d.Gifter.person())
	setGiver(p, giver, d.anonymity.on() || isNobodysAccount(n, giver))
	p.Gifter = p.DisplayName
	if p.Gifter == "" {
		p.Gifter = p.Username
	}
	setTier(n, p, d.SubTier, d.Tier)
	p.CumulativeCount = most(d.CumulativeTotal, d.TotalMisspelt, d.TotalGifts, d.TotalSubsGifted)
	p.DurationMonths = most(d.DurationMonths, d.MonthsGifted)
	p.SystemMessage, p.MessageID = string(d.SystemMessage), byMessage(n.common)
	p.SentDateTime = n.sentAt(d.SubscribedAt, d.CreatedAt)
}

// isNobodysAccount reports whether a giver is the account that Twitch lets
// anonymous gifts come from.
func isNobodysAccount(n *normaliser, giver schema.Person) bool {
	return n.provider == schema.Twitch && giver.Username == "ananonymousgifter"
}

// readGift reads one gift. Of one that a bomb counted, the count is left out.
func readGift(n *normaliser, p *schema.ChannelEventPayload) {
	var d giftData
	readFolded(n.data, &d)
	d.fill(n, p)
	beside := flat{UserID: d.RecipientUserID, UserLogin: d.RecipientLogin, UserName: d.RecipientUsername, DisplayName: d.RecipientDisplayName}
	p.Recipients = d.Recipients.persons()
	if r := firstPerson(d.Recipient.person(), beside.person()); !isNobody(r) {
		p.Recipients = []schema.Person{r}
	}
	if d.CommunityGiftID != "0" {
		p.GiftID = string(d.CommunityGiftID)
	}
	p.IsFromBomb = p.GiftID != "" || d.FromCommunity.on || d.FromBomb.on
	if !p.IsFromBomb && !saysNothing(p) {
		p.Count = 1
	}
}

// readGiftBomb reads many gifts at once; where it does not say how many, they
// are as many as their recipients.
func readGiftBomb(n *normaliser, p *schema.ChannelEventPayload) {
	var d giftData
	readFolded(n.data, &d)
	d.fill(n, p)
	p.Recipients = d.Recipients.persons()
	p.GiftID = first(d.ID, d.CommunityGiftID)
	if p.Count = most(d.Total, d.Gifts, d.Count); p.Count == 0 {
		p.Count = int64(len(p.Recipients))
	}
}
