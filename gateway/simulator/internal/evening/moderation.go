package evening

import "time"

// deleteLine takes a line away that was said a moment ago.
func (e *Evening) deleteLine(s Shape) [][]byte {
	line, ok := e.lastLine(twitch)
	if !ok {
		return nil
	}
	e.forget(line.id)
	if s == Nested {
		return e.one("Twitch", "ChatMessageDeleted", object{
			"targetMessageId": line.id, "message": line.text, "userName": line.by.login, "role": line.by.role,
			"isTest": false,
		})
	}
	data := object{
		"targetUser": identity(line.by), "messageId": line.id, "moderator": identity(e.moderator(twitch)), "isTest": false,
	}
	return e.one("Twitch", "ChatMessageDeleted", data.with(sharedFlags(s)))
}

// sharedFlags are what 1.0.5 adds to everything that can happen in a shared chat.
func sharedFlags(s Shape) object {
	if s != Flat {
		return nil
	}
	return object{"isInSharedChat": false, "isSharedChatHost": false, "isFromSharedChatGuest": false}
}

// lastLine is the latest line of an ordinary viewer on a platform.
func (e *Evening) lastLine(p platform) (spoken, bool) {
	for i := len(e.recent) - 1; i >= 0; i-- {
		if s := e.recent[i]; s.by.platform == p && s.by.role < roleModerator && !s.by.silenced {
			return s, true
		}
	}
	return spoken{}, false
}

// forget makes sure that a line is neither answered nor deleted again.
func (e *Evening) forget(id string) {
	for i, s := range e.recent {
		if s.id == id {
			e.recent = append(e.recent[:i:i], e.recent[i+1:]...)
			return
		}
	}
}

const timeOut = 600 * time.Second

// timeOut silences whoever spoke last; some are forgiven before it is over.
func (e *Evening) timeOut(s Shape) [][]byte {
	line, ok := e.lastLine(twitch)
	if !ok || line.by.spammer {
		return nil // worse is coming for a spammer
	}
	v, mod := line.by, e.moderator(twitch)
	v.silenced = true
	e.later(25+e.what.IntN(20), func(e *Evening) [][]byte {
		v.silenced = false
		return e.moderated(s, "UserUntimedOut", sentence{whom: v, by: mod})
	})
	return e.moderated(s, "UserTimedOut", sentence{whom: v, by: mod, length: timeOut, reason: "calm down"})
}

// spam is a stranger who advertises and is banned for it.
func (e *Evening) spam(s Shape) [][]byte {
	gull, mod := e.invite(twitch, 0), e.moderator(twitch)
	gull.spammer = true
	advertise := func(text string) cue {
		return func(e *Evening) [][]byte {
			l := e.newLine(gull)
			l.segments = []segment{{text: text}}
			return e.speak(l)
		}
	}
	for i, text := range spamLines[1:] {
		e.later(1+i, advertise(text))
	}
	e.later(1+len(spamLines), func(e *Evening) [][]byte {
		gull.silenced = true
		return e.moderated(s, "UserBanned", sentence{whom: gull, by: mod, reason: "spam"})
	})
	return advertise(spamLines[0])(e)
}

var spamLines = []string{
	"Best viewers on example.org/followers", "CHEAP viewers >>> https://example.org/followers?ref=duck&n=1000",
	"b e s t  v i e w e r s on example.org",
}

// sentence is what a moderator decided about somebody.
type sentence struct {
	whom, by *viewer
	length   time.Duration // of a time-out
	reason   string
}

var oldActions = map[string]string{"UserTimedOut": "timeout", "UserBanned": "ban", "UserUntimedOut": "untimeout"}

// moderated gives a sentence, or its end, as PubSub (before 0.2.5), EventSub or 1.0.5 tell it.
func (e *Evening) moderated(s Shape, kind string, w sentence) [][]byte {
	at := e.platformTime()
	seconds, undone := int(w.length/time.Second), kind == "UserUntimedOut"
	var data object
	switch s {
	case Nested:
		data = object{
			"target_user_display": w.whom.name, "target_user_id": w.whom.id, "target_user_login": w.whom.login,
			"created_at": utcStamp(at), "created_by": w.by.login, "created_by_user_id": w.by.id,
			"moderation_action": oldActions[kind], "type": "chat_login_moderation", "duration": seconds,
		}
	case Both:
		data = named("user_", w.whom).with(named("moderator_user_", w.by)).with(object{
			"created_at": utcStamp(at), "is_test": false,
		})
	default:
		data = object{
			"targetUser": identity(w.whom), "moderator": identity(w.by), "createdAt": utcStamp(at), "isTest": false,
		}
	}
	if !undone {
		data["reason"] = w.reason
	}
	if w.length > 0 {
		data["duration"] = seconds
		switch s {
		case Both:
			data["expires_at"] = utcStamp(at.Add(w.length))
		case Flat:
			data["expiresAt"] = utcStamp(at.Add(w.length))
		}
	}
	return e.one("Twitch", kind, data)
}

// clear empties the chat once, by a moderator's slip.
func (e *Evening) clear(s Shape) [][]byte {
	mod := e.moderator(twitch)
	e.recent = nil
	if s == Nested {
		return e.one("Twitch", "ChatCleared", object{
			"target_user_id": "", "target_user_login": "", "created_by_user_id": mod.id, "created_by": mod.login,
			"moderation_action": "clear", "type": "chat_channel_moderation", "duration": 0,
		})
	}
	return e.one("Twitch", "ChatCleared", object{
		"moderator": identity(mod), "createdAt": utcStamp(e.platformTime()), "isTest": false,
	})
}
