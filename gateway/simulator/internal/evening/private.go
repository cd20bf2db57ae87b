package evening

// What follows is private (reference/streamerbot.md section 7). It happens so that one can see that a
// careful client never asks for it.

// whisper is a private message to the streamer.
func (e *Evening) whisper(s Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	text := "psst, the key is under the kettle"
	if s == Nested {
		return e.one("Twitch", "Whisper", object{"message": object{
			"msgId": "2", "userId": v.id, "username": v.login, "displayName": v.name, "message": text,
			"emotes": []emote{}, "badges": withoutInfo(v.badges),
		}})
	}
	return e.one("Twitch", "Whisper", object{
		"user": twitchUserOf(v), "whisperId": uuid(e.ids), "whisperText": text, "isTest": false,
	})
}

// action is one run of an action of Streamer.bot with its one step.
func (e *Evening) action(Shape) [][]byte {
	run, queued := uuid(e.ids), Stamp(e.at)
	const id, name = "57663f72-c375-452a-8537-d82028a2b793", "Shout it out"
	args := object{
		"source": "Command", "actionId": id, "actionName": name, "runningActionId": run, "actionQueuedAt": queued,
	}
	e.later(1, func(e *Evening) [][]byte {
		return e.one("Raw", "SubAction", object{
			"parentId": id, "parentName": name, "type": 99999, "id": run,
			"actionId": "99b610b2-2091-4fd5-b97f-bf8470241397", "name": "Send message", "arguments": args,
		})
	})
	e.later(2, func(e *Evening) [][]byte {
		return e.one("Raw", "ActionCompleted", object{
			"id": run, "actionId": id, "name": name, "arguments": args, "duration": 143.4999, "queuedAt": queued,
			"startedAt": queued, "completedAt": Stamp(e.at), "success": true, "excludeFromHistory": false,
		})
	})
	return e.one("Raw", "Action", object{"id": run, "actionId": id, "name": name, "arguments": args})
}

// variable is a global variable that an action wrote.
func (e *Evening) variable(Shape) [][]byte {
	old := e.mood
	e.mood = pick(e.what, moods)
	return e.one("Misc", "GlobalVariableUpdated", object{
		"name": "mood", "oldValue": old, "newValue": e.mood, "persisted": true,
	})
}
