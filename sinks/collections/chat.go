package collections

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

// platform is one collection of chat.
type platform struct {
	name, title string
	// person are the fields of user between username and displayName, and mark
	// the flag of user by which the fourth query asks.
	person []Field
	mark   string
	marked string // who has it
	word   string // of the sample's message
	// timeNote is what else is to be known of timestamp.
	timeNote string
}

// chatTable lists the collections of chat. There is one for each line of
// chat.Collections.
func chatTable() []platform {
	return []platform{
		{name: "twitch_chat_messages", title: "Twitch", person: twitchPerson(), mark: "user.mod", marked: "moderators", word: "wave"},
		{name: "youtube_chat_messages", title: "YouTube", person: youTubePerson(), mark: "user.moderator", marked: "moderators", word: "thyme",
			timeNote: "; some seconds after raw.publishedAt, when YouTube published it"},
		{name: "kick_chat_messages", title: "Kick", person: twitchPerson(), mark: "user.subscriber", marked: "subscribers", word: "here"},
		{name: "tiktok_chat_messages", title: "TikTok", person: twitchPerson(), mark: "user.subscriber", marked: "subscribers", word: "here"},
		{name: "trovo_chat_messages", title: "Trovo", person: twitchPerson(), mark: "user.subscriber", marked: "subscribers", word: "here"},
	}
}

func chatIndexes() []store.Index {
	return []store.Index{{"channel", "timestamp"}, {"user.id", "timestamp"}, {"seq"}}
}

func twitchPerson() []Field {
	return []Field{
		{Path: "user.color", Type: String, About: "colour of the name, #RRGGBB; empty where none is set"},
		{Path: "user.badges", Type: Objects, Open: true, About: "badges as received: name, version, imageUrl, info"},
		{Path: "user.mod", Type: Bool, About: "a moderator of the channel"},
		{Path: "user.subscriber", Type: Bool, About: "subscribed to the channel"},
		{Path: "user.vip", Type: Bool, About: "a VIP of the channel"},
	}
}

func youTubePerson() []Field {
	return []Field{
		{Path: "user.badges", Type: Strings, About: "of owner, moderator, sponsor (a member), verified: those that are so"},
		{Path: "user.moderator", Type: Bool, About: "a moderator of the channel"},
		{Path: "user.verified", Type: Bool, About: "verified by YouTube"},
	}
}

func (p platform) fields() []Field {
	return slices.Concat(
		[]Field{
			{Path: "_id", Type: String, About: p.title + "'s id of the message, or ai_licia's of one that only it saw; where there is none, the event's id"},
		},
		optional(Field{Path: "tombstone", Type: Bool, About: "true: no line, but the deletion of one that has not come (yet); of the other fields it has user as far as known, channel, timestamp (of the deletion), seq, isTest, deleted"}),
		[]Field{
			{Path: "message", Type: String, About: "the text"},
			{Path: "user", Type: Object, About: "who wrote it"},
			{Path: "user.id", Type: String, About: p.title + "'s id of the person: names change, this doesn't; empty where only ai_licia saw the line"},
			{Path: "user.username", Type: String, About: "the login; where the platform has none, or only ai_licia saw the line, the name shown"},
		},
		p.person,
		[]Field{
			{Path: "user.displayName", Type: String, About: "the name shown"},
			{Path: "channel", Type: String, About: "the channel's name"},
			{Path: "timestamp", Type: Date, About: "when it was reported, by Streamer.bot by its PC's clock; the same as in events" + p.timeNote},
		},
		optional(
			Field{Path: "sentAt", Type: Date, About: "when it was written, by the platform where it says"},
			Field{Path: "raw", Type: Object, Open: true, About: "the source's data as received"},
			Field{Path: "rawJson", Type: String, About: "in place of raw: the same as JSON text, where BSON can't say it exactly"},
		),
		[]Field{
			{Path: "eventIds", Type: Strings, About: "_id in events of the event that it was made of; of a pair, then of the other one"},
			{Path: "seq", Type: Long, About: "the first one's number on the log: the order of record"},
		},
		optional(
			Field{Path: "streamId", Type: String, About: "the platform's id of the broadcast, where the source names one"},
			Field{Path: "isFirst", Type: Bool, About: "the person's first line ever in this channel, where the platform says"},
			Field{Path: "replyTo", Type: Object, About: "the line that it answers"},
			Field{Path: "replyTo.id", Type: String, About: "that message's id"},
			Field{Path: "replyTo.userId", Type: String, About: "its writer's id"},
			Field{Path: "replyTo.username", Type: String, About: "its writer's login"},
			Field{Path: "replyTo.message", Type: String, About: "its text"},
			Field{Path: "bits", Type: Long, About: "bits cheered with it"},
		),
		[]Field{
			{Path: "isTest", Type: Bool, About: "made by a test button or command, not by a viewer"},
			{Path: "seenBy", Type: Strings, About: "the sources that reported it: streamerbot, ailicia, or both of one line"},
			{Path: "deleted", Type: NullOrObject, About: "null while the line stands; else how a moderator removed it. The first removal stays, also when a ban is lifted"},
		},
		optional(
			Field{Path: "deleted.at", Type: Date, About: "when, by the platform where it says"},
			Field{Path: "deleted.by", Type: String, About: "the moderator's login, where the source says"},
			Field{Path: "deleted.reason", Type: String, About: "deleted: this line; cleared: all chat; timed_out, banned: the person's lines of the same broadcast"},
			Field{Path: "deleted.note", Type: String, About: "what the moderator wrote to it"},
			Field{Path: "deleted.eventId", Type: String, About: "_id in events of the removal"},
			Field{Path: "deleted.seq", Type: Long, About: "its number on the log"},
		),
		optional(
			Field{Path: "inexact", Type: Strings, About: "paths of numbers that are kept as strings because no BSON number is exactly them"},
			Field{Path: "pair", Type: Object, About: "the same line as ai_licia reported it, beside Streamer.bot: there is one row for both"},
			Field{Path: "pair.source", Type: String, About: "ailicia"},
			Field{Path: "pair.id", Type: String, About: "its id of the message"},
			Field{Path: "pair.eventId", Type: String, About: "_id in events"},
			Field{Path: "pair.seq", Type: Long, About: "its number on the log"},
			Field{Path: "pair.username", Type: String, About: "the name that it gives"},
			Field{Path: "pair.channel", Type: String, About: "and of the channel"},
			Field{Path: "pair.timestamp", Type: Date, About: "when it reported it"},
			Field{Path: "pair.sentAt", Type: Date, About: "when the line was written, as it says"},
		),
	)
}

