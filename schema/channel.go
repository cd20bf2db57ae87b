package schema

// EventType tells the kinds of channel.event apart. The set is open: ai_licia
// may send others.
type EventType string

// The kinds this gateway writes.
const (
	Follow              EventType = "FOLLOW"
	Subscription        EventType = "SUBSCRIPTION"
	Resubscription      EventType = "RESUBSCRIPTION"
	GiftSubscription    EventType = "GIFT_SUBSCRIPTION"
	GiftBomb            EventType = "GIFT_BOMB"
	Cheer               EventType = "CHEER"
	Raid                EventType = "RAID"
	Redemption          EventType = "REDEMPTION"
	HypeTrainStart      EventType = "HYPE_TRAIN_START"
	HypeTrainUpdate     EventType = "HYPE_TRAIN_UPDATE"
	HypeTrainLevelUp    EventType = "HYPE_TRAIN_LEVEL_UP"
	HypeTrainEnd        EventType = "HYPE_TRAIN_END"
	SuperChat           EventType = "SUPER_CHAT"
	SuperSticker        EventType = "SUPER_STICKER"
	Membership          EventType = "MEMBERSHIP"
	MembershipMilestone EventType = "MEMBERSHIP_MILESTONE"
	MembershipGift      EventType = "MEMBERSHIP_GIFT"
	Donation            EventType = "DONATION"
)

// EventTypes lists them all.
func EventTypes() []EventType {
	return []EventType{
		Follow, Subscription, Resubscription, GiftSubscription, GiftBomb, Cheer, Raid, Redemption,
		HypeTrainStart, HypeTrainUpdate, HypeTrainLevelUp, HypeTrainEnd,
		SuperChat, SuperSticker, Membership, MembershipMilestone, MembershipGift, Donation,
	}
}

