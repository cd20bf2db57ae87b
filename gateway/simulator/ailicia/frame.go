package ailicia

import (
	"cmp"
	"encoding/json"
	"strings"
)

// fact is what a Streamer.bot frame says, as far as ai_licia would know it.
type fact struct {
	kind     string // "chat", "first", "live", "offline", or the eventType of a channel.event
	platform string // as ai_licia spells it: TWITCH
	id       string // the platform's message id, of chat
	username string // as shown
	text     string

	subscriber, vip, moderator bool

	gifter                    string
	count, value, raidViewers int
	currency                  string
}

// kinds says which frames are retold, and as what. Trovo is none of ai_licia's platforms.
var kinds = map[string]string{
	"Twitch.ChatMessage": "chat", "Twitch.Cheer": "CHEER", "YouTube.Message": "chat", "Kick.ChatMessage": "chat",
	"Twitch.FirstWord": "first", "YouTube.FirstWords": "first", "Kick.FirstWords": "first",
	"Twitch.Follow": "FOLLOW", "Kick.Follow": "FOLLOW",
	"Twitch.Sub": "SUBSCRIPTION", "Twitch.ReSub": "SUBSCRIPTION", "Twitch.GiftSub": "SUBSCRIPTION",
	"Twitch.GiftBomb": "SUBSCRIPTION", "YouTube.NewSponsor": "SUBSCRIPTION", "Kick.Subscription": "SUBSCRIPTION",
	"Twitch.Raid": "RAID", "YouTube.SuperChat": "SUPER_CHAT",
	"Twitch.StreamOnline": "live", "YouTube.BroadcastStarted": "live", "Kick.StreamOnline": "live",
	"Twitch.StreamOffline": "offline", "YouTube.BroadcastEnded": "offline", "Kick.StreamOffline": "offline",
}

// person is somebody as Streamer.bot's frames name people.
type person struct {
	Name                                             string
	Role                                             int
	Subscribed, IsSubscribed, IsSponsor, IsModerator bool
}

// nested is the message object of the older Twitch frames.
type nested struct {
	MsgID, DisplayName, Message string
	Role, Bits                  int
	Subscriber                  bool
}

// frameData is every member of the retold frames' data that is used, whatever the generation of the server.
type frameData struct {
	User, TargetUser, Recipient       person
	Message                           json.RawMessage // an object, or the text itself
	Text, MessageID, EventID          string
	DisplayName, UserName             string
	RecipientDisplayName              string
	Raider                            string `json:"from_broadcaster_user_name"`
	Follower                          string `json:"user_name"`
	Bits, Viewers, ViewerCount        int
	Total, Gifts                      int
	FromSubBomb, FromCommunitySubGift bool
	MicroAmount                       int64
	CurrencyCode                      string
}

// readFact reads a frame; ok is false when ai_licia would not know of it.
func readFact(frame []byte) (f fact, ok bool) {
	var head struct {
		Event struct{ Source, Type string }
		Data  json.RawMessage
	}
	if json.Unmarshal(frame, &head) != nil {
		return fact{}, false
	}
	kind, ok := kinds[head.Event.Source+"."+head.Event.Type]
	if !ok {
		return fact{}, false
	}
	var d frameData
	if json.Unmarshal(head.Data, &d) != nil || d.FromSubBomb || d.FromCommunitySubGift {
		return fact{}, false // a bomb's gifts are in the bomb
	}
	f = fact{kind: kind, platform: strings.ToUpper(head.Event.Source)}
	f.read(d)
	if f.username == "" && kind != "live" && kind != "offline" && f.gifter == "" {
		return fact{}, false
	}
	return f, f.kind != "chat" || f.id != "" && f.text != ""
}

func (f *fact) read(d frameData) {
	var old nested
	if json.Unmarshal(d.Message, &old) != nil {
		_ = json.Unmarshal(d.Message, &f.text) // neither: nothing is said
	}
	f.id = cmp.Or(d.MessageID, d.EventID, old.MsgID)
	f.text = cmp.Or(d.Text, old.Message, f.text)
	f.username = cmp.Or(d.User.Name, d.TargetUser.Name, old.DisplayName, d.DisplayName, d.Raider, d.Follower, d.UserName)
	role := max(d.User.Role, old.Role)
	f.subscriber = old.Subscriber || d.User.Subscribed || d.User.IsSubscribed || d.User.IsSponsor
	f.vip, f.moderator = role == 2, role == 3 || d.User.IsModerator
	switch f.kind {
	case "SUBSCRIPTION":
		f.count = max(d.Total, d.Gifts)
		recipient := cmp.Or(d.Recipient.Name, d.RecipientDisplayName)
		if f.count > 0 || recipient != "" {
			f.gifter, f.username = f.username, recipient
		}
	case "CHEER":
		f.value = max(d.Bits, old.Bits)
	case "RAID":
		f.raidViewers = max(d.Viewers, d.ViewerCount)
	case "SUPER_CHAT":
		f.value, f.currency = int(d.MicroAmount/1_000_000), d.CurrencyCode
	}
}
