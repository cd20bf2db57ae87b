package streamerbot

import "promethean/gateway/source/ignore"

// common is what every frame is asked for, whatever the event: ids, test
// flags, where it happened and who it is about, in the shapes of all versions
// side by side (reference: streamerbot.md 4). An event has some of them. What
// only one family has stands in that family's own struct and is read by its
// reader alone.
type common struct {
	ID              text
	MessageID       text
	MsgID           text
	EventID         text
	TargetMessageID text
	RedemptionID    text
	HeldID          text
	WhisperID       text
	Status          text

	Message     textOrObject[oldMessage]
	Meta        object[meta]
	User        object[user]
	TargetUser  object[user]
	Broadcaster object[user]
	Broadcast   object[broadcast]

	CreatedAt   text
	PublishedAt text
	IsTest      boolean
	IsTestSnake boolean

	// The acting person where there is no user object.
	UserLoginSnake text
	UserNameSnake  text
	UserID         text
	UserLogin      text
	UserName       text
	Username       text
	DisplayName    text
}

// user is a person. login and name are login and display name, but in
// commands and YouTube.FirstWords name is the login and display the other.
// Trovo's may be {userId, userName, …}.
type user struct {
	ID           text
	UserID       text
	UserLogin    text
	UserName     text
	Login        text
	Name         text
	Display      text
	Type         text
	Role         text
	Color        text
	Badges       objects[badge]
	Subscribed   boolean
	IsSubscribed boolean
	IsOwner      boolean
	IsModerator  boolean
	IsSponsor    boolean
	IsVerified   boolean
}

// oldMessage is the message object of Twitch chat, gone since 1.0.5.
type oldMessage struct {
	MsgID        text
	UserID       text
	Username     text
	DisplayName  text
	Role         text
	Subscriber   boolean
	Color        text
	Channel      text
	Message      text
	Reply        object[reply]
	Bits         count
	FirstMessage boolean
	IsAnonymous  boolean
	Emotes       objects[emote]
	Badges       objects[badge]
	IsTest       boolean
}

// part is a piece of a line: text, an emote by its name, a mention.
type part struct {
	Text text `json:"text"`
}

type meta struct {
	FirstMessage boolean
	CreatedAt    text
	IsTest       boolean
}

type badge struct {
	ID       text
	Name     text
	Version  text
	Info     text
	ImageURL text
}

type broadcast struct {
	ID        text
	ChannelID text
}

// isTest reports whether any of the flags says that a test button made this.
func (c *common) isTest() bool {
	return c.IsTest.on || c.IsTestSnake.on || c.Meta.v.IsTest.on || c.Message.v.IsTest.on
}

// isIgnored reports whether a frame that is passed through, or a line of chat,
// is of an ignored user: who acts, or who is acted upon.
func (n *normaliser) isIgnored() bool {
	c := n.common
	platform := string(n.provider)
	if t := c.User.v.Type; t != "" {
		platform = string(t)
	}
	return ignore.Any(n.facts.Ignored, platform, c.User.v.Login, c.User.v.Name, c.User.v.Display, c.User.v.UserLogin, c.User.v.UserName,
		c.TargetUser.v.Login, c.TargetUser.v.Name,
		c.Message.v.Username, c.Message.v.DisplayName,
		c.UserLoginSnake, c.UserNameSnake, c.UserLogin, c.UserName, c.Username, c.DisplayName)
}
