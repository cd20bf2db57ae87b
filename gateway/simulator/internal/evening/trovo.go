package evening

// trovoChat is a line on Trovo. No frame of it is recorded; the fields are those that Streamer.bot's
// other platforms share.
func (e *Evening) trovoChat(l *line, kind string) []byte {
	text := plain(l.segments)
	return e.frame("Trovo", kind, object{
		"user": trovoUser(l.by), "messageId": l.id, "text": text, "message": text,
		"parts": []part{{Type: "text", Text: text}}, "isTest": false,
	})
}

func trovoUser(v *viewer) object {
	return object{
		"id": v.id, "login": v.login, "name": v.name, "type": "trovo", "role": v.role,
		"subscribed": v.subscribed(), "monthsSubscribed": v.months, "badges": v.badges, "color": v.colour,
	}
}

// trovoTalk is a line of one of the few on Trovo, who are there for one remark.
func (e *Evening) trovoTalk(Shape) [][]byte {
	v := e.someone(trovo, anyone)
	if v == nil {
		v = e.invite(trovo, 0)
	}
	l := e.newLine(v)
	l.segments = []segment{{text: e.sentence()}}
	return e.speak(l)
}

func (e *Evening) trovoFollow(Shape) [][]byte {
	v := e.someone(trovo, func(v *viewer) bool { return !v.follower })
	if v == nil {
		v = e.invite(trovo, 0)
	}
	v.follower = true
	return e.one("Trovo", "Follow", object{"user": trovoUser(v), "isTest": false})
}

// trovoSpell is a gift with a price in mana.
func (e *Evening) trovoSpell(Shape) [][]byte {
	v := e.talker(trovo)
	if v == nil {
		return nil
	}
	return e.one("Trovo", "SpellCast", object{
		"user": trovoUser(v), "spell": "Winner's duck", "quantity": 1, "value": 100, "currency": "Mana", "isTest": false,
	})
}
