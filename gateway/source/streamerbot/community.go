package streamerbot

import (
	"strings"

	"promethean/schema"
)

// filler fills in what one family of channel.event says in its own way.
type filler func(*normaliser, *schema.ChannelEventPayload)

// event makes a reader of channel.event. A frame that says nothing of its kind
// (a follow of nobody, a raid without raider and viewers) is passed through.
func event(fill filler) reader {
	return func(n *normaliser, as row) (fact, bool) {
		p := schema.ChannelEventPayload{EventType: as.event, IsTest: n.common.isTest()}
		if n.provider != schema.StreamerBot {
			p.Platform = n.platform()
		} else {
			p.Service, _, _ = strings.Cut(as.frame, ".")
		}
		fill(n, &p)
		if saysNothing(&p) {
			return fact{}, false
		}
		if p.SentDateTime == (schema.Time{}) {
			p.SentDateTime = n.sentAt()
		}
		who := calledBy(schema.Person{Username: p.Username, DisplayName: p.DisplayName})
		if p.EventType != schema.GiftBomb && len(p.Recipients) == 1 {
			who = append(who, calledBy(p.Recipients...)...)
		}
		return fact{becomes: schema.ChannelEvent, payload: p, native: n.eventKey(as, &p), people: who}, true
	}
}

// eventKey is the platform's id with the kind of event and the frame's type
// before it (reference: streamerbot.md 5.1), so that two kinds can never be
// merged, nor two services that count alike.
func (n *normaliser) eventKey(as row, p *schema.ChannelEventPayload) string {
	native := n.nativeKey()
	if native == "" {
		return ""
	}
	return string(p.EventType) + " " + as.frame + " " + native
}

func saysNothing(p *schema.ChannelEventPayload) bool {
	return p.UserID == "" && p.Username == "" && !p.IsAnonymous && len(p.Recipients) == 0 &&
		p.Count == 0 && p.Value == 0 && p.RaidViewers == 0 && p.Amount == "" && p.AmountText == "" &&
		p.Months == 0 && p.Level == "" && p.Reward == nil && p.HypeTrain == nil
}

// readFollow reads the follows of all platforms: user_… (Twitch until 1.0.5),
// targetUser (Twitch since), user (Kick), userId and username
// (YouTube.NewSubscriber; reference: streamerbot.md 4.3, 4.6, 4.7).
func readFollow(n *normaliser, p *schema.ChannelEventPayload) {
	var d struct {
		acting
		TargetUser anybody `json:"targetUser"`
		FollowedAt text    `json:"followedAt"`
		Timestamp  text    `json:"timestamp"`
		CreatedAt  text    `json:"createdAt"`
	}
	readFolded(n.data, &d)
	setPerson(p, firstPerson(d.TargetUser.person(), d.acting.person()))
	p.SentDateTime = n.sentAt(d.FollowedAt, d.Timestamp, d.CreatedAt)
}

// readCheer reads Twitch.Cheer. It is a line of chat as well, but no second
// chat.message is made of it (reference: streamerbot.md 4.1).
func readCheer(n *normaliser, p *schema.ChannelEventPayload) {
	var d struct {
		acting
		anonymity
		line
		Bits      count `json:"bits"`
		CreatedAt text  `json:"createdAt"`
	}
	readFolded(n.data, &d)
	old := n.common.Message.v
	was := schema.Person{
		UserID: string(old.UserID), Username: first(old.Username, old.DisplayName), DisplayName: string(old.DisplayName),
	}
	setGiver(p, firstPerson(d.acting.person(), was), d.anonymity.on() || old.IsAnonymous.on)
	p.Value = most(d.Bits, old.Bits)
	p.Message = d.said()
	p.MessageID = byMessage(n.common)
	p.SentDateTime = n.sentAt(d.CreatedAt)
}

// readRaid reads raids that arrive: from_broadcaster_user_… and viewers, or
// userId, userName and viewerCount (2023; reference: streamerbot.md 4.3).
func readRaid(n *normaliser, p *schema.ChannelEventPayload) {
	var d struct {
		acting
		ID          text    `json:"fromBroadcasterUserId"`
		Login       text    `json:"fromBroadcasterUserLogin"`
		Name        text    `json:"fromBroadcasterUserName"`
		From        anybody `json:"fromBroadcaster"`
		Raider      anybody `json:"raider"`
		Viewers     count   `json:"viewers"`
		ViewerCount count   `json:"viewerCount"`
		CreatedAt   text    `json:"createdAt"`
	}
	readFolded(n.data, &d)
	from := flat{UserID: d.ID, UserLogin: d.Login, UserName: d.Name}
	setPerson(p, firstPerson(from.person(), d.From.person(), d.Raider.person(), d.acting.person()))
	p.RaidViewers = most(d.Viewers, d.ViewerCount)
	p.SentDateTime = n.sentAt(d.CreatedAt)
}
