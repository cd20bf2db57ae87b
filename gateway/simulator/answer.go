package simulator

import (
	"encoding/json"

	"promethean/gateway/simulator/internal/evening"
)

// request is any request; each uses its own fields.
type request struct {
	Request        string              `json:"request"`
	ID             json.RawMessage     `json:"id"` // echoed as it came
	Events         map[string][]string `json:"events"`
	Authentication string              `json:"authentication"`
}

// ok holds what an answer says beyond id and status.
type ok struct {
	Info         *info               `json:"info,omitempty"`
	Events       map[string][]string `json:"events,omitzero"`
	Platforms    map[string]any      `json:"platforms,omitempty"`
	Connected    []string            `json:"connected,omitzero"`
	Disconnected []string            `json:"disconnected,omitzero"`
}

type answer struct {
	ok
	Status string          `json:"status"`
	ID     json.RawMessage `json:"id,omitempty"`
	Error  string          `json:"error,omitempty"`
}

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

// answer serves one request. An error ends the connection.
func (c *session) answer(body []byte) error {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		r = request{}
	}
	s := c.server
	if s.opt.Auth == AuthEnforced && !c.authenticated.Load() && r.Request != "Authenticate" {
		return &goodbye{statusAuthFailed, "Authentication required"}
	}
	switch r.Request {
	case "Authenticate":
		return c.authenticate(r)
	case "GetInfo":
		i := s.info()
		return c.reply(r, ok{Info: &i})
	case "GetEvents":
		return c.reply(r, ok{Events: s.catalogue})
	case "GetBroadcaster":
		return c.reply(r, s.broadcaster())
	case "Subscribe":
		return c.subscribe(r)
	case "UnSubscribe":
		return c.unsubscribe(r)
	case "":
		return c.refuse(r, "Invalid request")
	default:
		return c.refuse(r, "Unknown request")
	}
}

// subscribe answers with what is subscribed to from then on. No event overtakes the answer, and none
// that is injected once the client has it is missed.
func (c *session) subscribe(r request) error {
	c.offers.Lock()
	defer c.offers.Unlock()
	more := c.subs.with(r.Events)
	if err := c.reply(r, ok{Events: more.wanted}); err != nil {
		return err
	}
	c.adopt(more)
	return nil
}

// unsubscribe answers with what is left. No event that is gone from it follows the answer.
func (c *session) unsubscribe(r request) error {
	c.offers.Lock()
	defer c.offers.Unlock()
	left := c.subs.without(r.Events)
	c.adopt(left)
	return c.reply(r, ok{Events: left.wanted})
}

// adopt changes the subscriptions, under offers, and keeps the Stats true.
func (c *session) adopt(s *subscriptions) {
	was, is := c.subs.any(), s.any()
	c.subs = s
	c.server.tally.update(func(t *Stats) {
		t.Requests++
		switch {
		case is && !was:
			t.Subscribed++
		case was && !is:
			t.Subscribed--
		}
	})
}

func (c *session) reply(r request, o ok) error {
	return c.send(encode(answer{ok: o, Status: "ok", ID: r.ID}))
}

func (c *session) refuse(r request, why string) error {
	return c.send(encode(answer{Status: "error", ID: r.ID, Error: why}))
}

// broadcaster is GetBroadcaster's answer (reference/streamerbot.md section 2.2).
func (s *Server) broadcaster() ok {
	me := evening.Streamer()
	o := ok{
		Platforms: map[string]any{
			"twitch": map[string]any{
				"broadcastUser": me.Login, "broadcastUserName": me.Name, "broadcastUserId": me.TwitchID,
				"broadcasterIsAffiliate": true, "broadcasterIsPartner": false,
				"botUser": me.BotLogin, "botUserName": me.BotName, "botUserId": me.BotTwitchID,
			},
			"youtube": map[string]any{
				"broadcastUserName": me.Name, "broadcastUserId": me.YouTubeID, "broadcastUserProfileImage": me.YouTubeImage,
			},
		},
		Connected:    []string{"twitch", "youtube"},
		Disconnected: []string{"trovo"},
	}
	if s.opt.since("1.0.0") {
		o.Platforms["kick"] = map[string]any{
			"broadcasterLogin": me.Login, "broadcasterUserName": me.Name,
			"broadcasterUserId": me.KickID, "broadcasterProfileUrl": me.KickProfile,
		}
		o.Connected = append(o.Connected, "kick")
	}
	return o
}

// encode gives compact JSON. All that is encoded here are this package's own types and ids that were
// read as JSON, so it cannot fail.
func encode(v any) []byte {
	body, _ := json.Marshal(v)
	return body
}
