package collections

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/channel"
	"promethean/sinks/store"
)

const channelName = channel.Collection

func channelIndexes() []store.Index {
	return []store.Index{{"channel", "timestamp"}, {"user.id", "timestamp"}, {"type", "timestamp"}, {"giftId"}, {"seq"}}
}

func channelFields() []Field {
	return slices.Concat(
		[]Field{
			{Path: "_id", Type: String, About: "the event's id, the same as in events"},
			{Path: "type", Type: String, About: "channel.event (what a community does beside chatting), channel.go_live, channel.go_offline, channel.updated (title or category); others pass through"},
		},
		optional(
			Field{Path: "eventType", Type: String, About: "of channel.event: FOLLOW, SUBSCRIPTION, RESUBSCRIPTION, GIFT_SUBSCRIPTION, GIFT_BOMB, CHEER, RAID, REDEMPTION, HYPE_TRAIN_START, HYPE_TRAIN_UPDATE, HYPE_TRAIN_LEVEL_UP, HYPE_TRAIN_END, SUPER_CHAT, SUPER_STICKER, MEMBERSHIP, MEMBERSHIP_MILESTONE, MEMBERSHIP_GIFT, DONATION, or what else ai_licia says"},
			Field{Path: "user", Type: Object, About: "who acted: the follower, the subscriber, the raider, the giver of a gift; left out where nobody is named"},
			Field{Path: "user.id", Type: String, About: "the platform's id of the person"},
			Field{Path: "user.username", Type: String, About: "the login; where the platform has none, the name shown"},
			Field{Path: "user.displayName", Type: String, About: "the name shown"},
		),
		[]Field{
			{Path: "platform", Type: String, About: "TWITCH, YOUTUBE, KICK, TROVO, …; of what belongs to no platform (a donation), that of the channel it came to"},
			{Path: "channel", Type: String, About: "the channel's name"},
			{Path: "timestamp", Type: Date, About: "when it was reported, by Streamer.bot by its PC's clock; the same as in events"},
		},
		optional(payloadFields()...),
		optional(
			Field{Path: "raw", Type: Object, Open: true, About: "the source's data as received"},
			Field{Path: "rawJson", Type: String, About: "in place of raw: the same as JSON text, where BSON can't say it exactly"},
		),
		[]Field{
			{Path: "seq", Type: Long, About: "the event's number on the log: the order of record"},
			{Path: "isTest", Type: Bool, About: "made by a test button or command, not by a viewer"},
			{Path: "seenBy", Type: Strings, About: "the source that reported it: streamerbot, ailicia"},
		},
		optional(Field{Path: "inexact", Type: Strings, About: "paths of numbers that are kept as strings because no BSON number is exactly them"}),
	)
}

// payloadFields are those of the payloads, by their own names.
func payloadFields() []Field {
	return []Field{
		{Path: "streamId", Type: String, About: "the platform's id of the broadcast, where the source names one"},
		{Path: "isAnonymous", Type: Bool, About: "true: the giver or cheerer hid the name"},
		{Path: "gifter", Type: String, About: "of gifts, the giver's shown name"},
		{Path: "recipients", Type: Objects, Open: true, About: "of gifts, who got them: userId, username, displayName"},
		{Path: "giftId", Type: String, About: "the same in a gift bomb and in each of its gifts; old Twitch frames have none"},
		{Path: "isFromBomb", Type: Bool, About: "true: a gift that a bomb has counted already; leave it out of sums"},
		{Path: "count", Type: Number, About: "how many were given at once"},
		{Path: "cumulativeCount", Type: Number, About: "how many this giver has given here in all"},
		{Path: "value", Type: Number, About: "bits cheered, or what a redemption cost"},
		{Path: "raidViewers", Type: Number, About: "viewers that a raid brought"},
		{Path: "tier", Type: String, About: "1000, 2000 or 3000 on Twitch; of a super chat its tier"},
		{Path: "isPrime", Type: Bool, About: "true: paid with Prime"},
		{Path: "level", Type: String, About: "name of the membership level (YouTube)"},
		{Path: "months", Type: Number, About: "months subscribed in all"},
		{Path: "streakMonths", Type: Number, About: "months in a row"},
		{Path: "durationMonths", Type: Number, About: "months paid at once"},
		{Path: "message", Type: String, About: "what the person wrote with it"},
		{Path: "systemMessage", Type: String, About: "what the platform says of it"},
		{Path: "messageId", Type: String, About: "_id of the line in chat, where the event is one"},
		{Path: "amount", Type: String, About: "money as an exact decimal number in text, e.g. 7.5"},
		{Path: "currency", Type: String, About: "ISO 4217 code of amount"},
		{Path: "amountText", Type: String, About: "the amount as the service shows it"},
		{Path: "service", Type: String, About: "who collected the money, e.g. StreamElements"},
		{Path: "reward", Type: Object, Open: true, About: "what was redeemed: redemptionId, id, title, prompt, kind (custom, automatic, power_up, custom_power_up), cost, status"},
		{Path: "hypeTrain", Type: Object, Open: true, About: "its state: id, level, progress, goal, total, isGolden, lastContribution, topContributions, startedAt, …"},
		{Path: "title", Type: String, About: "title of the broadcast or channel as it is now"},
		{Path: "oldTitle", Type: String, About: "and as it was"},
		{Path: "category", Type: Object, Open: true, About: "id and name of the category as it is now"},
		{Path: "oldCategory", Type: Object, Open: true, About: "and as it was"},
		{Path: "description", Type: String, About: "description of the broadcast (YouTube)"},
		{Path: "startedAt", Type: String, About: "when the platform says the broadcast began, as ISO 8601 text"},
		{Path: "sentDateTime", Type: String, About: "the platform's time of it where it gives one, as ISO 8601 text"},
		{Path: "extra", Type: Object, Open: true, About: "fields of the payload that are none of these, or of another type, as they came; of ai_licia and of types that pass through"},
		{Path: "extraJson", Type: String, About: "in place of extra, as rawJson; any field above may stand as JSON text in the same way"},
	}
}

