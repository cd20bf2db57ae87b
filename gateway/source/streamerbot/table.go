package streamerbot

import (
	"strings"

	"promethean/schema"
)

// row says of one type of frame what it becomes and who reads it. Either chat
// or read is set.
type row struct {
	// frame is Source.Type as Streamer.bot spells it; matched in any case.
	frame string
	// becomes is the type of the event, or another that its reader may choose.
	becomes, or schema.Type
	// event is the kind, of channel.event only.
	event schema.EventType
	chat  chatReader
	read  reader
}

// table is the complete list of what is read. Every other type, known or not,
// passes through as streamerbot.<source>.<type>.
func table() []row {
	return []row{
		{frame: "Twitch.ChatMessage", becomes: schema.ChatMessage, chat: readTwitchChat},
		{frame: "YouTube.Message", becomes: schema.ChatMessage, chat: readYouTubeChat},
		{frame: "Kick.ChatMessage", becomes: schema.ChatMessage, chat: readKickChat},
		{frame: "Trovo.ChatMessage", becomes: schema.ChatMessage, chat: readTrovoChat},

		{frame: "Twitch.ChatMessageDeleted", becomes: schema.ChatMessageDeleted, read: readDeleted},
		{frame: "YouTube.MessageDeleted", becomes: schema.ChatMessageDeleted, read: readDeleted},
		{frame: "Twitch.ChatCleared", becomes: schema.ChatCleared, read: readCleared},
		{frame: "Twitch.UserTimedOut", becomes: schema.ChatUserTimedOut, read: readModerated},
		{frame: "YouTube.UserTimedOut", becomes: schema.ChatUserTimedOut, read: readModerated},
		{frame: "Kick.UserTimedOut", becomes: schema.ChatUserTimedOut, read: readModerated},
		{frame: "Twitch.UserUntimedOut", becomes: schema.ChatUserUntimedOut, read: readModerated},
		{frame: "Twitch.UserBanned", becomes: schema.ChatUserBanned, read: readModerated},
		{frame: "YouTube.UserBanned", becomes: schema.ChatUserBanned, or: schema.ChatUserTimedOut, read: readModerated},
		{frame: "Kick.UserBanned", becomes: schema.ChatUserBanned, or: schema.ChatUserTimedOut, read: readModerated},
		{frame: "Twitch.UserUnbanned", becomes: schema.ChatUserUnbanned, read: readModerated},

		{frame: "Command.Triggered", becomes: schema.ChatCommand, read: readCommand},
		{frame: "Command.Message", becomes: schema.ChatCommand, read: readCommand},

		happened("Twitch.Follow", schema.Follow, readFollow),
		happened("YouTube.NewSubscriber", schema.Follow, readFollow),
		happened("Kick.Follow", schema.Follow, readFollow),
		happened("Trovo.Follow", schema.Follow, readFollow),
		happened("Twitch.Sub", schema.Subscription, readSubscription),
		happened("Kick.Subscription", schema.Subscription, readSubscription),
		happened("Trovo.Subscription", schema.Subscription, readSubscription),
		happened("Twitch.ReSub", schema.Resubscription, readSubscription),
		happened("Kick.Resubscription", schema.Resubscription, readSubscription),
		happened("Trovo.Resubscription", schema.Resubscription, readSubscription),
		happened("Twitch.GiftSub", schema.GiftSubscription, readGift),
		happened("Kick.GiftSubscription", schema.GiftSubscription, readGift),
		happened("Trovo.GiftSubscription", schema.GiftSubscription, readGift),
		happened("Twitch.GiftBomb", schema.GiftBomb, readGiftBomb),
		happened("Kick.MassGiftSubscription", schema.GiftBomb, readGiftBomb),
		happened("Trovo.MassGiftSubscription", schema.GiftBomb, readGiftBomb),
		happened("Twitch.Cheer", schema.Cheer, readCheer),
		happened("Twitch.Raid", schema.Raid, readRaid),
		happened("Trovo.Raid", schema.Raid, readRaid),
		happened("Twitch.RewardRedemption", schema.Redemption, redemption(schema.RewardCustom)),
		happened("Kick.RewardRedemption", schema.Redemption, redemption(schema.RewardCustom)),
		happened("Twitch.AutomaticRewardRedemption", schema.Redemption, redemption(schema.RewardAutomatic)),
		happened("Twitch.PowerUpRedemption", schema.Redemption, redemption(schema.RewardPowerUp)),
		happened("Twitch.CustomPowerUpRedemption", schema.Redemption, redemption(schema.RewardCustomPowerUp)),
		happened("Twitch.HypeTrainStart", schema.HypeTrainStart, readHypeTrain),
		happened("Twitch.HypeTrainUpdate", schema.HypeTrainUpdate, readHypeTrain),
		happened("Twitch.HypeTrainLevelUp", schema.HypeTrainLevelUp, readHypeTrain),
		happened("Twitch.HypeTrainEnd", schema.HypeTrainEnd, readHypeTrain),
		happened("YouTube.SuperChat", schema.SuperChat, readSuper),
		happened("YouTube.SuperSticker", schema.SuperSticker, readSuper),
		happened("YouTube.NewSponsor", schema.Membership, readMembership),
		happened("YouTube.MemberMileStone", schema.MembershipMilestone, readMembership),
		happened("YouTube.MembershipGift", schema.MembershipGift, readMembershipGift),
		happened("YouTube.GiftMembershipReceived", schema.MembershipGift, readMembershipReceived),

		happened("Twitch.CharityDonation", schema.Donation, readDonation),
		happened("StreamElements.Tip", schema.Donation, readDonation),
		happened("Streamlabs.Donation", schema.Donation, readDonation),
		happened("Streamlabs.CharityDonation", schema.Donation, readDonation),
		happened("Kofi.Donation", schema.Donation, readDonation),
		happened("Kofi.Subscription", schema.Subscription, readDonation),
		happened("Kofi.Resubscription", schema.Resubscription, readDonation),
		happened("TipeeeStream.Donation", schema.Donation, readDonation),
		happened("TreatStream.Treat", schema.Donation, readDonation),
		happened("Pallygg.CampaignTip", schema.Donation, readDonation),
		happened("DonorDrive.Donation", schema.Donation, readDonation),
		happened("Fourthwall.Donation", schema.Donation, readDonation),
		happened("Fourthwall.SubscriptionPurchased", schema.Subscription, readDonation),

		{frame: "Twitch.StreamOnline", becomes: schema.ChannelGoLive, read: readLive},
		{frame: "YouTube.BroadcastStarted", becomes: schema.ChannelGoLive, read: readLive},
		{frame: "Kick.StreamOnline", becomes: schema.ChannelGoLive, read: readLive},
		{frame: "Trovo.StreamOnline", becomes: schema.ChannelGoLive, read: readLive},
		{frame: "Twitch.StreamOffline", becomes: schema.ChannelGoOffline, read: readLive},
		{frame: "YouTube.BroadcastEnded", becomes: schema.ChannelGoOffline, read: readLive},
		{frame: "Kick.StreamOffline", becomes: schema.ChannelGoOffline, read: readLive},
		{frame: "Trovo.StreamOffline", becomes: schema.ChannelGoOffline, read: readLive},
		{frame: "Twitch.StreamUpdate", becomes: schema.ChannelUpdated, read: readUpdated},
		{frame: "YouTube.BroadcastUpdated", becomes: schema.ChannelUpdated, read: readUpdated},
		{frame: "Kick.ChannelUpdate", becomes: schema.ChannelUpdated, read: readUpdated},

		{frame: "Obs.StreamingStarted", becomes: schema.OBSStreamingStarted, read: readOutput},
		{frame: "StreamlabsDesktop.StreamingStarted", becomes: schema.OBSStreamingStarted, read: readOutput},
		{frame: "MeldStudio.StreamingStarted", becomes: schema.OBSStreamingStarted, read: readOutput},
		{frame: "Obs.StreamingStopped", becomes: schema.OBSStreamingStopped, read: readOutput},
		{frame: "StreamlabsDesktop.StreamingStopped", becomes: schema.OBSStreamingStopped, read: readOutput},
		{frame: "MeldStudio.StreamingStopped", becomes: schema.OBSStreamingStopped, read: readOutput},
		{frame: "Obs.RecordingStarted", becomes: schema.OBSRecordingStarted, read: readOutput},
		{frame: "StreamlabsDesktop.RecordingStarted", becomes: schema.OBSRecordingStarted, read: readOutput},
		{frame: "MeldStudio.RecordingStarted", becomes: schema.OBSRecordingStarted, read: readOutput},
		{frame: "Obs.RecordingStopped", becomes: schema.OBSRecordingStopped, read: readOutput},
		{frame: "StreamlabsDesktop.RecordingStopped", becomes: schema.OBSRecordingStopped, read: readOutput},
		{frame: "MeldStudio.RecordingStopped", becomes: schema.OBSRecordingStopped, read: readOutput},
		{frame: "Obs.SceneChanged", becomes: schema.OBSSceneChanged, read: readScene},
		{frame: "StreamlabsDesktop.SceneChanged", becomes: schema.OBSSceneChanged, read: readScene},
		{frame: "MeldStudio.SceneChanged", becomes: schema.OBSSceneChanged, read: readScene},
	}
}

// happened is the row of a channel.event.
func happened(frame string, kind schema.EventType, fill filler) row {
	return row{frame: frame, becomes: schema.ChannelEvent, event: kind, read: event(fill)}
}

// rows is the table by lower-cased frame type; never changed.
var rows = func() map[string]row {
	all := map[string]row{}
	for _, r := range table() {
		all[strings.ToLower(r.frame)] = r
	}
	return all
}()

// isSpelt reports whether the row's frame is written exactly so.
func (r row) isSpelt(source, kind string) bool {
	rest, ok := strings.CutPrefix(r.frame, source)
	return ok && len(rest) == len(kind)+1 && rest[0] == '.' && rest[1:] == kind
}

func lookup(source, kind string) (row, bool) {
	var memory [64]byte
	name := append(lowered(memory[:0], source), '.')
	r, ok := rows[string(lowered(name, kind))]
	return r, ok
}
