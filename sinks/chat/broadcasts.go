package chat

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/schema"
	"promethean/sinks/store"
)

const (
	// keptTurns is how many starts, and how many ends, of a channel are known:
	// an event may come again from as far back.
	keptTurns = 64
	// keptChannels is of how many channels they are held in memory.
	keptChannels = 64
)

// turn is the start or the end of a broadcast.
type turn struct {
	// Seq is the event's stream sequence.
	Seq int64 `bson:"seq"`
	// ID is the broadcast's where the source says, else the event's. Sources
	// say again that a channel is live; it began when that was said first.
	ID string `bson:"id"`
}

// turns are the last starts and ends of one channel's broadcasts, by seq. They
// are a fold of the log: as far back as they are kept, any order and any
// repetition of events gives the same.
type turns struct {
	Starts []turn `bson:"starts"`
	Ends   []turn `bson:"ends"`
}

// with is t and one turn more.
func with(list []turn, t turn) []turn {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, func(o turn) bool { return o.ID == t.ID }); i >= 0 {
		if list[i].Seq <= t.Seq {
			return list
		}
		list = slices.Delete(list, i, i+1)
	}
	at, _ := slices.BinarySearchFunc(list, t, func(a, b turn) int { return cmp.Compare(a.Seq, b.Seq) })
	list = slices.Insert(list, at, t)
	if len(list) <= keptTurns {
		return list
	}
	// The oldest goes, but not the one that has just come: in a replay from far
	// back it is the one that is needed, and the next will come again too.
	oldest := 0
	if at == 0 {
		oldest = 1
	}
	return slices.Delete(list, oldest, oldest+1)
}

// last is the last turn before a stream sequence; 0 when none is known.
func last(list []turn, before int64) int64 {
	seq := int64(0)
	for _, t := range list {
		if t.Seq < before {
			seq = t.Seq
		}
	}
	return seq
}

// before says where the broadcast that was on at a stream sequence began: 0
// when nobody knows. over: it has ended by then.
func (t turns) before(seq int64) (start int64, over bool) {
	start = last(t.Starts, seq)
	return start, last(t.Ends, seq) > start
}

// broadcasts keeps the turns of channels in the store, so that they are known
// after a restart.
type broadcasts struct {
	into  Rows
	known map[string]turns
}

// stateID is the _id of a channel's turns in the collection of housekeeping.
func stateID(platform, channel string) string { return "broadcasts " + platform + " " + channel }

// of reads a channel's turns.
func (b *broadcasts) of(ctx context.Context, platform, channel string) (turns, error) {
	id := stateID(platform, channel)
	if t, ok := b.known[id]; ok {
		return t, nil
	}
	doc, found, err := b.into.Find(ctx, store.StateCollection, id, "starts", "ends")
	if err != nil {
		return turns{}, err
	}
	var t turns
	if found {
		if err := bson.Unmarshal(doc, &t); err != nil {
			return turns{}, fmt.Errorf("chat: %s in %s cannot be read (%w): remove that document; bans then reach back 24 hours until the next start", id, store.StateCollection, err)
		}
	}
	b.remember(id, t)
	return t, nil
}

func (b *broadcasts) remember(id string, t turns) {
	if b.known == nil || len(b.known) >= keptChannels {
		b.known = map[string]turns{}
	}
	b.known[id] = t
}

// note adds the turn that an event is. It is on disk before it is known here, so
// that a write that failed is made again.
func (b *broadcasts) note(ctx context.Context, r schema.Recorded) error {
	platform, ok := turnOf(r.Envelope)
	if !ok {
		return nil
	}
	channel := channelOf(r.Envelope)
	t, err := b.of(ctx, platform, channel)
	if err != nil {
		return err
	}
	one := turn{Seq: int64(r.Seq), ID: r.Envelope.ID}
	if r.Envelope.Stream != nil {
		one.ID = cmp.Or(r.Envelope.Stream.ID, one.ID)
	}
	one.ID = clip(one.ID)
	next := t
	if r.Envelope.Type == schema.ChannelGoLive {
		next.Starts = with(t.Starts, one)
	} else {
		next.Ends = with(t.Ends, one)
	}
	if slices.Equal(next.Starts, t.Starts) && slices.Equal(next.Ends, t.Ends) {
		return nil
	}
	id := stateID(platform, channel)
	if err := b.into.Replace(ctx, store.StateCollection, []bson.D{{
		{Key: "_id", Value: id}, {Key: "starts", Value: next.Starts}, {Key: "ends", Value: next.Ends},
	}}); err != nil {
		return err
	}
	b.remember(id, next)
	return nil
}

// turnOf is the platform of a start or end of a broadcast with chat; not ok for
// what is none, and for a rehearsal of one.
func turnOf(e schema.Envelope) (platform string, ok bool) {
	if e.Type != schema.ChannelGoLive && e.Type != schema.ChannelGoOffline {
		return "", false
	}
	// What it says beside matters to the sink of channels, not here.
	var p struct {
		Platform any `json:"platform"`
		IsTest   any `json:"isTest"`
	}
	_ = json.Unmarshal(e.Payload, &p)
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		return "", false
	}
	platform, _ = p.Platform.(string)
	platform = cmp.Or(platform, e.Channel.Platform)
	_, known := Collections()[platform]
	if meta.Gateway.Source == secondSource {
		// It names broadcasts by ids of its own, and removals come from others: what
		// they say of the same broadcast again would cut it in two.
		return "", false
	}
	return platform, known && !isTest(p.IsTest == true, meta)
}
