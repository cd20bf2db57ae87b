package evening

import (
	"math/rand/v2"
	"time"
)

// Chat comes in bursts: a raid, a boss, a clip. One line in hypeEvery starts a burst of hypeMin to
// hypeMax lines that come hypeSpeed times as fast as the average.
const (
	hypeEvery = 140
	hypeMin   = 20
	hypeMax   = 60
	hypeSpeed = 6.0
)

// calmSpeed makes the average over calm and hype come out as 1.
const (
	hypeMean  = (hypeMin + hypeMax) / 2.0
	hypeShare = hypeMean / (hypeEvery + hypeMean)
	calmSpeed = (1 - hypeShare) / (1 - hypeShare/hypeSpeed)
)

// pulse says when the chat is in a burst. Lines and gaps draw from their own sequences, so what is
// said does not depend on whether anybody asked how long to wait.
type pulse struct {
	bursts *rand.Rand
	gaps   *rand.Rand
	left   int // lines left in this burst
}

func newPulse(r *rand.Rand) pulse {
	return pulse{bursts: r, gaps: rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))}
}

// step moves on by one line and says whether that line is part of a burst.
func (p *pulse) step() bool {
	if p.left > 0 {
		p.left--
		return true
	}
	if p.bursts.IntN(hypeEvery) == 0 {
		p.left = hypeMin + p.bursts.IntN(hypeMax-hypeMin+1)
	}
	return false
}

func (p *pulse) gap(rate float64) time.Duration {
	speed := calmSpeed
	if p.left > 0 {
		speed = hypeSpeed
	}
	return time.Duration(p.gaps.ExpFloat64() / (rate * speed) * float64(time.Second))
}
