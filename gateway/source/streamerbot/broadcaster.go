package streamerbot

import (
	"context"
	"strings"

	"promethean/schema"
)

// account is the broadcaster's on one platform, by the names that the
// platforms' blocks use (reference: streamerbot.md 2.2). On Twitch
// broadcastUser is the display name and broadcastUserName the login.
type account struct {
	BroadcastUserID     text `json:"broadcastUserId"`
	BroadcastUserName   text `json:"broadcastUserName"`
	BroadcastUser       text `json:"broadcastUser"`
	BroadcasterUserID   text `json:"broadcasterUserId"`
	BroadcasterLogin    text `json:"broadcasterLogin"`
	BroadcasterUserName text `json:"broadcasterUserName"`
}

// channels asks whose channels these are. A server that does not say costs
// the channel of some events, not the connection: only an error of the
// connection is returned.
func (s *session) channels(ctx context.Context) (map[schema.Provider]schema.Channel, error) {
	answer, err := s.ask(ctx, "GetBroadcaster", nil)
	if err != nil {
		return nil, err
	}
	return readChannels(answer), nil
}

func readChannels(answer []byte) map[schema.Provider]schema.Channel {
	var a struct {
		Platforms object[map[string]object[account]] `json:"platforms"`
	}
	if !read(answer, &a) {
		return nil
	}
	channels := map[schema.Provider]schema.Channel{}
	for name, account := range a.Platforms.v {
		p := schema.Provider(strings.ToLower(name))
		switch p {
		case schema.Twitch, schema.YouTube, schema.Kick, schema.Trovo:
			if c, ok := account.v.channel(p); ok {
				channels[p] = c
			}
		}
	}
	return channels
}

func (a account) channel(p schema.Provider) (schema.Channel, bool) {
	c := schema.Channel{
		ID:       clip(first(a.BroadcastUserID, a.BroadcasterUserID)),
		Name:     clip(first(a.BroadcasterLogin, a.BroadcastUserName, a.BroadcasterUserName, a.BroadcastUser)),
		Platform: strings.ToUpper(string(p)),
	}
	return c, c.ID != "" || c.Name != ""
}
