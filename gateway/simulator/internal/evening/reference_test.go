package evening

import (
	"slices"
	"strings"
)

// written is the shape of an event as reference/streamerbot.md section 4 gives it, for events and
// servers of which there is no frame. Fields are "path:kind", kinds s(tring), n(umber), b(ool), a(rray),
// 0 (null), or "path=macro"; "?" after the path makes it optional, "[]" says of each of a list.
type written struct {
	kinds   string // several are separated by a space
	servers servers
	fields  string
}

const nestedOnly = servers(1) << Nested
const bothOnly = servers(1) << Both

var reference = []written{
	{"Obs.StreamingStopped Obs.Disconnected", since025, "connection=connection"},
	{"Obs.StreamingStarted Obs.StreamingStopped Obs.RecordingStarted Obs.RecordingStopped Obs.Disconnected", nestedOnly, "=oldConnection"},
	{"Obs.SceneChanged", nestedOnly, "=oldConnection sceneName:s"},

	{"Twitch.Cheer", nestedOnly, "message=oldMessage"},
	{"Twitch.Follow", since105, "targetUser=identity isTest:b"},
	{"Twitch.GiftSub", since025, "=notice durationMonths:n cumlativeTotal:n recipient=identity subTier:s communityGiftId?:s " +
		"fromCommunitySubGift:b randomCommunitySubGift:b communitySubGiftCount:n communitySubGiftCumulativeTotal:n"},
	{"Twitch.GiftBomb", nestedOnly, "=oldNotice isAnonymous:b gifts:n totalGifts:n subTier:n"},
	{"Twitch.GiftSub", nestedOnly, "=oldNotice isAnonymous:b totalSubsGifted:n cumulativeMonths:n monthsGifted:n fromSubBomb:b " +
		"subBombCount:n recipientUserId:s recipientUsername:s recipientDisplayName:s subTier:n"},
	{"Twitch.HypeTrainEnd", nestedOnly, "id:s level:n total:n goal:n top_contributions[]=contribution started_at:s ended_at:s cooldown_ends_at:s"},
	{"Twitch.HypeTrainLevelUp", since025, "id:s level:n progress:n goal:n total:n last_contribution=contribution " +
		"top_contributions[]=contribution started_at:s expires_at:s is_golden_kappa_train:b isTest:b"},
	{"Twitch.RaidSend Twitch.Raid", since025, "=from =to viewers:n is_test:b"},
	{"Twitch.RaidSend", nestedOnly, "=from =to viewers:n is_test:b"},
	{"Twitch.RewardRedemption Twitch.RewardRedemptionUpdated", since105, "redemptionId:s reward.id:s reward.title:s reward.cost:n " +
		"reward.prompt:s reward.requiresUserInput:b reward.globalCooldown:n reward.maxPerStream:n reward.maxPerUserPerStream:n " +
		"user=identity userInput:s status:s createdAt:s counter:n isTest:b"},
	{"Twitch.RewardRedemptionUpdated", bothOnly, "=user_ id:s user_input:s status:s reward.id:s reward.title:s reward.cost:n reward.prompt:s redeemed_at:s"},
	{"Twitch.RewardRedemptionUpdated", nestedOnly, "=user_ id:s user_input:s status:s reward.id:s reward.title:s reward.cost:n reward.prompt:s"},
	{"Twitch.AutomaticRewardRedemption", since105, "id:s user=identity userInput:s rewardType:s channelPoints:n redeemedAt:s isTest:b " +
		"unlockedEmote?.id:s unlockedEmote?.name:s unlockedEmote?.imageUrl:s"},
	{"Twitch.CustomPowerUpRedemption", since105, "redemptionId:s status:s counter:n userCounter:n userColor:s userInput:s user=identity " +
		"customPowerUp.id:s customPowerUp.title:s customPowerUp.bits:n customPowerUp.prompt:s customPowerUp.backgroundColor:s " +
		"customPowerUp.groupName:s customPowerUp.globalCooldown:n customPowerUp.maxPerStream:n customPowerUp.maxPerUserPerStream:n " +
		"customPowerUp.persistCounter:b customPowerUp.persistUserCounter:b customPowerUp.userInputRequired:b redeemedAt:s isTest:b"},
	{"Twitch.WatchStreak", bothOnly, "displayName:s watchStreak:n message:s emotes:a"},

	{"Twitch.ChatMessageDeleted", nestedOnly, "targetMessageId:s message:s userName:s role:n isTest:b"},
	{"Twitch.ChatMessageDeleted", since105, "messageId:s targetUser=identity moderator=identity isTest:b =shared"},
	{"Twitch.ChatCleared", since025, "moderator=identity createdAt:s isTest:b"},
	{"Twitch.UserTimedOut", nestedOnly, "=oldSentence reason:s"},
	{"Twitch.UserTimedOut", since105, "targetUser=identity moderator=identity duration:n reason:s createdAt:s expiresAt:s isTest:b"},
	{"Twitch.UserUntimedOut", since105, "targetUser=identity moderator=identity createdAt:s isTest:b"},
	{"Twitch.UserUntimedOut", bothOnly, "=user_ =moderator_user_ created_at:s is_test:b"},
	{"Twitch.UserBanned", bothOnly, "=user_ =moderator_user_ reason:s created_at:s is_test:b"},
	{"Twitch.AutoModMessageUpdate", since025, "=user_ message_id:s text:s fragments[].type:s fragments[].text:s held_at:s reason:s " +
		"automod.category:s automod.level:n automod.boundaries[].start_pos:n automod.boundaries[].end_pos:n status:s is_test:b"},
	{"Twitch.Announcement", nestedOnly, "msgId:s color:s message:s emotes:a badges[]=oldBadge subscriber:b monthsSubscribed:n " +
		"announcementColor:s userId:s userName:s displayName:s role:n isTest:b"},
	{"Twitch.Announcement", since105, "text:s parts[].type:s parts[].text:s user=twitchUser messageId:s systemMessage:0 announcementColor:s isTest:b =shared"},
	{"Twitch.Whisper", since025, "user=twitchUser whisperId:s whisperText:s isTest:b"},

	{"Twitch.StreamOffline", nestedOnly, "id:s type:s started_at:s"},
	{"Twitch.ViewerCountUpdate", since105, "viewerCount:n"},
	{"Twitch.PollCompleted", allServers, "id:s title:s choices[]=choice channel_points_voting.is_enabled:b " +
		"channel_points_voting.amount_per_vote:n started_at:s status:s ended_at:s winningChoice=choice"},
	{"Twitch.PredictionUpdated", allServers, "id:s title:s outcomes[]=outcome started_at:s locks_at:s"},
	{"Twitch.PredictionCompleted", allServers, "id:s title:s outcomes[]=outcome started_at:s status:s ended_at:s " +
		"winning_outcome_id:s winning_outcome=outcome channel_points_won:n"},
	{"Twitch.BroadcasterChatConnected Twitch.BroadcasterChatDisconnected Twitch.BroadcasterEventSubConnected " +
		"Twitch.BroadcasterEventSubDisconnected YouTube.BroadcastEnded Kick.StreamOffline", allServers, ""},

	{"YouTube.SuperChat", since025, "=chatted broadcast=broadcast message?:s currencyCode:s microAmount:n amount:s tier:n"},
	{"YouTube.SuperChat", nestedOnly, "=chatted message?:s currencyCode:s microAmount:n amount:s tier:n"},
	{"YouTube.SuperSticker", nestedOnly, "=chatted currencyCode:s microAmount:n amount:s tier:n sticker.altText:s sticker.imageUrl:s"},
	{"YouTube.NewSponsor", nestedOnly, "=chatted levelName:s isUpgrade:b"},
	{"YouTube.MemberMileStone", since025, "=chatted broadcast=broadcast months:n levelName:s message:s"},
	{"YouTube.MemberMileStone", nestedOnly, "=chatted months:n levelName:s message:s"},
	{"YouTube.MembershipGift", since025, "=chatted broadcast=broadcast count:n tier:s"},
	{"YouTube.MembershipGift", nestedOnly, "=chatted count:n tier:s"},
	{"YouTube.GiftMembershipReceived", nestedOnly, "=chatted tier:s gifter=youTubeUser"},
	{"YouTube.UserBanned", since105, "=chatted broadcast=broadcast targetUser=youTubeUser banType:s duration:n"},
	{"YouTube.UserBanned", nestedOnly, "=chatted bannedUser=youTubeUser banType:s duration:n"},
	{"YouTube.MessageDeleted", since025, "=chatted broadcast=broadcast"},
	{"YouTube.MessageDeleted", nestedOnly, "=chatted"},
	{"YouTube.JewelsGifted", since105, "=chatted broadcast=broadcast name:s comboCount:n jewelsAmount:n duration.seconds:n url:s"},
	{"YouTube.BroadcastUpdated", allServers, "id:s title:s description:s privacy:s"},

	{"Kick.Subscription Kick.Resubscription", allServers, "user=kickUser duration:n subscribedAt:s expiresAt:s isTest:b"},
	{"Kick.MassGiftSubscription", allServers, "user=kickUser recipients[]=kickUser subscribedAt:s expiresAt:s isAnonymous:b isTest:b"},
	{"Kick.ChannelUpdate", allServers, "title:s category.id:s category.name:s"},
	{"Kick.StreamOnline", allServers, "title:s startedAt:s"},
	{"Kick.ViewerCountUpdate", allServers, "viewerCount:n"},
	{"Trovo.ChatMessage Trovo.FirstWords", allServers, "user=trovoUser messageId:s text:s message:s parts[].type:s parts[].text:s isTest:b"},
	{"Trovo.Follow", allServers, "user=trovoUser isTest:b"},
	{"Trovo.SpellCast", allServers, "user=trovoUser spell:s quantity:n value:n currency:s isTest:b"},

	{"Command.Triggered", allServers, "user=commander id:s name:s command:s counter:n userCounter:n message:s broadcast?=broadcast"},
	{"Custom.Event", nestedOnly, ""},
	{"Custom.Event", since025, "eventName:s useArgs:b args.colour:s args.level:n"},
	{"Kofi.Donation", allServers, "from:s amount:s currency:s message:s"},
}