func (p platform) describe(sample bson.Raw, others ...bson.Raw) Description {
	return Description{
		Name:    p.name,
		Purpose: "Lines of " + p.title + " chat, one document each, also of what two sources saw. Captions are not here. What moderators removed is marked in deleted: do not quote it.",
		Fields:  p.fields(), Indexes: chatIndexes(), Sample: sample, Others: others, Queries: p.queries(sample),
	}
}

func (p platform) queries(sample bson.Raw) []Query {
	channel := bson.E{Key: "channel", Value: text(sample, "channel")}
	from, to := hourOf(sample)
	stands := bson.E{Key: "deleted", Value: nil}
	short := bson.D{{Key: "message", Value: 1}, {Key: "user.displayName", Value: 1}, {Key: "timestamp", Value: 1}}
	newest := bson.D{{Key: "timestamp", Value: -1}}
	return []Query{
		{
			Meaning:    "the last twenty lines of a channel that stand and are no tests, newest first",
			Filter:     bson.D{channel, stands, {Key: "isTest", Value: false}},
			Projection: short, Sort: newest, Limit: 20,
		},
		{
			Meaning:    "what one person said that stands, newest first",
			Filter:     bson.D{{Key: "user.id", Value: text(sample, "user", "id")}, stands},
			Projection: short, Sort: newest, Limit: 50,
		},
		{
			Meaning:    "lines with a word, whatever the case, that stand",
			Filter:     bson.D{channel, {Key: "message", Value: bson.Regex{Pattern: p.word, Options: "i"}}, stands},
			Projection: short, Sort: newest, Limit: 50,
		},
		{
			Meaning: "lines of " + p.marked + " within an hour, in order",
			Filter: bson.D{
				channel, {Key: p.mark, Value: true},
				{Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}},
			},
			Sort: bson.D{{Key: "seq", Value: 1}},
		},
		{
			Meaning: "who wrote most since a time",
			Pipeline: []bson.D{
				{{Key: "$match", Value: bson.D{channel, {Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}}}, {Key: "tombstone", Value: nil}}}},
				{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$user.username"}, {Key: "lines", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
				{{Key: "$sort", Value: bson.D{{Key: "lines", Value: -1}}}},
				{{Key: "$limit", Value: 10}},
			},
		},
		{
			Meaning:    "what moderators removed since a time, newest first",
			Filter:     bson.D{channel, {Key: "deleted", Value: bson.D{{Key: "$ne", Value: nil}}}, {Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}}}},
			Projection: bson.D{{Key: "user.username", Value: 1}, {Key: "deleted", Value: 1}, {Key: "timestamp", Value: 1}}, Sort: newest, Limit: 50,
		},
	}
}
