package collections

import (
	"embed"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/ai"
	"promethean/sinks/channel"
	"promethean/sinks/chat"
	"promethean/sinks/ledger"
	"promethean/sinks/titles"
)

// envelopes are events as the gateway seals them.
//
//go:embed samples/*.json
var envelopes embed.FS

// seeds are the documents that the sinks make of the envelopes.
type seeds struct {
	events []bson.Raw
	// lines are by collection.
	lines map[string]bson.Raw
	// tombstones are what deletions leave whose line has not come, by collection.
	tombstones map[string][]bson.Raw
	channel    []bson.Raw
	ai         []bson.Raw
	title      bson.Raw
}

func samples() (seeds, error) {
	s := seeds{lines: map[string]bson.Raw{}, tombstones: map[string][]bson.Raw{}}
	for i, file := range []struct {
		name       string
		provider   schema.Provider
		collection string
	}{
		{"twitch", schema.Twitch, "twitch_chat_messages"},
		{"youtube", schema.YouTube, "youtube_chat_messages"},
		{"kick", schema.Kick, "kick_chat_messages"},
		{"trovo", schema.Trovo, "trovo_chat_messages"},
		{"gap", schema.StreamerBot, ""},
		{"gift_bomb", schema.Twitch, channelName},
		{"gift_1", schema.Twitch, channelName},
		{"gift_2", schema.Twitch, channelName},
		{"redemption", schema.Twitch, channelName},
		{"donation", schema.StreamerBot, channelName},
		{"go_live", schema.Twitch, channelName},
		{"updated", schema.Twitch, channelName},
		{"deleted", schema.Twitch, "twitch_chat_messages"},
		{"ai_message", schema.AiLicia, aiName},
		{"ai_thoughts", schema.AiLicia, aiName},
		{"ai_tts", schema.AiLicia, aiName},
		{"ai_moderation", schema.AiLicia, aiName},
		{"first_message", schema.AiLicia, aiName},
		{"tiktok", "tiktok", "tiktok_chat_messages"},
		{"character", schema.AiLicia, aiName},
	} {
		r, err := recorded(file.name, file.provider, uint64(i)+17)
		if err != nil {
			return seeds{}, fmt.Errorf("collections: sample %s: %w", file.name, err)
		}
		event, err := ledger.Document(r)
		if err != nil {
			return seeds{}, fmt.Errorf("collections: sample %s: %w", file.name, err)
		}
		s.events = append(s.events, event)
		if err := s.add(file.collection, r); err != nil {
			return seeds{}, fmt.Errorf("collections: sample %s: %w", file.name, err)
		}
	}
	var err error
	s.title, err = titleSample()
	return s, err
}

// titleSample is the document that the sink makes of the events of one request.
func titleSample() (bson.Raw, error) {
	var steps []titles.Step
	id := ""
	for i, name := range []string{"requested", "suggested", "approved", "sent", "applied"} {
		r, err := recorded("title_"+name, schema.Brain, uint64(i)+41)
		if err != nil {
			return nil, fmt.Errorf("collections: sample title_%s: %w", name, err)
		}
		step, request, err := titles.Read(r)
		if err != nil {
			return nil, fmt.Errorf("collections: sample title_%s: %w", name, err)
		}
		id, steps = request, append(steps, step)
	}
	return bson.Marshal(titles.Fold(id, steps))
}

// add makes the document that a sample's own sink makes of it.
func (s *seeds) add(collection string, r schema.Recorded) error {
	switch {
	case collection == "":
		return nil
	case collection == channelName:
		doc, err := channel.Document(r)
		s.channel = append(s.channel, doc)
		return err
	case collection == aiName:
		doc, err := ai.Document(r)
		s.ai = append(s.ai, doc)
		return err
	case r.Envelope.Type == schema.ChatMessageDeleted:
		doc, err := chat.Tombstone(r)
		s.tombstones[collection] = append(s.tombstones[collection], doc)
		return err
	}
	doc, err := chat.Document(r)
	s.lines[collection] = doc
	return err
}

// recorded is a sample's envelope as the log would hold it.
func recorded(name string, provider schema.Provider, seq uint64) (schema.Recorded, error) {
	body, err := envelopes.ReadFile("samples/" + name + ".json")
	if err != nil {
		return schema.Recorded{}, err
	}
	e, err := schema.Parse(body)
	if err != nil {
		return schema.Recorded{}, err
	}
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return schema.Recorded{}, err
	}
	return schema.Recorded{
		Envelope: e, Body: body, Stream: bus.StreamEvents, Seq: seq,
		Subject:  schema.EventSubject(provider, meta.Gateway.Tenant, e.Type),
		StoredAt: meta.Gateway.ReceivedAt.Add(5 * time.Millisecond),
	}, nil
}
