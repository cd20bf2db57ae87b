package collections

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
	"promethean/sinks/titles"
)

const titlesName = titles.Collection

func titlesIndexes() []store.Index {
	return []store.Index{{"channel", "timestamp"}, {"session", "timestamp"}, {"state", "timestamp"}, {"steps.eventId"}}
}

func titlesFields() []Field {
	return slices.Concat(
		[]Field{
			{Path: "_id", Type: String, About: "the request's id, which is that of its title.requested in events"},
			{Path: "session", Type: String, About: "the key of the stream's session: id of the event that opened it, or of the request where no stream was on"},
			{Path: "tenant", Type: String, About: "whose"},
			{Path: "channel", Type: String, About: "the channel's name"},
			{Path: "platform", Type: String, About: "and its platform"},
			{Path: "timestamp", Type: Date, About: "when titles were asked for"},
			{Path: "state", Type: String, About: "requested, suggested, approved, rejected, sent, applied (at least one platform shows it), refused, unconfirmed (no word came), overridden (the streamer set another by hand), expired"},
		},
		optional(
			Field{Path: "title", Type: String, About: "the one approved or sent last"},
			Field{Path: "trigger", Type: String, About: "what asked: obs.streaming_started, channel.go_live, brain.title, command, operator, interval, rollback"},
			Field{Path: "mode", Type: String, About: "auto or suggest"},
			Field{Path: "source", Type: String, About: "who made the last suggestion: llm, template, history"},
			Field{Path: "model", Type: String, About: "the model's name"},
			Field{Path: "promptHash", Type: String, About: "SHA-256 of the prompt's file"},
			Field{Path: "decidedBy", Type: Object, Open: true, About: "who approved or rejected last: kind (human, bot, policy), via (chat, operator, streamerbot, settings), userId, username"},
			Field{Path: "edited", Type: Bool, About: "true: the text is not as suggested"},
			Field{Path: "applied", Type: Strings, About: "the platforms that show it"},
			Field{Path: "tainted", Type: Bool, About: "true: a line of chat that it was drawn from was taken away"},
		),
		[]Field{
			{Path: "isTest", Type: Bool, About: "true: made by a test"},
			{Path: "seq", Type: Long, About: "the last step's number on the log"},
			{Path: "steps", Type: Objects, Open: true, About: "every event of the request in the order of the log: seq, eventId, type, at, causedBy, and its payload's fields: context (contextJson where BSON can't say it exactly) and contextHash (all it may draw on), candidates, rejected (title, rule, detail), seed, latencyMs, by, sentId, commandId, action, titles, platform, kind, reason, …"},
		},
	)
}

func streamTitles(sample bson.Raw) Description {
	here := bson.E{Key: "channel", Value: text(sample, "channel")}
	noTest := bson.E{Key: "isTest", Value: false}
	newest := bson.D{{Key: "timestamp", Value: -1}}
	brief := bson.D{{Key: "title", Value: 1}, {Key: "state", Value: 1}, {Key: "decidedBy", Value: 1}, {Key: "timestamp", Value: 1}}
	return Description{
		Name:    titlesName,
		Purpose: "Requests for stream titles, one document each with its whole life. It is folded from the title.* events and moves forward as they come; title.locked belongs to no request and is in events alone.",
		Fields:  titlesFields(), Indexes: titlesIndexes(), Sample: sample,
		Queries: []Query{
			{Meaning: "the last titles of a channel and what became of them", Filter: bson.D{here, noTest}, Projection: brief, Sort: newest, Limit: 20},
			{Meaning: "all that was asked for during one stream, in order", Filter: bson.D{{Key: "session", Value: text(sample, "session")}}, Projection: brief, Sort: bson.D{{Key: "timestamp", Value: 1}}},
			{Meaning: "why a title was made: its request with every step", Filter: bson.D{{Key: "_id", Value: text(sample, "_id")}}},
			{Meaning: "titles that a platform shows or showed", Filter: bson.D{here, {Key: "state", Value: "applied"}, noTest}, Projection: brief, Sort: newest, Limit: 20},
			{Meaning: "the request that an event belongs to", Filter: bson.D{{Key: "steps.eventId", Value: text(sample, "_id")}}},
			{Meaning: "how many requests ended in which state", Pipeline: []bson.D{
				{{Key: "$match", Value: bson.D{here, noTest}}},
				{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$state"}, {Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
			}},
		},
	}
}
