package streamerbot

import (
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"promethean/gateway/source/ignore"
	"promethean/schema"
)

// Name is this source's name in traces, payloads and metrics.
const Name = "streamerbot"

// Facts is what [Normalise] needs to know besides the frame.
type Facts struct {
	Tenant string
	// InstanceID and Version are the server's (Hello, GetInfo).
	InstanceID, Version string
	// Connection names the connection, N counts its frames from 1.
	Connection string
	N          uint64
	ReceivedAt time.Time
	// Channels are the broadcaster's own, by platform (GetBroadcaster).
	Channels map[schema.Provider]schema.Channel
	Ignored  ignore.Users
	// Ordinal says how many frames with the same first id this connection had
	// before ([Ordinals.Next]); nil means none. It is asked at most once, and
	// only for facts that have no id of their own.
	Ordinal func(id string) int
	// memory, when set, is used again for each frame; nothing of a draft is in it.
	memory *memory
}

// memory is what reading one frame takes.
type memory struct {
	normaliser normaliser
	chat       chatData
}

// errNothing is the reason to refuse a chat frame that says nothing we know.
var errNothing = errors.New("chat frame without text and id")

// Normalise makes a draft of one text frame. Every frame gives a draft: an
// event, or a refusal with its reason; ignored is true where the event is of
// an ignored user and is not to be emitted. It is pure. The draft aliases
// frame, which must not be changed afterwards.
func Normalise(frame []byte, f Facts) (d schema.Draft, ignored bool) {
	o, err := readOuter(frame)
	if err != nil {
		return f.refuse(o.raw, "", err), false
	}
	return f.normalise(o)
}

func (f Facts) normalise(o outer) (d schema.Draft, ignored bool) {
	source, kind, err := o.names()
	if err != nil {
		return f.refuse(o.raw, "", err), false
	}
	if f.memory == nil {
		f.memory = new(memory)
	}
	n := &f.memory.normaliser
	*n = normaliser{outer: o, facts: f, source: source, kind: kind, provider: provider(source), stamp: stampText(o.stamp)}
	n.at = parseTime(n.stamp)
	as, known := lookup(source, kind)
	if n.frame, n.isWhole = as.frame, as.isSpelt(source, kind); !n.isWhole {
		n.frame, n.isWhole = frameType(source, kind)
	}
	if as.chat != nil {
		return n.chat(as.chat)
	}
	n.common = &common{}
	n.isObject = n.cursor.read(o.data, n.common)
	if known {
		if fact, ok := as.read(n, as); ok {
			return n.judged(fact)
		}
	}
	if n.isIgnored() {
		return schema.Draft{}, true
	}
	return n.passThrough(), false
}

// normaliser is one frame on its way to a draft.
type normaliser struct {
	outer
	facts        Facts
	source, kind string
	provider     schema.Provider
	// frame is the source's own name of the type, as frameType gives it.
	frame   string
	isWhole bool
	// stamp is the timeStamp as it stands, unquoted; it hides the outer's.
	stamp string
	// at is the frame's timeStamp; zero where it has none.
	at     time.Time
	common *common
	// cursor reads data.
	cursor cursor
	// isObject says that data was an object, so that common was read from it.
	isObject bool
}

// draft fills what every event's draft has but the id.
func (n *normaliser) draft(t schema.Type, p schema.Provider, c schema.Channel) schema.Draft {
	trace := n.facts.trace(n.frame)
	if n.common.isTest() {
		trace.Origin = schema.Test
	}
	return schema.Draft{
		Type:      t,
		Provider:  p,
		Timestamp: n.at,
		Channel:   c,
		StreamID:  string(n.common.Broadcast.v.ID),
		Trace:     trace,
	}
}

// channel is where a fact of platform p happened: what the frame says, else the
// broadcaster's channel on that platform, else the Streamer.bot itself.
func (n *normaliser) channel(p schema.Provider) schema.Channel {
	own, isKnown := n.facts.Channels[p]
	platform := upper(p)
	b := n.common.Broadcaster.v
	switch {
	case p == schema.Twitch && b.ID != "":
		return named(schema.Channel{ID: string(b.ID), Name: twitchLogin(b.Login, b.Name), Platform: platform}, own)
	case p == schema.Twitch && n.common.Message.v.Channel != "":
		c := schema.Channel{Name: twitchLogin(n.common.Message.v.Channel), Platform: platform}
		if strings.EqualFold(c.Name, own.Name) {
			c.ID = own.ID
		}
		return c
	case p == schema.YouTube && n.common.Broadcast.v.ChannelID != "":
		return n.youTubeChannel(n.common.Broadcast.v.ChannelID)
	case isKnown:
		return own
	case p == schema.OBS:
		return n.facts.home()
	}
	return n.facts.ownChannel()
}

// home is the broadcaster's channel where a fact has no platform, the first
// that is known (design 2: GetBroadcaster fills it for OBS).
func (f Facts) home() schema.Channel {
	for _, p := range []schema.Provider{schema.Twitch, schema.YouTube, schema.Kick, schema.Trovo} {
		if c, isKnown := f.Channels[p]; isKnown {
			return c
		}
	}
	return f.ownChannel()
}

// named gives c the name of own where it has none and is the same channel.
func named(c, own schema.Channel) schema.Channel {
	if c.Name == "" && c.ID == own.ID {
		c.Name = own.Name
	}
	return c
}

// youTubeChannel is the channel with this id; its name is known if it is the
// broadcaster's own.
func (n *normaliser) youTubeChannel(id text) schema.Channel {
	c := schema.Channel{ID: string(id), Platform: upper(schema.YouTube)}
	if own := n.facts.Channels[schema.YouTube]; own.ID == c.ID {
		c.Name = own.Name
	}
	return c
}

// ownChannel stands in where no platform's channel is known (design 2).
func (f Facts) ownChannel() schema.Channel {
	return schema.Channel{ID: f.InstanceID, Name: f.Tenant, Platform: "STREAMERBOT"}
}

func (f Facts) trace(frameType string) schema.Trace {
	return schema.Trace{
		Source:        Name,
		SourceVersion: f.Version,
		Tenant:        f.Tenant,
		ReceivedAt:    f.ReceivedAt,
		InstanceID:    f.InstanceID,
		Connection:    f.Connection,
		N:             f.N,
		FrameType:     frameType,
		Origin:        schema.Live,
	}
}

// refuse makes the draft of a frame of which all bytes are at hand.
func (f Facts) refuse(frame []byte, frameType string, reason error) schema.Draft {
	return f.refusal(frameType, schema.Refusal{
		Reason: reason.Error(),
		Bytes:  frame,
		Size:   int64(len(frame)),
		SHA256: sha256.Sum256(frame),
	})
}

// refusal makes the draft of a frame that cannot be read. Its id is of its
// place on the connection as well: two broken frames are two letters.
func (f Facts) refusal(frameType string, r schema.Refusal) schema.Draft {
	return schema.Draft{
		ID:       schema.FrameID(Name, "refused", f.Connection, r.SHA256[:], int(f.N)),
		Provider: schema.StreamerBot,
		Trace:    f.trace(frameType),
		Refusal:  &r,
	}
}

// parseTime reads an RFC 3339 time with any number of decimals; zero where
// there is none that an envelope can hold. A time in year 1 is one that .NET
// never set, shown in the PC's zone.
func parseTime(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || !schema.Writable(t) || t.UTC().Year() == 1 {
		return time.Time{}
	}
	return t
}
