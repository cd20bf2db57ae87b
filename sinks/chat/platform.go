package chat

import "fmt"

// Collections are where chat is stored, by the platform's name in the payload.
// The list is closed: a collection's name never comes from outside.
func Collections() map[string]string {
	return map[string]string{
		"TWITCH":  "twitch_chat_messages",
		"YOUTUBE": "youtube_chat_messages",
		"KICK":    "kick_chat_messages",
		"TROVO":   "trovo_chat_messages",
		"TIKTOK":  "tiktok_chat_messages",
	}
}

// Collection is where chat of a platform is stored. A platform that is not
// listed is an error for ever: its lines become dead letters, which a later
// version with a longer list can redrive.
func Collection(platform string) (string, error) {
	if name, ok := Collections()[platform]; ok {
		return name, nil
	}
	return "", fmt.Errorf("chat of platform %.40q has no collection", platform)
}
