package evening

import (
	"strconv"
	"time"
)

// Counter gives plain Twitch chat lines that say their number, without first words or echoes, for
// tests that count. It is for one goroutine at a time.
type Counter struct {
	e      *Evening
	people []*viewer
	n      int
}

// NewCounter prepares a counter with the evening's cast. Its message ids are never the evening's.
func NewCounter(o Options) *Counter {
	c := &Counter{e: New(o)}
	c.e.ids = stream(o.Seed, 5, uint64(o.Start.UnixNano()))
	for _, v := range c.e.cast {
		if v.platform == twitch {
			c.people = append(c.people, v)
		}
	}
	return c
}

// Next gives the next frame; the first says "line 1".
func (c *Counter) Next(at time.Time) []byte {
	c.n++
	c.e.clock(at)
	l := line{
		by: c.people[c.n%len(c.people)], id: c.e.newID(twitch), at: at, began: at, shape: c.e.shape(allServers),
		segments: []segment{{text: "line " + strconv.Itoa(c.n)}},
	}
	return c.e.chat(&l)
}
