package collections

import (
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/ledger"
	"promethean/sinks/store"
)

const eventsName = ledger.Collection

func eventsIndexes() []store.Index {
	return []store.Index{{"type", "timestamp"}, {"channel.id", "timestamp"}, {"seq"}}
}

func eventsFields() []Field {
	return slices.Concat(
		[]Field{
			{Path: "_id", Type: String, About: "the event's id: the same fact always has the same one"},
			{Path: "type", Type: String, About: "what happened: " + typesText() + "; what else Streamer.bot sends is streamerbot.(source).(type) in snake case"},
			{Path: "version", Type: String, About: "date of the type's schema"},
			{Path: "timestamp", Type: Date, About: "when Streamer.bot reported it, by its PC's clock; of source.connected, source.disconnected and source.gap, by the gateway's"},
			{Path: "channel", Type: Object, About: "where it happened"},
			{Path: "channel.id", Type: String, About: "the platform's id of the channel"},
			{Path: "channel.name", Type: String, About: "its login or handle"},
			{Path: "channel.platform", Type: String, About: "TWITCH, YOUTUBE, KICK, TROVO, …; STREAMERBOT for what belongs to no platform"},
		},
		optional(
			Field{Path: "stream", Type: Object, About: "the broadcast, where the source names one"},
			Field{Path: "stream.id", Type: String, About: "the platform's id of the broadcast"},
			Field{Path: "payload", Type: Object, Open: true, About: "what the type says: for chat.message id, userId, username, displayName, message, platform, the is… flags, badges, emotes, …"},
			Field{Path: "payloadJson", Type: String, About: "in place of payload: the same as JSON text, where BSON can't say it exactly"},
			Field{Path: "meta", Type: Object, Open: true, About: "how it came here: meta.gateway has source, tenant, receivedAt, connection, n (its number on the connection), origin (live or test); the source's own frame is only in body"},
			Field{Path: "metaJson", Type: String, About: "in place of meta, as payloadJson"},
			Field{Path: "inexact", Type: Strings, About: "paths of numbers that are kept as strings because no BSON number is exactly them"},
		),
		[]Field{
			{Path: "seq", Type: Long, About: "its number on the log: the order of record"},
			{Path: "subject", Type: String, About: "the NATS subject that it was published under"},
			{Path: "receivedAt", Type: Date, About: "when the gateway received it"},
			{Path: "body", Type: Binary, About: "the message's exact bytes, JSON, with the source's frame in meta.raw: leave it out of a projection"},
			{Path: "sha256", Type: String, About: "of body, in hex"},
		})
}

// typesText lists the types whose payload this project defines.
func typesText() string {
	var names []string
	for _, entry := range schema.Catalogue() {
		if entry.Type.Command() == "" {
			names = append(names, string(entry.Type))
		}
	}
	return strings.Join(names, ", ")
}

func events(seeds []bson.Raw) Description {
	sample := seeds[0]
	from, to := hourOf(sample)
	return Description{
		Name:    eventsName,
		Purpose: "Every event of the log, one document each, with its exact bytes. Facts are inserted and never changed.",
		Fields:  eventsFields(), Indexes: eventsIndexes(), Sample: sample,
		Queries: []Query{
			{
				Meaning:    "the last ten events, newest first",
				Projection: bson.D{{Key: "body", Value: 0}}, Sort: bson.D{{Key: "seq", Value: -1}}, Limit: 10,
			},
			{
				Meaning: "all of one type since a time, in order",
				Filter:  bson.D{{Key: "type", Value: text(sample, "type")}, {Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}}}},
				Sort:    bson.D{{Key: "seq", Value: 1}},
			},
			{
				Meaning: "what happened on one channel within an hour",
				Filter: bson.D{
					{Key: "channel.id", Value: text(sample, "channel", "id")},
					{Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}, {Key: "$lt", Value: to}}},
				},
				Projection: bson.D{{Key: "type", Value: 1}, {Key: "timestamp", Value: 1}, {Key: "payload", Value: 1}},
				Sort:       bson.D{{Key: "seq", Value: 1}},
			},
			{
				Meaning:    "when events may have been missed, and why",
				Filter:     bson.D{{Key: "type", Value: "source.gap"}},
				Projection: bson.D{{Key: "payload", Value: 1}}, Sort: bson.D{{Key: "timestamp", Value: -1}},
			},
			{
				Meaning: "how many of each type since a time",
				Pipeline: []bson.D{
					{{Key: "$match", Value: bson.D{{Key: "timestamp", Value: bson.D{{Key: "$gte", Value: from}}}}}},
					{{Key: "$group", Value: bson.D{{Key: "_id", Value: "$type"}, {Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
					{{Key: "$sort", Value: bson.D{{Key: "count", Value: -1}}}},
				},
			},
		},
	}
}

// text is a string field of a sample; the queries ask for what the samples hold.
func text(doc bson.Raw, path ...string) string {
	s, _ := doc.Lookup(path...).StringValueOK()
	return s
}

// hourOf is the whole hour in which a sample happened.
func hourOf(doc bson.Raw) (from, to time.Time) {
	ms, _ := doc.Lookup("timestamp").DateTimeOK()
	from = time.UnixMilli(ms).UTC().Truncate(time.Hour)
	return from, from.Add(time.Hour)
}
