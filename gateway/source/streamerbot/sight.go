package streamerbot

import (
	"slices"
	"strings"
	"sync"
	"time"

	"promethean/schema"
)

// subsystem is a part of Streamer.bot that can lose sight on its own: Twitch's
// chat and Twitch's EventSub, say. platform is upper case, name as in the
// frame's type.
type subsystem struct{ platform, name string }

// maxSubsystems bounds how many are kept; the catalogue has five.
const maxSubsystems = 64

// sight is what cannot be seen. It outlives connections.
type sight struct {
	mu sync.Mutex
	// all is the blindness that began with the loss of the connection, exit the
	// one that began when Streamer.bot said that it is being closed.
	all, exit blindness
	open      map[subsystem]blindness
	// owed are the beginnings of blindnesses whose gap is emitted but not on
	// disk yet.
	owed map[uint64]time.Time
	told uint64
}

// lose opens the blindness of one subsystem; one that is open goes on. Where
// it was only in doubt, the subsystem was back in the meantime.
func (v *sight) lose(k subsystem, b blindness) {
	v.mu.Lock()
	defer v.mu.Unlock()
	old, isOpen := v.open[k]
	if isOpen && !old.doubt || !isOpen && len(v.open) == maxSubsystems {
		return
	}
	if v.open == nil {
		v.open = map[subsystem]blindness{}
	}
	v.open[k] = b
}

// regain closes the blindness of one subsystem; false where none was open.
func (v *sight) regain(k subsystem) (blindness, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	b, isOpen := v.open[k]
	if isOpen {
		delete(v.open, k)
		b = v.owe(b)
	}
	return b, isOpen
}

// exits notes that Streamer.bot is being closed.
func (v *sight) exits(b blindness) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.exit.connection != b.connection {
		v.exit = b
	}
}

// lost opens the blindness of everything when the connection has ended. After
// an exit it began with that: one gap, not two.
func (v *sight) lost(b blindness) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.exit.connection == b.connection && !v.exit.from.IsZero() {
		b = v.exit
	}
	v.all, v.exit = b, blindness{}
}

// back closes what can be closed now that a connection stands, and gives it,
// the earliest first. What a subsystem did in the meantime is
// unknown: it may have come back before, or may still be away. So its
// blindness is told up to now, which is not too short either way, and is in
// doubt from now on: should the subsystem say that it comes back, another gap
// is told up to then; should it be lost again, it was back before.
func (v *sight) back(connection string, now time.Time) []blindness {
	v.mu.Lock()
	defer v.mu.Unlock()
	var closed []blindness
	if !v.all.from.IsZero() {
		closed = append(closed, v.owe(v.all))
		v.all = blindness{}
	}
	for k, b := range v.open {
		if b.connection == connection || b.doubt {
			continue // said on this connection already, or told before
		}
		closed = append(closed, v.owe(b))
		b.from, b.doubt = now, true
		v.open[k] = b
	}
	slices.SortStableFunc(closed, func(a, b blindness) int { return a.from.Compare(b.from) })
	return closed
}

// owe is called with the lock.
func (v *sight) owe(b blindness) blindness {
	if v.owed == nil {
		v.owed = map[uint64]time.Time{}
	}
	v.told++
	n := v.told
	v.owed[n] = b.from
	b.accepted = func(err error) {
		if err != nil {
			return // never told: the next start tells it
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.owed, n)
	}
	return b
}

// bound is seen, or the beginning of the earliest blindness that nobody would
// tell if this program ended now. What is in doubt has been told.
func (v *sight) bound(seen time.Time) time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	earlier := func(t time.Time) {
		if !t.IsZero() && t.Before(seen) {
			seen = t
		}
	}
	earlier(v.all.from)
	earlier(v.exit.from)
	for _, b := range v.open {
		if !b.doubt {
			earlier(b.from)
		}
	}
	for _, from := range v.owed {
		earlier(from)
	}
	return seen
}

// observe emits an event, notes what it says about Streamer.bot's own sight,
// and emits the gap behind the event by which sight is back.
//
// A blindness begins with the receipt of the frame that tells of it, not with
// the frame's timeStamp: all ends of all gaps are then of one clock, this
// machine's, and a streaming PC whose clock runs ahead cannot make one too
// short. What delays the receipt, a full outbox, is a gap of its own.
func (s *session) observe(d schema.Draft) {
	if d.Refusal != nil || d.Trace.Origin == schema.Test {
		s.emit(d) // a test button takes nobody's sight
		return
	}
	name, at, v := d.Trace.FrameType, d.Trace.ReceivedAt, &s.source.sight
	k, isBack, isSight := readSight(name)
	switch {
	case strings.EqualFold(name, exitingEvent):
		v.exits(blindness{from: at, cause: schema.GapExited, detail: "Streamer.bot was closed", connection: s.id})
	case isSight && !isBack:
		v.lose(k, blindness{
			from: at, cause: schema.GapPlatform, platform: k.platform, connection: s.id,
			detail: "Streamer.bot lost " + k.name + " of " + k.platform,
		})
	}
	s.emit(d)
	if !isSight || !isBack {
		return
	}
	if b, was := v.regain(k); was {
		s.emit(s.gap(b, at))
	}
}

// exitingEvent is what Streamer.bot says when it is closed.
const exitingEvent = "Misc.StreamerbotExiting"

// readSight takes <Platform>.Broadcaster<Subsystem>Connected and …Disconnected
// apart, in any case: those of the catalogue are Twitch's Chat, EventSub and
// (old servers) PubSub, Kick's and Trovo's Chat. The bot account's own
// (Twitch.BotEventSubDisconnected) are no loss of sight: events come by the
// broadcaster's. Nor is YouTube.BroadcastMonitoringEnded, which is how every
// broadcast ends.
func readSight(name string) (k subsystem, isBack, isSight bool) {
	source, kind, _ := strings.Cut(name, ".")
	const begin, back, away = "broadcaster", "connected", "disconnected"
	if kind == "" || kind[0] != 'B' && kind[0] != 'b' {
		return k, false, false // as nearly all are, and by the cheapest means
	}
	lower := strings.ToLower(kind)
	if len(lower) != len(kind) || !strings.HasPrefix(lower, begin) {
		return k, false, false
	}
	rest, isAway := strings.CutSuffix(lower[len(begin):], away)
	if !isAway {
		rest, isBack = strings.CutSuffix(lower[len(begin):], back)
	}
	return subsystem{strings.ToUpper(source), rest}, isBack, isAway || isBack
}