const user = "id:s login:s name:s type:s"

// macros are groups of fields that many events have.
var macros = map[string]string{
	"identity":   user,
	"twitchUser": user + " role:n badges[]=badge color:s subscribed:b subscriptionTier?:s monthsSubscribed:n",
	"kickUser": user + " profilePicture:s role:n isSubscribed:b badges[].id:s badges[].name:s badges[].info:s badges[].imageUrl:s " +
		"color:s monthsSubscribed:n isVerified:b",
	"trovoUser":     user + " role:n subscribed:b monthsSubscribed:n badges:a color:s",
	"youTubeUser":   "id:s url:s name:s profileImageUrl:s isOwner:b isModerator:b isSponsor:b isVerified:b",
	"commander":     "display:s id:s name:s role:n subscribed:b type:s",
	"emote":         "id:s type:s name:s startIndex:n endIndex:n imageUrl:s",
	"emotePart":     "type:s text:s source:s imageUrl:s",
	"badge":         "name:s version:s imageUrl:s info:s",
	"oldBadge":      "name:s version:s imageUrl:s",
	"notice":        "user=twitchUser messageId:s systemMessage:s isTest:b",
	"oldNotice":     "color:s emotes:a badges[]=oldBadge message:s userId:s userName:s displayName:s role:n isTest:b",
	"connection":    "id:s host:s name:s version:s websocketVersion:s",
	"oldConnection": "obs/id:s obs/name:s obs/host:s obs/studioVersion:s obs/websocketVersion:s",
	"oldSentence": "target_user_display:s target_user_id:s target_user_login:s created_at:s created_by:s created_by_user_id:s " +
		"moderation_action:s type:s duration:n",
	"oldMessage": "internal:b msgId:s userId:s username:s role:n subscriber:b subscriptionTier?:s displayName:s color:s channel:s " +
		"message:s isHighlighted:b isMe:b isCustomReward:b isAnonymous:b isReply:b bits:n firstMessage:b hasBits:b emotes:a " +
		"cheerEmotes[].bits:n cheerEmotes[].color:s cheerEmotes[].type:s cheerEmotes[].name:s cheerEmotes[].startIndex:n " +
		"cheerEmotes[].endIndex:n cheerEmotes[].imageUrl:s badges[]=oldBadge monthsSubscribed:n isTest:b",
	"contribution":    "user_id:s user_login:s user_name:s type?:s total:n",
	"from":            "from_broadcaster_user_id:s from_broadcaster_user_login:s from_broadcaster_user_name:s",
	"to":              "to_broadcaster_user_id:s to_broadcaster_user_login:s to_broadcaster_user_name:s",
	"user_":           "user_id:s user_login:s user_name:s",
	"moderator_user_": "moderator_user_id:s moderator_user_login:s moderator_user_name:s",
	"shared":          "isInSharedChat:b isSharedChatHost:b isFromSharedChatGuest:b",
	"choice":          "id:s title:s channel_points_votes:n votes:n",
	"outcome": "id:s title:s color:s users:n channel_points:n top_predictors?[].user_id:s top_predictors?[].user_login:s " +
		"top_predictors?[].user_name:s top_predictors?[].channel_points_used:n",
	"chatted": "eventId:s user=youTubeUser publishedAt:s",
	"broadcast": "id:s channelId:s liveChatId:s title:s description:s categoryId:s privacy:s publishedAt:s scheduledStartTime:s " +
		"scheduledEndTime:s actualStartTime:s actualEndTime:s tags[]:s defaultLanguage?:s defaultAudioLanguage?:s status:s",
}

