package evening

type twitchMessage struct {
	Internal         bool         `json:"internal"`
	MsgID            string       `json:"msgId"`
	ClientNonce      string       `json:"clientNonce,omitempty"`
	UserID           string       `json:"userId"`
	Username         string       `json:"username"`
	Role             int          `json:"role"`
	Subscriber       bool         `json:"subscriber"`
	SubscriptionTier string       `json:"subscriptionTier,omitempty"`
	DisplayName      string       `json:"displayName"`
	Colour           string       `json:"color"`
	Channel          string       `json:"channel"`
	Message          string       `json:"message"`
	IsHighlighted    bool         `json:"isHighlighted"`
	IsMe             bool         `json:"isMe"`
	IsCustomReward   bool         `json:"isCustomReward"`
	IsAnonymous      bool         `json:"isAnonymous"`
	IsReply          bool         `json:"isReply"`
	Reply            *twitchReply `json:"reply,omitempty"`
	Bits             int          `json:"bits"`
	FirstMessage     bool         `json:"firstMessage"`
	ReturningChatter *bool        `json:"returningChatter,omitempty"`
	HasBits          bool         `json:"hasBits"`
	Emotes           []emote      `json:"emotes"`
	CheerEmotes      []emote      `json:"cheerEmotes"`
	Badges           []badge      `json:"badges"`
	MonthsSubscribed int          `json:"monthsSubscribed"`
	IsTest           bool         `json:"isTest"`
	SharedChat       *bool        `json:"sharedChat,omitempty"`
	SourceBadges     []badge      `json:"sourceBadges,omitzero"`
}

type twitchUser struct {
	Role             int     `json:"role"`
	Badges           []badge `json:"badges"`
	Colour           string  `json:"color"`
	Subscribed       bool    `json:"subscribed"`
	SubscriptionTier string  `json:"subscriptionTier,omitempty"`
	MonthsSubscribed int     `json:"monthsSubscribed"`
	ID               string  `json:"id"`
	Login            string  `json:"login"`
	Name             string  `json:"name"`
	Type             string  `json:"type"`
}

type twitchMeta struct {
	Internal         bool   `json:"internal"`
	ClientNonce      string `json:"clientNonce,omitempty"`
	FirstMessage     bool   `json:"firstMessage"`
	ReturningChatter bool   `json:"returningChatter"`
	IsHighlighted    bool   `json:"isHighlighted"`
	IsMe             bool   `json:"isMe"`
	IsCustomReward   bool   `json:"isCustomReward"`
	IsTest           bool   `json:"isTest"`
	*metaSince105
}

// metaSince105 is what 1.0.5 added to meta.
type metaSince105 struct {
	FirstMessageTimestamp string `json:"firstMessageTimestamp"`
	*sharedChat
	CreatedAt string `json:"createdAt"`
}

type sharedChat struct {
	IsInSharedChat        bool `json:"isInSharedChat"`
	IsSharedChatHost      bool `json:"isSharedChatHost"`
	IsFromSharedChatGuest bool `json:"isFromSharedChatGuest"`
}

type twitchReply struct {
	UserName string `json:"userName"`
	MsgBody  string `json:"msgBody"`
}

// emote is an emote in a text, or a cheermote (then with bits and colour, without an id).
type emote struct {
	ID         string `json:"id,omitempty"`
	Bits       int    `json:"bits,omitempty"`
	Colour     string `json:"color,omitempty"`
	Type       string `json:"type"`
	Name       string `json:"name"`
	StartIndex int    `json:"startIndex"`
	EndIndex   int    `json:"endIndex"`
	ImageURL   string `json:"imageUrl"`
}

type part struct {
	Bits      int    `json:"bits,omitempty"`
	Colour    string `json:"color,omitempty"`
	Source    string `json:"source,omitempty"`
	ImageURL  string `json:"imageUrl,omitempty"`
	ZeroWidth *bool  `json:"zeroWidth,omitempty"`
	Type      string `json:"type,omitempty"`
	Text      string `json:"text"`
}

type twitchIdentity struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
	Type  string `json:"type"`
}

// flatChat is the part of the data that 0.2.5 introduced.
type flatChat struct {
	User         twitchUser   `json:"user"`
	MessageID    string       `json:"messageId"`
	Meta         twitchMeta   `json:"meta"`
	Anonymous    bool         `json:"anonymous"`
	Text         string       `json:"text"`
	Emotes       []emote      `json:"emotes"`
	Parts        []part       `json:"parts"`
	IsReply      bool         `json:"isReply"`
	Reply        *twitchReply `json:"reply,omitempty"`
	IsSharedChat *bool        `json:"isSharedChat,omitempty"` // until 1.0.4
	*flatSince105
	IsTest bool `json:"isTest"`
}

type flatSince105 struct {
	Broadcaster twitchIdentity `json:"broadcaster"`
	*sharedChat
	CreatedAt string `json:"createdAt"`
}

// twitchData is the data of ChatMessage and, with bits and cheer emotes, of FirstWord.
type twitchData struct {
	Bits        *int           `json:"bits,omitempty"`
	CheerEmotes []emote        `json:"cheerEmotes,omitzero"`
	Message     *twitchMessage `json:"message,omitempty"`
	*flatChat
}
