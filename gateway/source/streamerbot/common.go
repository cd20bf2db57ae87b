package streamerbot

// common is what every frame is asked for, whatever the event: ids, test
// flags, where it happened and who it is about, in the shapes of all versions
// side by side (reference: streamerbot.md 4). An event has some of them. What
// only one family has stands in that family's own struct and is read by its
// reader alone.
type common struct {
	ID              text `json:"id"`
	MessageID       text `json:"messageId"`
	MsgID           text `json:"msgId"`
	EventID         text `json:"eventId"`
	TargetMessageID text `json:"targetMessageId"`
	RedemptionID    text `json:"redemptionId"`
	HeldID          text `json:"message_id"`
	WhisperID       text `json:"whisperId"`
	Status          text `json:"status"`

	Message     textOrObject[oldMessage] `json:"message"`
	Meta        object[meta]             `json:"meta"`
	User        object[user]             `json:"user"`
	TargetUser  object[user]             `json:"targetUser"`
	Broadcaster object[user]             `json:"broadcaster"`
	Broadcast   object[broadcast]        `json:"broadcast"`

	CreatedAt   text    `json:"createdAt"`
	PublishedAt text    `json:"publishedAt"`
	IsTest      boolean `json:"isTest"`
	IsTestSnake boolean `json:"is_test"`

	// The acting person where there is no user object.
	UserLoginSnake text `json:"user_login"`
	UserNameSnake  text `json:"user_name"`
	UserID         text `json:"userId"`
	UserLogin      text `json:"userLogin"`
	UserName       text `json:"userName"`
	Username       text `json:"username"`
	DisplayName    text `json:"displayName"`
}

// user is a person. login and name are login and display name, but in
// commands and YouTube.FirstWords name is the login and display the other.
// Trovo's may be {userId, userName, …}.
type user struct {
	ID           text           `json:"id"`
	UserID       text           `json:"userId"`
	UserLogin    text           `json:"userLogin"`
	UserName     text           `json:"userName"`
	Login        text           `json:"login"`
	Name         text           `json:"name"`
	Display      text           `json:"display"`
	Type         text           `json:"type"`
	Role         text           `json:"role"`
	Color        text           `json:"color"`
	Badges       objects[badge] `json:"badges"`
	Subscribed   boolean        `json:"subscribed"`
	IsSubscribed boolean        `json:"isSubscribed"`
	IsOwner      boolean        `json:"isOwner"`
	IsModerator  boolean        `json:"isModerator"`
	IsSponsor    boolean        `json:"isSponsor"`
	IsVerified   boolean        `json:"isVerified"`
}

// oldMessage is the message object of Twitch chat, gone since 1.0.5.
type oldMessage struct {
	MsgID        text           `json:"msgId"`
	UserID       text           `json:"userId"`
	Username     text           `json:"username"`
	DisplayName  text           `json:"displayName"`
	Role         text           `json:"role"`
	Subscriber   boolean        `json:"subscriber"`
	Color        text           `json:"color"`
	Channel      text           `json:"channel"`
	Message      text           `json:"message"`
	Reply        object[reply]  `json:"reply"`
	Bits         count          `json:"bits"`
	FirstMessage boolean        `json:"firstMessage"`
	IsAnonymous  boolean        `json:"isAnonymous"`
	Emotes       objects[emote] `json:"emotes"`
	Badges       objects[badge] `json:"badges"`
	IsTest       boolean        `json:"isTest"`
}

// part is a piece of a line: text, an emote by its name, a mention.
type part struct {
	Text text `json:"text"`
}

type meta struct {
	FirstMessage boolean `json:"firstMessage"`
	CreatedAt    text    `json:"createdAt"`
	IsTest       boolean `json:"isTest"`
}

type badge struct {
	ID       text `json:"id"`
	Name     text `json:"name"`
	Version  text `json:"version"`
	Info     text `json:"info"`
	ImageURL text `json:"imageUrl"`
}

type broadcast struct {
	ID        text `json:"id"`
	ChannelID text `json:"channelId"`
}

// isTest reports whether any of the flags says that a test button made this.
func (c *common) isTest() bool {
	return c.IsTest.on || c.IsTestSnake.on || c.Meta.v.IsTest.on || c.Message.v.IsTest.on
}

// isIgnored reports whether a frame that is passed through, or a line of chat,
// is of an ignored user: who acts, or who is acted upon.
func (n *normaliser) isIgnored() bool {
	c, g := n.common, n.facts.Ignored
	platform := string(provider(n.source))
	if t := c.User.v.Type; t != "" {
		platform = string(t)
	}
	return g.user(platform, c.User.v.Login, c.User.v.Name, c.User.v.Display, c.User.v.UserLogin, c.User.v.UserName,
		c.TargetUser.v.Login, c.TargetUser.v.Name,
		c.Message.v.Username, c.Message.v.DisplayName,
		c.UserLoginSnake, c.UserNameSnake, c.UserLogin, c.UserName, c.Username, c.DisplayName)
}
