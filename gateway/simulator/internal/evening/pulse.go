package evening

import (
	"math/rand/v2"
	"time"
)

// Chat comes in bursts: a raid, a gift bomb, a new level of the hype train. In a burst frames come
// hypeSpeed times as fast as the average; afterwards chat takes breath, at most breath times as slow.
const (
	hypeSpeed = 6.0
	breath    = 1.6
)

// pulse says when the chat is in a burst and how long to wait. Every frame costs one unit of time, of
// which rate pass in a second; what a burst does not spend, the calm after it does, so the average is
// the rate whatever happens. Gaps have a sequence of numbers of their own, so what is said does not
// depend on whether anybody asked how long to wait.
type pulse struct {
	gaps *rand.Rand
	left int     // moments left in this burst
	owed float64 // units not yet spent
	idle float64 // units of pause before the next moment
}

// rest makes a pause of as many units.
func (p *pulse) rest(units float64) { p.idle = units }

// burst makes the next moments hurried.
func (p *pulse) burst(moments int) { p.left = max(p.left, moments) }

// step moves on by one moment and says whether it is part of a burst.
func (p *pulse) step() bool {
	if p.left == 0 {
		return false
	}
	p.left--
	return true
}

// gave charges for frames.
func (p *pulse) gave(frames int) { p.owed += float64(frames) }

func (p *pulse) gap(rate float64) time.Duration {
	units := min(p.owed, breath)
	if p.left > 0 {
		units = min(p.owed, 1/hypeSpeed)
	}
	p.owed -= units
	units = units*p.gaps.ExpFloat64() + p.idle
	p.idle = 0
	return time.Duration(units / rate * float64(time.Second))
}
