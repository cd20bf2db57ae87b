package streamerbot

import (
	"strings"

	"promethean/schema"
)

// moderationData is who did what to whom, in the shapes of all versions
// (reference: streamerbot.md 4.2, 4.6): targetUser (1.0.5), bannedUser
// (YouTube), target_user_… (2023), user_… (0.2.5) or user (Kick); moderator,
// moderator_user_…, created_by, or the user beside a target (YouTube).
type moderationData struct {
	acting
	TargetUser    anybody `json:"targetUser"`
	BannedUser    anybody `json:"bannedUser"`
	TargetID      text    `json:"targetUserId"`
	TargetLogin   text    `json:"targetUserLogin"`
	TargetName    text    `json:"targetUserName"`
	TargetDisplay text    `json:"targetUserDisplay"`

	Moderator        anybody               `json:"moderator"`
	ModeratorID      text                  `json:"moderatorUserId"`
	ModeratorLogin   text                  `json:"moderatorUserLogin"`
	ModeratorName    text                  `json:"moderatorUserName"`
	CreatedBy        text                  `json:"createdBy"`
	CreatedByID      text                  `json:"createdByUserId"`
	CreatedByName    text                  `json:"createdByUsername"`
	CreatedByLogin   text                  `json:"createdByUserLogin"`
	CreatedByShown   text                  `json:"createdByDisplayName"`
	CreatedAt        text                  `json:"createdAt"`
	Reason           text                  `json:"reason"`
	Duration         textOrObject[seconds] `json:"duration"`
	BanDuration      count                 `json:"banDuration"`
	BanType          text                  `json:"banType"`
	ExpiresAt        text                  `json:"expiresAt"`
	MessageID        text                  `json:"messageId"`
	TargetMessageID  text                  `json:"targetMessageId"`
	DeletedMessageID text                  `json:"deletedMessageId"`
	Text             text                  `json:"text"`
	Message          textOrObject[within]  `json:"message"`
}

type seconds struct {
	Seconds count `json:"seconds"`
}

// target is whom it was done to. A user object is that person only where the
// frame has no place of its own for them: beside a target, and on YouTube
// always, it is the moderator.
func (d *moderationData) target(n *normaliser) schema.Person {
	old := flat{UserID: d.TargetID, UserLogin: d.TargetLogin, UserName: d.TargetName, DisplayName: d.TargetDisplay}
	named := firstPerson(d.TargetUser.person(), d.BannedUser.person(), old.person())
	if !isNobody(named) || d.hasTarget() || n.provider == schema.YouTube {
		return named
	}
	return d.acting.person()
}

func (d *moderationData) hasTarget() bool { return d.TargetUser.there || d.BannedUser.there }

// moderator is who did it; nil where that is not told.
func (d *moderationData) moderator(n *normaliser) *schema.Person {
	snake := flat{UserID: d.ModeratorID, UserLogin: d.ModeratorLogin, UserName: d.ModeratorName}
	old := flat{
		UserID: d.CreatedByID, UserLogin: text(first(d.CreatedByLogin, d.CreatedBy)),
		UserName: d.CreatedByName, DisplayName: text(first(d.CreatedByShown, d.CreatedByName, d.CreatedBy)),
	}
	m := firstPerson(d.Moderator.person(), snake.person(), old.person())
	if isNobody(m) && (d.hasTarget() || n.provider == schema.YouTube) {
		m = d.User.person()
	}
	if isNobody(m) {
		return nil
	}
	return &m
}

// readModerated reads time-outs, bans and their ends. A frame that names
// nobody is passed through.
func readModerated(n *normaliser, as row) (fact, bool) {
	var d moderationData
	readFolded(n.data, &d)
	whom := d.target(n)
	if isNobody(whom) {
		return fact{}, false
	}
	duration, _ := d.Duration.text.whole()
	lasts := most(count(duration), d.Duration.v.Seconds, d.BanDuration)
	expires := when(d.ExpiresAt)
	becomes := as.becomes
	ends := lasts > 0 || expires != nil || strings.EqualFold(string(d.BanType), "temporary")
	if as.or != "" && ends && !strings.EqualFold(string(d.BanType), "permanent") {
		becomes = as.or
	}
	p := schema.UserModeratedPayload{
		UserID: whom.UserID, Username: whom.Username, DisplayName: whom.DisplayName,
		Reason: string(d.Reason), Moderator: d.moderator(n),
		Platform: n.platform(), IsTest: n.common.isTest(), SentDateTime: n.sentAt(d.CreatedAt),
	}
	if becomes == schema.ChatUserTimedOut {
		p.DurationSeconds, p.ExpiresAt = lasts, expires
	}
	return fact{becomes: becomes, payload: p, native: n.nativeKey(), people: calledBy(whom)}, true
}

// readDeleted reads a deletion. A frame that names no message is passed
// through.
func readDeleted(n *normaliser, as row) (fact, bool) {
	var d moderationData
	readFolded(n.data, &d)
	id := byDeleted(n.common)
	if id == "" {
		id = first(d.MessageID, d.TargetMessageID, d.DeletedMessageID)
	}
	if n.provider == schema.YouTube && id == "" {
		id = byEventID(n.common)
	}
	if id == "" {
		return fact{}, false
	}
	whose := d.target(n)
	p := schema.MessageDeletedPayload{
		ID: id, UserID: whose.UserID, Username: whose.Username, DisplayName: whose.DisplayName,
		Message:   first(d.Text, d.Message.text, d.Message.v.Message, d.Message.v.Text),
		Moderator: d.moderator(n),
		Platform:  n.platform(), IsTest: n.common.isTest(), SentDateTime: n.sentAt(d.CreatedAt),
	}
	return fact{becomes: as.becomes, payload: p, native: id, people: calledBy(whose)}, true
}

// readCleared reads a clearing of chat, which is a fact whoever did it.
func readCleared(n *normaliser, as row) (fact, bool) {
	var d moderationData
	readFolded(n.data, &d)
	return fact{becomes: as.becomes, payload: schema.ChatClearedPayload{
		Moderator: d.moderator(n),
		Platform:  n.platform(), IsTest: n.common.isTest(), SentDateTime: n.sentAt(d.CreatedAt),
	}}, true
}
