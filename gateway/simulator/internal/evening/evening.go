// Package evening invents an evening of chat on Twitch, YouTube and Kick, as the frames a
// Streamer.bot WebSocket server would send.
//
// Rules: nothing here reads a clock, the network or a global source of randomness; the same options
// and the same times give the same frames, byte for byte. All people, ids and addresses are invented.
// The shapes are those of recorded frames (reference/streamerbot.md sections 3.1, 4.1, 4.6 and 4.7).
//
// In reading order: cast.go (who speaks), pulse.go (when), phrases.go and lines.go (what is said),
// text.go (emotes and their UTF-16 offsets), twitch.go, youtube.go and kick.go (the frames).
package evening

import (
	"math/rand/v2"
	"time"
)

// Options says which evening is played.
type Options struct {
	// Seed chooses the cast and everything said. The cast depends on nothing else, so viewers keep
	// their ids from one evening to the next.
	Seed uint64
	// Start is when the evening begins. It enters every message id, so that two evenings with the
	// same seed never repeat an id.
	Start time.Time
	// Shape is the form of the Twitch frames.
	Shape Shape
	// MixShapes gives each Twitch line a shape drawn at random instead.
	MixShapes bool
	// Kick lets Kick viewers speak too (servers since 1.0.0).
	Kick bool
}

// Evening is the state of one evening. It is for one goroutine at a time.
type Evening struct {
	opt     Options
	cast    []*viewer
	weights []float64
	what    *rand.Rand // who speaks and what is said
	ids     *rand.Rand // message ids
	pulse   pulse
	recent  []spoken
	began   map[string]time.Time // a viewer's first line this evening, by id
	show    broadcast
}

// spoken is a line that a later one may answer.
type spoken struct {
	by   *viewer
	id   string
	text string
}

const recentLines = 24

// New prepares an evening.
func New(o Options) *Evening {
	e := &Evening{
		opt:   o,
		what:  stream(o.Seed, 2, 0),
		ids:   stream(o.Seed, 3, uint64(o.Start.UnixNano())),
		began: map[string]time.Time{},
	}
	e.pulse = newPulse(stream(o.Seed, 4, 0))
	e.cast = newCast(stream(o.Seed, 1, 0), o.Kick)
	for _, v := range e.cast {
		e.weights = append(e.weights, v.chatty)
	}
	e.show = newBroadcast(e.ids, o.Start)
	return e
}

// stream gives an independent sequence of numbers for one purpose.
func stream(seed, purpose, salt uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed^salt*0x9e3779b97f4a7c15, purpose*0xbf58476d1ce4e5b9+salt))
}

// Gap gives the time from the line before to the next one, for an average of rate lines a second
// (rate > 0). Gaps are exponential and shorter during hype.
func (e *Evening) Gap(rate float64) time.Duration { return e.pulse.gap(rate) }

// Next gives the frames of the next chat line, spoken at a time in the streaming PC's zone: the line
// itself, before it the first-words frame when it is the viewer's first this evening, and after it
// sometimes the copy that the Restream relay posts on another platform.
func (e *Evening) Next(at time.Time) [][]byte {
	hype := e.pulse.step()
	by := e.cast[weighted(e.what, e.weights)]
	l := line{by: by, id: e.newID(by.platform), at: at, shape: e.shape()}
	l.reply = e.pickReply(by)
	l.segments = e.say(by, hype, l.reply)
	frames := e.frames(&l)
	e.remember(spoken{by: by, id: l.id, text: plain(l.segments)})
	if e.what.Float64() < relayShare {
		if echo, ok := e.echo(l); ok {
			frames = append(frames, e.frames(&echo)...)
		}
	}
	return frames
}

// frames gives a line's first-words frame, if it is due, and the line's own frame.
func (e *Evening) frames(l *line) [][]byte {
	first, seen := e.began[l.by.id]
	if !seen {
		first = l.at
		e.began[l.by.id] = l.at
	}
	l.began = first
	l.newcomer = !seen && l.by.newcomer
	if seen {
		return [][]byte{e.chat(l)}
	}
	return [][]byte{e.firstWords(l), e.chat(l)}
}

func (e *Evening) chat(l *line) []byte {
	switch l.by.platform {
	case youTube:
		return e.youTubeMessage(l)
	case kick:
		return e.kickChat(l, "ChatMessage")
	default:
		return e.twitchChat(l, "ChatMessage")
	}
}

func (e *Evening) firstWords(l *line) []byte {
	switch l.by.platform {
	case youTube:
		return e.youTubeFirstWords(l)
	case kick:
		return e.kickChat(l, "FirstWords")
	default:
		return e.twitchChat(l, "FirstWord")
	}
}

func (e *Evening) shape() Shape {
	if e.opt.MixShapes {
		return Shape(e.what.IntN(int(shapes)))
	}
	return e.opt.Shape
}

func (e *Evening) remember(s spoken) {
	e.recent = append(e.recent, s)
	if len(e.recent) > recentLines {
		e.recent = e.recent[1:]
	}
}

// weighted draws an index with the given relative weights.
func weighted(r *rand.Rand, weights []float64) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}
