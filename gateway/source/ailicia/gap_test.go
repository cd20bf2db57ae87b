package ailicia

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"promethean/schema"
)

// TestLastSeenBeforeTheGapIsTold: as long as a gap is not handed on, a restart is
// told to have seen nothing behind its beginning, also while the outbox is full.
func TestLastSeenBeforeTheGapIsTold(t *testing.T) {
	s := newService(t)
	s.answers = []http.HandlerFunc{s.stream(":\n\n", true)}
	free := make(chan struct{})
	var once sync.Once
	seen := time.Now().Add(-time.Hour)
	l := listen(t, Config{URL: s.URL, LastSeen: seen, Timings: Timings{After: time.Millisecond}}, func(d schema.Draft) {
		if d.Type == schema.SourceConnected {
			<-free
		}
		d.Done(nil)
	})
	t.Cleanup(func() { once.Do(func() { close(free) }) })
	l.of(schema.SourceConnected, 1)
	if got := l.source.Status(); !got.Connected || got.LastSeen.After(seen) {
		t.Errorf("seen %v, though the gap from %v is not told", got.LastSeen, seen)
	}
	once.Do(func() { close(free) })
	l.of(schema.SourceGap, 1)
	until(t, "the gap to be kept", func() bool { return l.source.Status().LastSeen.After(seen) })
}

// TestFullOutboxAgain: a gap that is itself held up by the full outbox is followed
// by another, and so is an event that waits behind one.
func TestFullOutboxAgain(t *testing.T) {
	const blocked = 50 * time.Millisecond
	for _, c := range []struct {
		name   string
		c      Config
		blocks func(d schema.Draft, gaps int) bool
		gaps   int
	}{
		{"the gap of a full outbox", Config{}, func(d schema.Draft, gaps int) bool {
			return d.ID == "evt_1" || d.Type == schema.SourceGap && gaps == 1
		}, 2},
		{"the gap before the event", Config{LastSeen: time.Now().Add(-time.Hour), Timings: Timings{After: time.Minute}}, func(d schema.Draft, gaps int) bool {
			return d.Type == schema.SourceGap && gaps == 1
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newService(t)
			s.answers = []http.HandlerFunc{s.stream(joined("evt_1", "")+joined("evt_2", ""), true)}
			c.c.URL, c.c.Timings.Blocked = s.URL, blocked
			gaps := 0
			l := listen(t, c.c, func(d schema.Draft) {
				if d.Type == schema.SourceGap {
					gaps++
				}
				if c.blocks(d, gaps) {
					time.Sleep(2 * blocked)
				}
				d.Done(nil)
			})
			l.of("system.join", 2)
			told := l.of(schema.SourceGap, c.gaps)
			if last := gapOf(t, told[c.gaps-1]); last.Cause != schema.GapOutboxFull || last.To.Sub(last.From.Time) < blocked {
				t.Errorf("gap %+v", last)
			}
		})
	}
}
