package streamerbot

import (
	"testing"
	"testing/synctest"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// The gateway is connected before Streamer.bot has reached Twitch: whose
// channel it is, is learnt when it has.
func TestChannelsAreLearntLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, answers: map[string]string{"GetBroadcaster": `{"id":"%s","status":"ok","platforms":{"kick":{"broadcasterLogin":"gat","broadcasterUserId":"9"}}}`}}
		s, _, _ := start(t, b, Config{})
		channels := func() map[schema.Provider]schema.Channel {
			synctest.Wait()
			return s.state.now().facts().Channels
		}
		kick := schema.Channel{ID: "9", Name: "gat", Platform: "KICK"}
		if diff := cmp.Diff(map[schema.Provider]schema.Channel{schema.Kick: kick}, channels()); diff != "" {
			t.Fatal(diff)
		}
		b.mu.Lock()
		b.answers = nil // from now on there is Twitch, and no Kick
		b.mu.Unlock()
		b.send(t, follow(1), `{"timeStamp":"2026-11-25T20:00:00Z","event":{"source":"Twitch","type":"BroadcasterChatDisconnected"},"data":{}}`)
		if got := channels(); len(got) != 1 {
			t.Errorf("asked again too early: %v", got)
		}
		b.send(t, `{"timeStamp":"2026-11-25T20:00:01Z","event":{"source":"Twitch","type":"BroadcasterChatConnected"},"data":{}}`)
		twitch := schema.Channel{ID: "1", Name: "gatiso", Platform: "TWITCH"}
		if diff := cmp.Diff(map[schema.Provider]schema.Channel{schema.Kick: kick, schema.Twitch: twitch}, channels()); diff != "" {
			t.Error(diff)
		}
	})
}
