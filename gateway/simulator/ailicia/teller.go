package ailicia

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"
)

// event is one event of the stream.
type event struct {
	name    string
	id      string // the envelope's
	channel string // its id
	data    []byte
}

// How much of an evening is told again, and how.
const (
	retoldShare   = 0.8  // of lines and happenings
	samePlatform  = 0.6  // of lines come under the platform's message id
	unversioned   = 0.08 // of envelopes have no version
	withLatency   = 0.05 // of lines have a meta
	uncaptioned   = 0.5  // of lines say that they are no caption
	answeredShare = 0.12 // of lines are answered
	idleShare     = 0.05 // of lines are thought about and not answered
)

// teller tells an evening as ai_licia would. It is for one goroutine at a time, and reads no clock.
type teller struct {
	r       *rand.Rand
	salt    string
	number  int // of ids so far
	frames  int // so far
	at      time.Time
	live    map[string]string // stream ids by platform
	agenda  []later
	beats   []int // when each row of beats is due next
	persona int   // index of who is active
	out     []event
}

// later is what happens some frames from now.
type later struct {
	due  int
	play func(*teller)
}

func newTeller(seed uint64, start time.Time) *teller {
	t := &teller{
		r:    rand.New(rand.NewPCG(seed, 0xa111c1a)),
		salt: fmt.Sprintf("%d/%d", seed, start.UnixNano()),
		live: map[string]string{},
	}
	for _, b := range beats() {
		t.beats = append(t.beats, b.first)
	}
	return t
}

// tell gives the events that a Streamer.bot frame brings about: mostly one, often none, sometimes several.
func (t *teller) tell(frame []byte, at time.Time) []event {
	t.frames++
	t.at, t.out = at, nil
	if f, ok := readFact(frame); ok {
		t.retell(f)
	}
	t.catchUp()
	t.beat()
	return t.out
}

func (t *teller) retell(f fact) {
	switch f.kind {
	case "live":
		t.goLive(f.platform)
	case "offline":
		t.goOffline(f.platform)
	case "first":
		t.remember(f)
	default:
		if !t.draw(retoldShare) {
			return
		}
		if f.kind == "chat" || f.kind == "CHEER" {
			t.line(f)
		}
		if f.kind != "chat" {
			t.happening(f)
		}
	}
}

// line is a chat line; some are answered. A cheer is a line too.
func (t *teller) line(f fact) {
	m := chatMessage{
		ID: t.newID("msg"), Username: f.username, Message: f.text, Language: language(f.text), Platform: f.platform,
		IsSubscriber: f.subscriber, IsVip: f.vip, IsModerator: f.moderator, Sent: stamp(t.at),
	}
	if t.draw(samePlatform) {
		m.ID = f.id
	}
	if t.draw(uncaptioned) {
		m.IsCaption = new(bool)
	}
	var meta anything
	if t.draw(withLatency) {
		meta = anything{"latencyMs": 20 + t.r.IntN(400)}
	}
	t.emit("chat.message", f.platform, m, meta)
	switch x := t.r.Float64(); {
	case x < answeredShare:
		t.answer(f)
	case x < answeredShare+idleShare:
		t.think(f, false)
	}
}

func (t *teller) happening(f fact) {
	e := channelEvent{
		EventType: f.kind, Username: text(f.username), Gifter: t.optional(f.gifter), Count: t.number32(f.count),
		Value: t.number32(f.value), RaidViewers: t.number32(f.raidViewers), Message: t.optional(f.text),
		Currency: f.currency, Sent: stamp(t.at),
	}
	t.emit("channel.event", f.platform, e, nil)
}

func (t *teller) goLive(platform string) {
	t.live[platform] = t.newID("st")
	t.emit("channel.go_live", platform, moment{stamp(t.at)}, nil)
	t.plan(1, func(t *teller) { t.presence("system.join", platform) })
}

func (t *teller) goOffline(platform string) {
	t.presence("system.left", platform)
	t.emit("channel.go_offline", platform, moment{stamp(t.at)}, nil)
	delete(t.live, platform)
}

func (t *teller) presence(kind, platform string) {
	c := channelOf(platform)
	t.emit(kind, platform, presence{c.ID, c.Name, stamp(t.at)}, nil)
}

// emit seals a payload.
func (t *teller) emit(kind, platform string, payload any, meta anything) {
	e := envelope{ID: t.newID("evt"), Type: kind, Version: Version, Timestamp: stamp(t.at), Channel: channelOf(platform), Payload: payload, Meta: meta}
	if t.draw(unversioned) {
		e.Version = ""
	}
	if id, ok := t.live[platform]; ok {
		e.Stream = &stream{id}
	}
	t.out = append(t.out, event{kind, e.ID, e.Channel.ID, encode(e)})
}

func channelOf(platform string) Channel {
	all := Channels()
	for _, c := range all {
		if c.Platform == platform {
			return c
		}
	}
	return all[0]
}

func (t *teller) draw(share float64) bool { return t.r.Float64() < share }

func (t *teller) plan(frames int, play func(*teller)) {
	t.agenda = append(t.agenda, later{t.frames + frames, play})
}

// catchUp plays what is due, in the order of planning.
func (t *teller) catchUp() {
	var due []later
	kept := t.agenda[:0]
	for _, l := range t.agenda {
		if l.due <= t.frames {
			due = append(due, l)
		} else {
			kept = append(kept, l)
		}
	}
	t.agenda = kept
	for _, l := range due {
		l.play(t)
	}
}

// newID is another id each time, and not one of an evening that began at another time.
func (t *teller) newID(prefix string) string {
	t.number++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", t.salt, t.number))
	return prefix + "_" + hex.EncodeToString(sum[:10])
}

// text is a nullable name: null where nobody is named.
func text(s string) *maybe[string] { return &maybe[string]{value: s, isNull: s == ""} }

// optional is a text that is missing or null where there is none.
func (t *teller) optional(s string) *maybe[string] {
	if s == "" && t.draw(0.5) {
		return nil
	}
	return text(s)
}

// number32 is a number that is missing or null where there is none.
func (t *teller) number32(n int) *maybe[int] {
	if n == 0 && t.draw(0.5) {
		return nil
	}
	return &maybe[int]{value: n, isNull: n == 0}
}
