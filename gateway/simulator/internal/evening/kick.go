package evening

type kickUser struct {
	ID               string  `json:"id"`
	Login            string  `json:"login"`
	Name             string  `json:"name"`
	Type             string  `json:"type"`
	ProfilePicture   string  `json:"profilePicture"`
	Role             int     `json:"role"`
	IsSubscribed     bool    `json:"isSubscribed"`
	Badges           []badge `json:"badges"`
	Colour           string  `json:"color"`
	MonthsSubscribed int     `json:"monthsSubscribed"`
	IsVerified       bool    `json:"isVerified"`
}

type kickReply struct {
	MessageID string   `json:"messageId"`
	Content   string   `json:"content"`
	Sender    kickUser `json:"sender"`
}

// kickData is Kick.ChatMessage and Kick.FirstWords by their documented schema.
type kickData struct {
	IsAnonymous bool       `json:"isAnonymous"`
	User        kickUser   `json:"user"`
	MessageID   string     `json:"messageId"`
	Parts       []part     `json:"parts"`
	Text        string     `json:"text"`
	IsReply     bool       `json:"isReply"`
	Reply       *kickReply `json:"reply"`
	IsInternal  bool       `json:"isInternal"`
	IsTest      bool       `json:"isTest"`
}

func (e *Evening) kickChat(l *line, kind string) []byte {
	text := plain(l.segments)
	d := kickData{
		User: kickUserOf(l.by), MessageID: l.id, Text: text,
		Parts: []part{{Type: "text", Text: text}},
	}
	if l.reply != nil && kind == "ChatMessage" {
		d.IsReply = true
		d.Reply = &kickReply{MessageID: l.reply.id, Content: l.reply.text, Sender: kickUserOf(l.reply.by)}
	}
	return e.frame("Kick", kind, d)
}

func kickUserOf(v *viewer) kickUser {
	colour := v.colour
	if colour == "" {
		colour = "#75FD46" // Kick gives everybody a colour
	}
	return kickUser{
		ID: v.id, Login: v.login, Name: v.name, Type: "kick", ProfilePicture: v.avatar, Role: v.role,
		IsSubscribed: v.subscribed(), Badges: v.badges, Colour: colour, MonthsSubscribed: v.months,
	}
}
