// Package evening invents whole evenings of streaming, as the frames that a Streamer.bot WebSocket
// server would send: the start, chat on Twitch, YouTube, Kick and Trovo, follows, subscriptions, gift
// bombs, cheers, raids, redemptions, a hype train, polls, moderation, scenes, donations, the end; and
// after a pause the next evening, for ever.
//
// Rules: nothing here reads a clock, the network or a global source of randomness; the same options
// and the same times give the same frames, byte for byte. All people, ids and addresses are invented.
// Nothing refers to what did not happen: a deleted line was said, a gift goes to a viewer, a total is
// the sum. The shapes are those of recorded frames, or where there are none of
// reference/streamerbot.md section 4, by the generation of the server (Shape).
//
// The story advances by moments, not by the clock: an evening has some 900 to 1100 frames, so that it
// takes minutes at 2 frames a second and seconds at 100. About a dozen of its first twenty frames are
// the start of the stream, and two thirds and more of all frames are chat. Times inside the payloads
// follow the caller's clock.
//
// In reading order: story.go (the table of what happens, when and how often), plan.go (how it becomes
// an agenda), evening.go (the next moment), pulse.go (how long until then), cast.go and crowd.go (who
// is there), phrases.go and lines.go (what is said), text.go (emotes and their UTF-16 offsets), badges.go,
// ids.go, stamp.go and wire.go (what frames are made of), then a file for each family: twitch.go,
// youtube.go, kick.go and trovo.go (chat), follow.go, subs.go, gifts.go, cheer.go, train.go and so on.
// counter.go counts lines for tests.
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
	// Shape is the form of the frames.
	Shape Shape
	// MixShapes draws a shape at random for each happening instead: a line, a bomb with its gifts, a
	// hype train.
	MixShapes bool
	// Kick lets Kick be seen too (servers since 1.0.0).
	Kick bool
	// KeepTitles lets the streamer set no title: it stays what it was set to from outside.
	KeepTitles bool
}

// Evening is the state of the evening, and of the channel from one evening to the next. It is for one
// goroutine at a time.
type Evening struct {
	opt   Options
	what  *rand.Rand // who speaks, what is said and what happens
	ids   *rand.Rand // ids, and what else differs between two runs with one seed
	pulse pulse
	cast  []*viewer // regulars
	channel

	at     time.Time // of the next frame
	number int       // of the evening, from 1
	moment int       // of the evening, from 1
	agenda agenda
	scenery
	guests  []*viewer // who is here this evening only
	recent  []spoken
	began   map[string]time.Time // a viewer's first line this evening, by id
	show    broadcast
	train   *train // under way, or nil
	blind   int    // moments until Twitch is heard again
	viewers int
}

// spoken is a line that a later one may answer or that a moderator may delete.
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
		at:    o.Start,
		began: map[string]time.Time{},
	}
	e.pulse = pulse{gaps: stream(o.Seed, 4, 0)}
	e.cast = newCast(stream(o.Seed, 1, 0), o.Kick)
	e.channel = newChannel(stream(o.Seed, 7, 0))
	return e
}

// stream gives an independent sequence of numbers for one purpose.
func stream(seed, purpose, salt uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed^salt*0x9e3779b97f4a7c15, purpose*0xbf58476d1ce4e5b9+salt))
}

// Gap gives the time from the moment before to the next one, for an average of rate frames a second
// (rate > 0). Gaps are exponential, shorter during hype and long between two evenings.
func (e *Evening) Gap(rate float64) time.Duration { return e.pulse.gap(rate) }

// Next gives the frames of the next moment, at a time in the streaming PC's zone. Mostly that is one
// frame; a viewer's first line this evening comes as two, a redemption with the reward's new state.
func (e *Evening) Next(at time.Time) [][]byte {
	e.clock(at)
	if len(e.agenda) == 0 {
		e.begin()
	}
	e.moment++
	hype := e.pulse.step()
	frames := e.happen(hype)
	e.pulse.gave(len(frames))
	return frames
}

// happen plays what is due, or somebody talks. While Twitch cannot be heard nothing else goes on.
func (e *Evening) happen(hype bool) [][]byte {
	if e.blind > 0 {
		return e.inTheDark(hype)
	}
	for {
		play, due := e.agenda.next(e.moment)
		if !due {
			return e.talk(hype)
		}
		if frames := play(e); len(frames) > 0 {
			return frames
		}
	}
}

// talk is the next chat line: the line itself, before it the first-words frame when it is the
// viewer's first this evening, behind it the command in it. The relay's copy on another platform comes
// later.
func (e *Evening) talk(hype bool) [][]byte {
	by := e.speaker()
	l := e.newLine(by)
	l.reply = e.pickReply(by)
	l.segments = e.say(by, hype, l.reply)
	return e.speak(l)
}

func (e *Evening) newLine(by *viewer) line {
	return line{by: by, id: e.newID(by.platform), at: e.at, shape: e.shape(allServers)}
}

// speak gives a line's frames and remembers it.
func (e *Evening) speak(l line) [][]byte {
	l.at = e.at
	frames := e.frames(&l)
	e.remember(spoken{by: l.by, id: l.id, text: plain(l.segments)})
	frames = append(frames, e.commandIn(&l)...)
	e.relay(l)
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
	switch {
	case l.by.platform == youTube:
		return e.youTubeMessage(l)
	case l.by.platform == kick:
		return e.kickChat(l, "ChatMessage")
	case l.by.platform == trovo:
		return e.trovoChat(l, "ChatMessage")
	case l.bits > 0:
		return e.twitchChat(l, "Cheer")
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
	case trovo:
		return e.trovoChat(l, "FirstWords")
	default:
		return e.twitchChat(l, "FirstWord")
	}
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