// ChannelEventPayload is the payload of channel.event: something a community
// does beside chatting, in one spelling whatever the platform and version.
// eventType, username, gifter, count, value, raidViewers, message, currency
// and sentDateTime are those of ai_licia's public event reference; its own
// events may have null for some.
//
// What is not known or makes no sense for an event is left out.
type ChannelEventPayload struct {
	EventType EventType `json:"eventType"`

	// UserID, Username and DisplayName are of who acted: the follower, the
	// subscriber, the raider, the giver of a gift. All empty for an anonymous
	// one. Username is the login where the platform has logins, else the name
	// shown.
	UserID      string `json:"userId,omitempty"`
	Username    string `json:"username,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	IsAnonymous bool   `json:"isAnonymous,omitempty"`

	// Gifter is the giver's shown name, of gifts only.
	Gifter     string   `json:"gifter,omitempty"`
	Recipients []Person `json:"recipients,omitempty"`
	// GiftID is the same for a gift bomb and each of its gifts. Up to 20 digits,
	// therefore text.
	GiftID string `json:"giftId,omitempty"`
	// IsFromBomb marks a gift that a bomb has counted already.
	IsFromBomb bool `json:"isFromBomb,omitempty"`
	// Count is how many were given at once. Of gifts that one bomb counted (one
	// event for each recipient) it is left out, so that sums come out right.
	Count int64 `json:"count,omitempty"`
	// CumulativeCount is how many this giver has given in this channel in all.
	CumulativeCount int64 `json:"cumulativeCount,omitempty"`

	// Value is bits cheered, or the channel points or bits a redemption cost.
	Value       int64 `json:"value,omitempty"`
	RaidViewers int64 `json:"raidViewers,omitempty"`

	// Tier is the subscription's: "1000", "2000" or "3000" on Twitch (a Prime
	// one is "1000" and IsPrime); the tier of a super chat as text.
	Tier    string `json:"tier,omitempty"`
	IsPrime bool   `json:"isPrime,omitempty"`
	// Level is the name of a membership level (YouTube).
	Level string `json:"level,omitempty"`
	// Months is how many in all, StreakMonths in a row, DurationMonths how many
	// are paid at once.
	Months         int64 `json:"months,omitempty"`
	StreakMonths   int64 `json:"streakMonths,omitempty"`
	DurationMonths int64 `json:"durationMonths,omitempty"`

	// Message is what the person wrote with it, SystemMessage what the platform
	// says of it, MessageID the platform's id where the event is a line in chat.
	Message       string `json:"message,omitempty"`
	SystemMessage string `json:"systemMessage,omitempty"`
	MessageID     string `json:"messageId,omitempty"`

	// Amount is money as an exact decimal number in text, e.g. "7.5", Currency
	// its ISO 4217 code, AmountText the amount as the service shows it.
	Amount     string `json:"amount,omitempty"`
	Currency   string `json:"currency,omitempty"`
	AmountText string `json:"amountText,omitempty"`
	// Service is who collected it where that is no platform, in the spelling of
	// Streamer.bot, e.g. "StreamElements".
	Service string `json:"service,omitempty"`

	Reward    *Reward    `json:"reward,omitempty"`
	HypeTrain *HypeTrain `json:"hypeTrain,omitempty"`

	// Platform is upper case; left out where the event is of no platform (a
	// donation).
	Platform string `json:"platform,omitempty"`
	IsTest   bool   `json:"isTest"`
	// SentDateTime is the platform's time where it gives one, else the
	// envelope's timestamp.
	SentDateTime Time `json:"sentDateTime"`
}

// Reward is what was redeemed.
type Reward struct {
	// RedemptionID is the platform's id of this redemption, ID of the reward.
	RedemptionID string `json:"redemptionId,omitempty"`
	ID           string `json:"id,omitempty"`
	// Title of a custom reward; of an automatic one its kind, e.g.
	// "send_highlighted_message".
	Title  string `json:"title,omitempty"`
	Prompt string `json:"prompt,omitempty"`
	// Kind is one of the Reward… constants.
	Kind string `json:"kind"`
	// Cost in channel points, or in bits for the two kinds of power-up.
	Cost   int64  `json:"cost,omitempty"`
	Status string `json:"status,omitempty"`
}

// The closed list of kinds of rewards.
const (
	RewardCustom        = "custom"
	RewardAutomatic     = "automatic"
	RewardPowerUp       = "power_up"
	RewardCustomPowerUp = "custom_power_up"
)

// HypeTrain is the state of a hype train.
type HypeTrain struct {
	ID    string `json:"id,omitempty"`
	Level int64  `json:"level"`
	// Progress towards Goal within the level, Total since the start.
	Progress       int64          `json:"progress,omitempty"`
	Goal           int64          `json:"goal,omitempty"`
	Total          int64          `json:"total,omitempty"`
	IsGolden       bool           `json:"isGolden,omitempty"`
	Last           *Contribution  `json:"lastContribution,omitempty"`
	Top            []Contribution `json:"topContributions,omitempty"`
	StartedAt      *Time          `json:"startedAt,omitempty"`
	ExpiresAt      *Time          `json:"expiresAt,omitempty"`
	EndedAt        *Time          `json:"endedAt,omitempty"`
	CooldownEndsAt *Time          `json:"cooldownEndsAt,omitempty"`
}

// Contribution is one person's to a hype train.
type Contribution struct {
	UserID      string `json:"userId,omitempty"`
	Username    string `json:"username,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	// Kind is the platform's word, e.g. "bits" or "subscription".
	Kind  string `json:"kind,omitempty"`
	Total int64  `json:"total"`
}

// LivePayload is the payload of channel.go_live and channel.go_offline. The
// broadcast's id is the envelope's stream.id where the source says.
type LivePayload struct {
	// Title is the broadcast's where the source says (YouTube).
	Title string `json:"title,omitempty"`
	// StartedAt is when the platform says the broadcast began.
	StartedAt    *Time  `json:"startedAt,omitempty"`
	Platform     string `json:"platform,omitempty"`
	IsTest       bool   `json:"isTest,omitempty"`
	SentDateTime Time   `json:"sentDateTime"`
}

// ChannelUpdatedPayload is the payload of channel.updated: title or category as
// they are now, and as they were where the source says. A platform that has no
// category, or does not tell, leaves it out.
type ChannelUpdatedPayload struct {
	Title        string    `json:"title"`
	OldTitle     *string   `json:"oldTitle,omitempty"`
	Category     *Category `json:"category,omitempty"`
	OldCategory  *Category `json:"oldCategory,omitempty"`
	Description  string    `json:"description,omitempty"`
	Platform     string    `json:"platform"`
	IsTest       bool      `json:"isTest"`
	SentDateTime Time      `json:"sentDateTime"`
}

// Category is a game or another category; both empty when none is set.
type Category struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
