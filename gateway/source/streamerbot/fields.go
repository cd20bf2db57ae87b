package streamerbot

// What stands here is read by a cursor: the members of [common] and of chat, by
// their exact names.

func (c *common) field(name string) setter {
	switch name {
	case "id":
		return &c.ID
	case "messageId":
		return &c.MessageID
	case "msgId":
		return &c.MsgID
	case "eventId":
		return &c.EventID
	case "targetMessageId":
		return &c.TargetMessageID
	case "redemptionId":
		return &c.RedemptionID
	case "message_id":
		return &c.HeldID
	case "whisperId":
		return &c.WhisperID
	case "status":
		return &c.Status
	case "message":
		return &c.Message
	case "meta":
		return &c.Meta
	case "user":
		return &c.User
	case "targetUser":
		return &c.TargetUser
	case "broadcaster":
		return &c.Broadcaster
	case "broadcast":
		return &c.Broadcast
	case "createdAt":
		return &c.CreatedAt
	case "publishedAt":
		return &c.PublishedAt
	case "isTest":
		return &c.IsTest
	case "is_test":
		return &c.IsTestSnake
	case "user_login":
		return &c.UserLoginSnake
	case "user_name":
		return &c.UserNameSnake
	case "userId":
		return &c.UserID
	case "userLogin":
		return &c.UserLogin
	case "userName":
		return &c.UserName
	case "username":
		return &c.Username
	case "displayName":
		return &c.DisplayName
	}
	return nil
}

func (u *user) field(name string) setter {
	switch name {
	case "id":
		return &u.ID
	case "userId":
		return &u.UserID
	case "userLogin":
		return &u.UserLogin
	case "userName":
		return &u.UserName
	case "login":
		return &u.Login
	case "name":
		return &u.Name
	case "display":
		return &u.Display
	case "type":
		return &u.Type
	case "role":
		return &u.Role
	case "color":
		return &u.Color
	case "badges":
		return &u.Badges
	case "subscribed":
		return &u.Subscribed
	case "isSubscribed":
		return &u.IsSubscribed
	case "isOwner":
		return &u.IsOwner
	case "isModerator":
		return &u.IsModerator
	case "isSponsor":
		return &u.IsSponsor
	case "isVerified":
		return &u.IsVerified
	}
	return nil
}

func (m *oldMessage) field(name string) setter {
	switch name {
	case "msgId":
		return &m.MsgID
	case "userId":
		return &m.UserID
	case "username":
		return &m.Username
	case "displayName":
		return &m.DisplayName
	case "role":
		return &m.Role
	case "subscriber":
		return &m.Subscriber
	case "color":
		return &m.Color
	case "channel":
		return &m.Channel
	case "message":
		return &m.Message
	case "reply":
		return &m.Reply
	case "bits":
		return &m.Bits
	case "firstMessage":
		return &m.FirstMessage
	case "isAnonymous":
		return &m.IsAnonymous
	case "emotes":
		return &m.Emotes
	case "badges":
		return &m.Badges
	case "isTest":
		return &m.IsTest
	}
	return nil
}

func (m *meta) field(name string) setter {
	switch name {
	case "firstMessage":
		return &m.FirstMessage
	case "createdAt":
		return &m.CreatedAt
	case "isTest":
		return &m.IsTest
	}
	return nil
}

func (b *badge) field(name string) setter {
	switch name {
	case "id":
		return &b.ID
	case "name":
		return &b.Name
	case "version":
		return &b.Version
	case "info":
		return &b.Info
	case "imageUrl":
		return &b.ImageURL
	}
	return nil
}

func (b *broadcast) field(name string) setter {
	switch name {
	case "id":
		return &b.ID
	case "channelId":
		return &b.ChannelID
	}
	return nil
}

func (d *chatData) field(name string) setter {
	switch name {
	case "text":
		return &d.Text
	case "content":
		return &d.Content
	case "parts":
		return &d.Parts
	case "emotes":
		return &d.Emotes
	case "bits":
		return &d.Bits
	case "reply":
		return &d.Reply
	}
	return d.common.field(name)
}

func (e *emote) field(name string) setter {
	switch name {
	case "id":
		return &e.ID
	case "name":
		return &e.Name
	case "type":
		return &e.Type
	case "startIndex":
		return &e.Start
	case "endIndex":
		return &e.End
	case "imageUrl":
		return &e.ImageURL
	}
	return nil
}

func (r *reply) field(name string) setter {
	switch name {
	case "id":
		return &r.ID
	case "messageId":
		return &r.MessageID
	case "msgId":
		return &r.MsgID
	case "parentMsgId":
		return &r.ParentID
	case "userId":
		return &r.UserID
	case "userLogin":
		return &r.UserLogin
	case "userName":
		return &r.UserName
	case "msgBody":
		return &r.MsgBody
	case "content":
		return &r.Content
	case "sender":
		return &r.Sender
	}
	return nil
}

func (p *part) field(name string) setter {
	if name == "text" {
		return &p.Text
	}
	return nil
}
