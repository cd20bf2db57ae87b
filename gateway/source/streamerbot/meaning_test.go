package streamerbot

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"promethean/schema"
)

// meanings says of each type of frame what it must become: the type, and the
// kind of a channel.event. It is written by hand, apart from the table; what it
// does not name passes through under its own type.
func meanings(source, kind string) string {
	const event = "channel.event "
	switch source + "." + kind {
	case "Twitch.ChatMessage", "YouTube.Message", "Kick.ChatMessage", "Trovo.ChatMessage":
		return "chat.message"
	case "Twitch.ChatMessageDeleted", "YouTube.MessageDeleted":
		return "chat.message_deleted"
	case "Twitch.ChatCleared":
		return "chat.cleared"
	case "Twitch.UserTimedOut", "YouTube.UserTimedOut", "YouTube.UserTimedout", "Kick.UserTimedOut":
		return "chat.user_timed_out"
	case "Twitch.UserBanned", "YouTube.UserBanned", "Kick.UserBanned":
		return "chat.user_banned"
	case "Twitch.UserUnbanned":
		return "chat.user_unbanned"
	case "Twitch.UserUntimedOut":
		return "chat.user_untimed_out"
	case "Command.Triggered", "Command.Message":
		return "chat.command"
	case "Twitch.Follow", "Kick.Follow", "Trovo.Follow", "YouTube.NewSubscriber":
		return event + "FOLLOW"
	case "Twitch.Sub", "Kick.Subscription", "Trovo.Subscription", "Kofi.Subscription", "Fourthwall.SubscriptionPurchased":
		return event + "SUBSCRIPTION"
	case "Twitch.ReSub", "Kick.Resubscription", "Trovo.Resubscription", "Kofi.Resubscription":
		return event + "RESUBSCRIPTION"
	case "Twitch.GiftSub", "Kick.GiftSubscription", "Trovo.GiftSubscription":
		return event + "GIFT_SUBSCRIPTION"
	case "Twitch.GiftBomb", "Kick.MassGiftSubscription", "Trovo.MassGiftSubscription":
		return event + "GIFT_BOMB"
	case "Twitch.Cheer":
		return event + "CHEER"
	case "Twitch.Raid", "Trovo.Raid":
		return event + "RAID"
	case "Twitch.RewardRedemption", "Twitch.AutomaticRewardRedemption", "Twitch.PowerUpRedemption",
		"Twitch.CustomPowerUpRedemption", "Kick.RewardRedemption":
		return event + "REDEMPTION"
	case "Twitch.HypeTrainStart":
		return event + "HYPE_TRAIN_START"
	case "Twitch.HypeTrainUpdate":
		return event + "HYPE_TRAIN_UPDATE"
	case "Twitch.HypeTrainLevelUp":
		return event + "HYPE_TRAIN_LEVEL_UP"
	case "Twitch.HypeTrainEnd":
		return event + "HYPE_TRAIN_END"
	case "YouTube.SuperChat":
		return event + "SUPER_CHAT"
	case "YouTube.SuperSticker":
		return event + "SUPER_STICKER"
	case "YouTube.NewSponsor":
		return event + "MEMBERSHIP"
	case "YouTube.MemberMileStone":
		return event + "MEMBERSHIP_MILESTONE"
	case "YouTube.MembershipGift", "YouTube.GiftMembershipReceived":
		return event + "MEMBERSHIP_GIFT"
	case "StreamElements.Tip", "Streamlabs.Donation", "Streamlabs.CharityDonation", "Kofi.Donation",
		"TipeeeStream.Donation", "TreatStream.Treat", "Pallygg.CampaignTip", "DonorDrive.Donation",
		"Fourthwall.Donation", "Twitch.CharityDonation":
		return event + "DONATION"
	case "Twitch.StreamOnline", "Kick.StreamOnline", "Trovo.StreamOnline", "YouTube.BroadcastStarted":
		return "channel.go_live"
	case "Twitch.StreamOffline", "Kick.StreamOffline", "Trovo.StreamOffline", "YouTube.BroadcastEnded":
		return "channel.go_offline"
	case "Twitch.StreamUpdate", "Kick.ChannelUpdate", "YouTube.BroadcastUpdated":
		return "channel.updated"
	}
	return outputMeanings(source, kind)
}

func outputMeanings(source, kind string) string {
	if source == "Obs" || source == "StreamlabsDesktop" || source == "MeldStudio" {
		switch kind {
		case "StreamingStarted":
			return "obs.streaming_started"
		case "StreamingStopped":
			return "obs.streaming_stopped"
		case "RecordingStarted":
			return "obs.recording_started"
		case "RecordingStopped":
			return "obs.recording_stopped"
		case "SceneChanged":
			return "obs.scene_changed"
		}
	}
	return string(passThroughType(source, kind)) // held by TestTypeNames
}

// meaningOf is what a frame must become, by its file's name: Source.Type.shape.
// Only YouTube's ban says by its data which of two it is.
func meaningOf(t *testing.T, name string, frame []byte) string {
	t.Helper()
	source, rest, _ := strings.Cut(name, ".")
	kind, _, _ := strings.Cut(rest, ".")
	if name == "YouTube.UserBanned.v025-permanent" {
		return "chat.user_banned"
	}
	if bytes.Contains(frame, []byte(`"temporary"`)) || strings.HasPrefix(name, "Kick.UserBanned.own-timed") {
		return "chat.user_timed_out"
	}
	if strings.Contains(name, ".edge-passes") {
		return string(passThroughType(source, kind))
	}
	return meanings(source, kind)
}

// said is what a frame became, in the words of meanings.
func said(t *testing.T, typ schema.Type, payload []byte) string {
	t.Helper()
	if typ != schema.ChannelEvent {
		return string(typ)
	}
	var p schema.ChannelEventPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		t.Fatal(err)
	}
	return string(typ) + " " + string(p.EventType)
}

// TestSharedFrames holds every frame of the shared folder, or the repository's
// copies of them, against what its name says that it means.
func TestSharedFrames(t *testing.T) {
	folders := []string{"testdata/frames", sharedFrames}
	if _, err := os.Stat(sharedFrames); err != nil {
		t.Log("no ../shared/frames beside this checkout, so only the repository's own frames were read")
	}
	for _, folder := range folders {
		for name, frame := range frames(t, folder) {
			t.Run(name, func(t *testing.T) { explains(t, name, frame) })
		}
	}
}

func explains(t *testing.T, name string, frame []byte) {
	d, ignored := Normalise(frame, testFacts())
	if ignored {
		t.Fatal("ignored")
	}
	e := mustSeal(t, d)
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		t.Fatal(err)
	}
	wantRaw(t, d, meta, frame)
	want(t, said(t, e.Type, e.Payload), meaningOf(t, name, frame))
	conforms(t, e.Type, e.Payload)
	if e.Timestamp.IsZero() || meta.Gateway.TimestampAssumed {
		t.Error("the frame's time was not read")
	}
	if d.OwnVersion && d.Raw == nil {
		t.Error("a fact without its frame")
	}
	if e.Type == schema.ChatMessage {
		wantChat(t, frame, e)
	}
}
