package evening

// powerUp is one of Twitch's own effects for bits; it has no id (recorded, since 1.0.5).
func (e *Evening) powerUp(Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	e.powerUps++
	v.powerUps++
	name := pick(e.what, emotesOf[twitch][:5])
	return e.one("Twitch", "PowerUpRedemption", object{
		"user": identity(v), "type": "celebration", "bits": 10,
		"counter": e.powerUps, "tempCounter": e.powerUps, "userCounter": v.powerUps, "tempUserCounter": v.powerUps,
		"text": "", "parts": []object{{"type": "text", "text": ""}},
		"emote": object{
			"source": "Twitch", "imageUrl": emoteURL(emoteID(name)), "zeroWidth": false, "type": "emote", "text": name,
		},
		"redeemed_at": Stamp(e.platformTime()), "broadcaster": identity(broadcaster()),
		"isInSharedChat": false, "isSharedChatHost": false, "isFromSharedChatGuest": false,
		"createdAt": utcStamp(e.platformTime()), "isTest": false,
	})
}

// customPowerUp is an effect for bits that the streamer invented (documented, since 1.0.5).
func (e *Evening) customPowerUp(Shape) [][]byte {
	v := e.talker(twitch)
	if v == nil {
		return nil
	}
	e.customUps++
	v.customUps++
	return e.one("Twitch", "CustomPowerUpRedemption", object{
		"redemptionId": uuid(e.ids), "status": "unfulfilled", "counter": e.customUps, "userCounter": v.customUps,
		"userColor": v.colour, "userInput": pick(e.what, things), "user": identity(v),
		"customPowerUp": object{
			"id": e.customUpID, "title": "Paint the boat", "bits": 250, "prompt": "Which colour?",
			"backgroundColor": "#2FA36B", "groupName": "", "globalCooldown": 0, "maxPerStream": 0,
			"maxPerUserPerStream": 0, "persistCounter": true, "persistUserCounter": true, "userInputRequired": true,
		},
		"redeemedAt": utcStamp(e.platformTime()), "isTest": false,
	})
}
