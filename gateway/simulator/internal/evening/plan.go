package evening

import "slices"

// cue is something that happens at one moment: the frames of it, none when nothing comes of it.
type cue func(*Evening) [][]byte

// agenda is what is still to happen this evening, in order.
type agenda []planned

type planned struct {
	due  int // the moment, counted from the evening's first
	play cue
}

// add plans a cue; what is due at the same moment keeps the order of planning.
func (a *agenda) add(due int, play cue) {
	at, _ := slices.BinarySearchFunc(*a, due+1, func(p planned, due int) int { return p.due - due })
	*a = slices.Insert(*a, at, planned{due, play})
}

// next takes what is due.
func (a *agenda) next(now int) (play cue, ok bool) {
	if len(*a) == 0 || (*a)[0].due > now {
		return nil, false
	}
	play = (*a)[0].play
	*a = slices.Delete(*a, 0, 1)
	return play, true
}

// later plans a cue some moments from now.
func (e *Evening) later(moments int, play cue) { e.agenda.add(e.moment+moments, play) }

// act plays one row of the story for a server; no frames mean that it cannot happen yet.
type act func(*Evening, Shape) [][]byte

// happening is one row of the story.
type happening struct {
	name    string
	times   [2]int     // how often in an evening: at least, at most
	part    [2]float64 // when: 0 is the first moment of the stream, 1 its last
	servers servers    // who knows it
	needs   need
	play    act
}

// need is what a happening depends on beside the server's shape.
type need int

const (
	nothing need = iota
	kickToo      // servers with Kick
)

// known says whether tonight's server can tell of a happening.
func (e *Evening) known(h happening) bool {
	if h.needs == kickToo && !e.opt.Kick {
		return false
	}
	return e.opt.MixShapes || h.servers.has(e.opt.Shape)
}

// retry is after how many moments what could not happen is tried again.
const retry = 5

// planStory draws when the rows of the story happen, between two moments of the evening.
func (e *Evening) planStory(from, to int) {
	for _, h := range story() {
		if !e.known(h) {
			continue
		}
		first := float64(from) + h.part[0]*float64(to-from)
		span := (h.part[1] - h.part[0]) * float64(to-from)
		n := h.times[0] + e.what.IntN(h.times[1]-h.times[0]+1)
		for i := range n {
			// One in each n-th of its part of the evening, so that they do not crowd.
			at := first + span*(float64(i)+e.what.Float64())/float64(n)
			e.agenda.add(int(at), e.cueOf(h))
		}
	}
}

func (e *Evening) cueOf(h happening) cue {
	var play cue
	play = func(e *Evening) [][]byte {
		frames := h.play(e, e.shape(h.servers))
		if len(frames) == 0 {
			e.later(retry, play)
		}
		return frames
	}
	return play
}

// shape draws the form of the next frames among the servers that know them.
func (e *Evening) shape(known servers) Shape {
	if !e.opt.MixShapes {
		return e.opt.Shape
	}
	for {
		if s := Shape(e.what.IntN(int(shapes))); known.has(s) {
			return s
		}
	}
}
