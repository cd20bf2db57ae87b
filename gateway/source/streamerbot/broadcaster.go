package streamerbot

import (
	"context"
	"maps"
	"slices"
	"strings"

	"promethean/schema"
)

// account is the broadcaster's on one platform, by the names that the
// platforms' blocks use (reference: streamerbot.md 2.2). On Twitch
// broadcastUser is the display name and broadcastUserName the login
// (wiki.streamer.bot, "Twitch Events").
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
		if c, ok := account.v.channel(p); ok && slices.Contains(schema.ChatProviders(), p) {
			channels[p] = c
		}
	}
	return channels
}

func (a account) channel(p schema.Provider) (schema.Channel, bool) {
	names := []text{a.BroadcasterLogin, a.BroadcastUserName, a.BroadcasterUserName, a.BroadcastUser}
	name := first(names...)
	if p == schema.Twitch {
		name = twitchLogin(names...)
	}
	c := schema.Channel{
		ID:       clip(first(a.BroadcastUserID, a.BroadcasterUserID)),
		Name:     clip(name),
		Platform: strings.ToUpper(string(p)),
	}
	return c, c.ID != "" || c.Name != ""
}

// twitchLogin is the login among a channel's names, for one channel must have
// one name in all events: the first that can be one as it stands, else in lower
// case (a display name may differ in no more), else the first.
func twitchLogin(names ...text) string {
	for _, spelt := range []func(string) string{func(s string) string { return s }, strings.ToLower} {
		for _, n := range names {
			if login := spelt(string(n)); isTwitchLogin(login) {
				return login
			}
		}
	}
	return first(names...)
}

func isTwitchLogin(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// relearn asks again whose channels these are whenever a platform was
// connected at Streamer.bot, which may be long after the gateway was. What was
// known stays where nothing new is said.
func (s *session) relearn() {
	for {
		select {
		case <-s.moved:
		case <-s.ended:
			return
		}
		told, err := s.channels(context.Background())
		if err != nil {
			s.source.c.Log.Debug().Err(err).Msg("asked in vain whose channels these are")
			continue
		}
		f := s.facts()
		channels := maps.Clone(f.Channels)
		if channels == nil {
			channels = map[schema.Provider]schema.Channel{}
		}
		maps.Copy(channels, told)
		f.Channels = channels
		s.know(f)
	}
}

// noteAccount has relearn ask again after an event by which Streamer.bot says
// that a platform's account is there: BroadcasterAuthenticated, Broadcaster…Connected.
func (s *session) noteAccount(d schema.Draft) {
	_, kind, _ := strings.Cut(d.Trace.FrameType, ".")
	_, isBack, _ := readSight(d.Trace.FrameType)
	if !isBack && !strings.EqualFold(kind, "BroadcasterAuthenticated") {
		return
	}
	select {
	case s.moved <- struct{}{}:
	default: // it will be asked anyway
	}
}
