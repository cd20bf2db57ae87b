package evening

// hold is a line that AutoMod holds back. A moderator lets it through, and then it is said under the
// id it was held with, or denies it.
func (e *Evening) hold(s Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	before, bad, after := "that ferryman is a ", pick(e.what, []string{"barnacle", "soggy biscuit", "muppet 🦆"}), " honestly"
	l := e.newLine(v)
	l.shape, l.segments = s, []segment{{text: before + bad + after}}
	data := named("user_", v).with(object{
		"message_id": l.id, "text": plain(l.segments), "is_test": false,
		"fragments": []object{
			{"type": "text", "text": before}, {"type": "text", "text": bad}, {"type": "text", "text": after},
		},
		"held_at": utcStamp(e.platformTime()), "reason": "automod",
		"automod": object{"category": "namecalling", "level": 2, "boundaries": []object{
			{"start_pos": units(before), "end_pos": units(before) + units(bad) - 1},
		}},
	})
	e.later(4+e.what.IntN(6), func(e *Evening) [][]byte {
		if e.what.IntN(2) == 0 || v.silenced {
			return e.one("Twitch", "AutoModMessageUpdate", data.with(object{"status": "denied"}))
		}
		frames := e.one("Twitch", "AutoModMessageUpdate", data.with(object{"status": "approved"}))
		return append(frames, e.speak(l)...)
	})
	return e.one("Twitch", "AutoModMessageHeld", data)
}
