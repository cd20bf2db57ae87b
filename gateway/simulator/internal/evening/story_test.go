package evening

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const seeds = 25

// rules are what must be true of every evening.
var rules = []struct {
	name  string
	check func(t *testing.T, o Options, frames []played)
}{
	{"envelopes", envelopes},
	{"sizes", sizes},
	{"all families each evening", allFamilies},
	{"chat is most of it", mostlyChat},
	{"the start is in the first twenty frames", soonLive},
	{"the end is in order", orderlyEnd},
	{"ids of streams", streamIDs},
	{"titles and categories follow each other", titles},
	{"scenes follow each other", sceneChain},
	{"links lead nowhere", invented},

	{"ids of lines are unique", lineIDs},
	{"deleted lines were said", deletions},
	{"silenced people spoke before and not after", silences},
	{"held lines are settled", heldLines},
	{"commands are lines", commandLines},
	{"an outage is silent", darkTwitch},

	{"nobody follows twice", follows},
	{"months count on", monthsCountOn},
	{"bombs and their gifts", bombs},
	{"gifts on YouTube", membershipGifts},
	{"gifts add up", giftTotals},
	{"a raid brings people", raids},
	{"the hype train is fed", hypeTrains},
	{"redemptions are settled", redemptions},
	{"votes and bets grow", votes},
	{"statistics grow", growing},
}

// The rules are tried on many seeds, on each generation of servers, for two evenings each, because some
// hold from one evening to the next.
func TestStories(t *testing.T) {
	for seed := range uint64(seeds) {
		o := Options{Seed: seed, Start: start, Shape: Shape(seed % uint64(shapes)), Kick: seed%4 != 3, MixShapes: seed%5 == 4}
		name := fmt.Sprintf("seed %d shape %d", seed, o.Shape)
		if o.MixShapes {
			name = fmt.Sprintf("seed %d mixed", seed)
		}
		t.Run(name, func(t *testing.T) {
			frames := playEvenings(t, o, 2)
			for _, r := range rules {
				t.Run(r.name, func(t *testing.T) { r.check(t, o, frames) })
			}
		})
	}
}

// envelopes have three fields and times in order.
func envelopes(t *testing.T, _ Options, frames []played) {
	for i, p := range frames {
		if got := slices.Sorted(maps.Keys(p.value)); !slices.Equal(got, []string{"data", "event", "timeStamp"}) {
			t.Errorf("fields %v", got)
		}
		if i > 0 && !p.at.After(frames[i-1].at) {
			t.Errorf("%s is stamped %s after %s", p.kind, p.at, frames[i-1].at)
		}
	}
}

// sizes are those recorded, 110 bytes to 3.9 kB, and up to a half more for a line full of emotes that is
// told in two shapes at once.
func sizes(t *testing.T, _ Options, frames []played) {
	for _, p := range frames {
		if len(p.body) < 80 || len(p.body) > 6000 {
			t.Errorf("%d bytes: %s", len(p.body), p.body)
		}
	}
	for evening := 1; evening <= 2; evening++ {
		if n := len(tonightOf(frames, evening)); n < 600 || n > 1300 {
			t.Errorf("evening %d has %d frames", evening, n)
		}
	}
}

func tonightOf(frames []played, evening int) []played {
	return slices.DeleteFunc(slices.Clone(frames), func(p played) bool { return p.evening != evening })
}