var kindsOf = map[string]string{"s": "string", "n": "number", "b": "bool", "a": "array", "0": "null"}

// lookUp finds the written shape of an event.
func lookUp(kind string, s Shape) (shapeOf, bool) {
	for _, w := range reference {
		if w.servers.has(s) && slices.Contains(strings.Fields(w.kinds), kind) {
			found := shapeOf{needed: map[string]bool{}, allowed: map[string]bool{}}
			found.add("data:object", false)
			found.expand("data", w.fields, false)
			return found, true
		}
	}
	return shapeOf{}, false
}

// expand adds the fields of a list below a path.
func (s shapeOf) expand(at, fields string, optional bool) {
	for _, f := range strings.Fields(fields) {
		if macro, ok := strings.CutPrefix(f, "="); ok {
			s.expand(at, macros[macro], optional)
			continue
		}
		end := strings.IndexAny(f, ":=")
		path, may := at, optional
		steps := strings.Split(f[:end], ".")
		for i, step := range steps {
			name, isList := strings.CutSuffix(step, "[]")
			name, question := strings.CutSuffix(name, "?")
			may = may || question
			path += "." + strings.ReplaceAll(name, "/", ".")
			if isList {
				s.add(path+":array", may)
				path, may = path+"[]", true // an empty list shows nothing of its elements
			}
			if i < len(steps)-1 || f[end] == '=' {
				s.add(path+":object", may)
			}
		}
		if f[end] == '=' {
			s.expand(path, macros[f[end+1:]], may)
			continue
		}
		s.add(path+":"+kindsOf[f[end+1:]], may)
	}
}

func (s shapeOf) add(path string, optional bool) {
	s.allowed[path] = true
	if !optional {
		s.needed[path] = true
	}
}
