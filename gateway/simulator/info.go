package simulator

import "promethean/gateway/simulator/internal/evening"

type info struct {
	InstanceID string `json:"instanceId"`
	Name       string `json:"name"`
	Version    string `json:"version"`
	OS         string `json:"os"`
	OSVersion  string `json:"osVersion"`
	Mode       string `json:"mode"`
	DarkMode   bool   `json:"darkMode"`
	Source     string `json:"source"`
}

// hello is the greeting (reference/streamerbot.md section 1.3).
type hello struct {
	Timestamp      string     `json:"timestamp"`
	Session        string     `json:"session"`
	Request        string     `json:"request"`
	Info           info       `json:"info"`
	Authentication *challenge `json:"authentication,omitempty"`
}

func (c *session) hello() []byte {
	h := hello{
		Timestamp: evening.Stamp(c.server.opt.Clock()), Session: c.id, Request: "Hello", Info: c.server.info(),
	}
	if c.server.opt.Auth != AuthOff {
		h.Authentication = &c.challenge
	}
	return encode(h)
}

func (s *Server) info() info {
	return info{
		InstanceID: s.instance, Name: "Streamer.bot", Version: s.opt.Version,
		OS: "windows", OSVersion: "10.0.22631.0", Mode: "ui", DarkMode: true, Source: "websocketServer",
	}
}

func (c *session) getInfo(r request) error { return c.reply(r, fields{"info": c.server.info()}) }

func (c *session) getEvents(r request) error { return c.reply(r, fields{"events": c.server.catalogue}) }

// The broadcaster on Trovo, beside what [evening.Streamer] tells.
const (
	trovoID      = "100417002"
	trovoProfile = "https://trovo-avatars.example/mossduck.webp"
)

// getBroadcaster says who streams where (reference/streamerbot.md section 2.2). On Twitch
// broadcastUser is the display name and broadcastUserName the login (wiki.streamer.bot, "Twitch
// Events").
func (c *session) getBroadcaster(r request) error {
	me := evening.Streamer()
	platforms := map[string]any{
		"twitch": map[string]any{
			"broadcastUser": me.Name, "broadcastUserName": me.Login, "broadcastUserId": me.TwitchID,
			"broadcasterIsAffiliate": true, "broadcasterIsPartner": false,
			"botUser": me.BotName, "botUserName": me.BotLogin, "botUserId": me.BotTwitchID,
		},
		"youtube": map[string]any{
			"broadcastUserName": me.Name, "broadcastUserId": me.YouTubeID, "broadcastUserProfileImage": me.YouTubeImage,
		},
	}
	platforms["trovo"] = map[string]any{
		"broadcasterLogin": me.Login, "broadcasterUserName": me.Name,
		"broadcasterUserId": trovoID, "broadcasterProfileUrl": trovoProfile,
	}
	connected := []string{"twitch", "youtube", "trovo"}
	if c.server.opt.since("1.0.0") {
		platforms["kick"] = map[string]any{
			"broadcasterLogin": me.Login, "broadcasterUserName": me.Name,
			"broadcasterUserId": me.KickID, "broadcasterProfileUrl": me.KickProfile,
		}
		connected = append(connected, "kick")
	}
	return c.reply(r, fields{"platforms": platforms, "connected": connected, "disconnected": []string{}})
}