// everyEvening are the events that no evening lacks, on any server; since025 and so on those that
// depend on it.
var everyEvening = map[servers]string{
	allServers: `Obs.Connected Obs.SceneChanged Obs.StreamingStarted Obs.StreamingStopped Obs.RecordingStarted
		Obs.RecordingStopped Obs.Disconnected Twitch.StreamUpdate Twitch.StreamOnline Twitch.StreamOffline
		Twitch.ChatMessage Twitch.FirstWord Twitch.Follow Twitch.Sub Twitch.ReSub Twitch.GiftSub Twitch.GiftBomb
		Twitch.Cheer Twitch.Raid Twitch.RaidStart Twitch.RaidSend Twitch.RewardRedemption Twitch.RewardUpdated
		Twitch.RewardRedemptionUpdated Twitch.HypeTrainStart Twitch.HypeTrainUpdate Twitch.HypeTrainLevelUp
		Twitch.HypeTrainEnd Twitch.ChatMessageDeleted Twitch.UserTimedOut Twitch.UserUntimedOut Twitch.UserBanned
		Twitch.ChatCleared Twitch.Announcement Twitch.PollCreated Twitch.PollUpdated Twitch.PollCompleted
		Twitch.PredictionCreated Twitch.PredictionUpdated Twitch.PredictionLocked Twitch.PredictionCompleted
		Twitch.AdRun Twitch.ViewerCountUpdate Twitch.Whisper Twitch.BroadcasterChatDisconnected
		Twitch.BroadcasterChatConnected Twitch.BroadcasterEventSubDisconnected Twitch.BroadcasterEventSubConnected
		YouTube.BroadcastStarted YouTube.BroadcastUpdated YouTube.BroadcastEnded YouTube.Message YouTube.FirstWords
		YouTube.SuperChat YouTube.SuperSticker YouTube.NewSponsor YouTube.MemberMileStone YouTube.MembershipGift
		YouTube.GiftMembershipReceived YouTube.NewSubscriber YouTube.StatisticsUpdated YouTube.UserBanned
		YouTube.MessageDeleted Trovo.ChatMessage Trovo.FirstWords Trovo.Follow Trovo.SpellCast StreamElements.Tip
		Streamlabs.Donation Kofi.Donation TipeeeStream.Donation General.Custom Custom.Event Raw.Action Raw.SubAction
		Raw.ActionCompleted Misc.GlobalVariableUpdated`,
	since025: `Twitch.AutomaticRewardRedemption Twitch.WatchStreak Twitch.AutoModMessageHeld
		Twitch.AutoModMessageUpdate`,
	since105: `Twitch.PowerUpRedemption Twitch.CustomPowerUpRedemption YouTube.JewelsGifted`,
}

const everyKickEvening = `Kick.ChatMessage Kick.FirstWords Kick.Follow Kick.Subscription Kick.Resubscription
	Kick.GiftSubscription Kick.MassGiftSubscription Kick.ChannelUpdate Kick.StreamOnline Kick.StreamOffline
	Kick.ViewerCountUpdate`

func allFamilies(t *testing.T, o Options, frames []played) {
	for evening := 1; evening <= 2; evening++ {
		seen := map[string]bool{}
		custom := map[string]bool{}
		for _, p := range tonightOf(frames, evening) {
			seen[p.kind] = true
			if p.kind == "General.Custom" {
				_, wrapped := p.data["data"].(string)
				custom[fmt.Sprintf("object %t, wrapped %t", p.data != nil, wrapped)] = true
			}
		}
		if len(custom) != 3 {
			t.Errorf("evening %d: General.Custom only as %v", evening, sorted(custom))
		}
		wanted := strings.Fields("Command.Triggered")
		if o.Shape == Nested && !o.MixShapes {
			wanted = strings.Fields("Command.Message")
		}
		if o.Kick {
			wanted = append(wanted, strings.Fields(everyKickEvening)...)
		}
		for who, kinds := range everyEvening {
			if o.MixShapes || who.has(o.Shape) {
				wanted = append(wanted, strings.Fields(kinds)...)
			}
		}
		for _, kind := range wanted {
			if !seen[kind] {
				t.Errorf("evening %d has no %s", evening, kind)
			}
		}
		for kind := range seen {
			if !o.Kick && strings.HasPrefix(kind, "Kick.") {
				t.Errorf("%s on a server without Kick", kind)
			}
			if !o.MixShapes && !since105.has(o.Shape) && slices.Contains(strings.Fields(everyEvening[since105]), kind) {
				t.Errorf("%s on a server that does not know it", kind)
			}
		}
	}
}

func mostlyChat(t *testing.T, _ Options, frames []played) {
	lines := 0
	for _, p := range frames {
		if _, ok := p.line(); ok {
			lines++
		}
	}
	if share := float64(lines) / float64(len(frames)); share < 2.0/3 || share > 0.9 {
		t.Errorf("chat is %.2f of all frames", share)
	}
}

var link = regexp.MustCompile(`https?://([^/"\\ ]+)`)

// invented says that every address is under .example or example.org.
func invented(t *testing.T, _ Options, frames []played) {
	for _, p := range frames {
		for _, m := range link.FindAllSubmatch(p.body, -1) {
			if !bytes.HasSuffix(m[1], []byte(".example")) && string(m[1]) != "example.org" {
				t.Errorf("%s links to %s", p.kind, m[1])
			}
		}
	}
}