func channelEvents(seeds []bson.Raw) Description {
	bomb := seeds[0]
	here := bson.E{Key: "channel", Value: text(bomb, "channel")}
	noTest := bson.E{Key: "isTest", Value: false}
	once := bson.E{Key: "seenBy", Value: bson.D{{Key: "$ne", Value: "ailicia"}}}
	from, _ := hourOf(bomb)
	since := bson.E{Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}}}
	inOrder, newest := bson.D{{Key: "seq", Value: 1}}, bson.D{{Key: "timestamp", Value: -1}}
	kind := func(t string) bson.E { return bson.E{Key: "eventType", Value: t} }
	return Description{
		Name:    channelName,
		Purpose: "What happens on a channel beside chatting, one document an event: follows, subscriptions, gifts, raids, donations, start and end of a broadcast, its title. Facts are inserted and never changed. Where Streamer.bot and ai_licia both run, what both saw is here twice, once from each: leave out seenBy ailicia where you count.",
		Fields:  channelFields(), Indexes: channelIndexes(), Sample: bomb, Others: seeds[3:],
		Queries: []Query{
			{
				Meaning: "a gift bomb with its gifts, in order",
				Filter:  bson.D{{Key: "giftId", Value: text(bomb, "giftId")}}, Sort: inOrder,
			},
			{
				Meaning:    "what happened on a channel since a time, without tests, newest first",
				Filter:     bson.D{here, since, noTest},
				Projection: bson.D{{Key: "raw", Value: 0}}, Sort: newest, Limit: 50,
			},
			{
				Meaning: "the last donations", Filter: bson.D{kind("DONATION"), noTest},
				Projection: bson.D{{Key: "user", Value: 1}, {Key: "amount", Value: 1}, {Key: "currency", Value: 1}, {Key: "message", Value: 1}, {Key: "timestamp", Value: 1}},
				Sort:       newest, Limit: 10,
			},
			{
				Meaning: "when the channel last went live, and as what",
				Filter:  bson.D{here, {Key: "type", Value: "channel.go_live"}, noTest}, Sort: newest, Limit: 1,
			},
			{
				Meaning:    "title and category as they are now",
				Filter:     bson.D{here, {Key: "type", Value: "channel.updated"}, noTest},
				Projection: bson.D{{Key: "title", Value: 1}, {Key: "category", Value: 1}, {Key: "timestamp", Value: 1}}, Sort: newest, Limit: 1,
			},
			{
				Meaning: "gifts by giver since a time, as Streamer.bot saw them, each counted once",
				Pipeline: []bson.D{
					{{Key: "$match", Value: bson.D{here, since, noTest, once, {Key: "gifter", Value: bson.D{{Key: "$exists", Value: true}}}, {Key: "isFromBomb", Value: bson.D{{Key: "$ne", Value: true}}}}}},
					{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$gifter"}, {Key: "gifts", Value: bson.D{{Key: "$sum", Value: "$count"}}}}}},
					{{Key: "$sort", Value: bson.D{{Key: "gifts", Value: -1}}}},
				},
			},
		},
	}
}
