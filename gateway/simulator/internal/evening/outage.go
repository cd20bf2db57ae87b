package evening

// darkness is for how many moments Twitch is not heard.
const darkness = 6

// outage is Streamer.bot's own short blindness: it loses Twitch and finds it again. In between nothing
// comes from there, while the other chats go on.
func (e *Evening) outage(Shape) [][]byte {
	e.blind = darkness
	return [][]byte{
		e.frame("Twitch", "BroadcasterChatDisconnected", object{}),
		e.frame("Twitch", "BroadcasterEventSubDisconnected", object{}),
	}
}

// inTheDark is a moment of an outage.
func (e *Evening) inTheDark(hype bool) [][]byte {
	e.blind--
	if e.blind > 0 {
		return e.talk(hype)
	}
	return [][]byte{
		e.frame("Twitch", "BroadcasterEventSubConnected", object{}),
		e.frame("Twitch", "BroadcasterChatConnected", object{}),
	}
}
