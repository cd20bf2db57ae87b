package evening

import "time"

// goals are how much each level of a hype train takes (recorded: levels 1, 3 and 8, and the totals
// between them); beyond the list all take as much as the last.
var goals = []int{1600, 1800, 2100, 2500, 3000, 3700, 4500, 5900, 7100, 8500, 10200, 12000, 14000}

const (
	trainTime     = 5 * time.Minute // until a level has to be reached
	trainCooldown = 2 * time.Hour
	boarding      = 3 // contributions until it leaves
)

// train is a hype train, from the moment in which contributions are counted for it.
type train struct {
	id      string
	shape   Shape
	left    bool // the station
	total   int
	level   int
	started time.Time
	expires time.Time
	given   []contribution // one for each person and kind, in the order of the first
	last    contribution
	count   int
	rises   int // levels since the start
	untold  int // frames planned
}

type contribution struct {
	by    *viewer
	kind  string // "bits" or "subscription"
	total int
}

// board opens a hype train. What it takes to leave and to rise a level is planned with it.
func (e *Evening) board(s Shape) [][]byte {
	if e.talker(twitch) == nil {
		return nil
	}
	e.train = &train{id: uuid(e.ids), shape: s}
	for i, feed := range []act{
		smallBomb, cheer(300, 500), (*Evening).resub, cheer(100), firstSub, bigBomb, (*Evening).gift,
		cheer(1000, 1500), (*Evening).resub, smallBomb, cheer(200), primeSub,
	} {
		e.later(3+7*i, e.cueOf(happening{servers: 1 << s, play: feed}))
	}
	e.later(100, (*Evening).arrive)
	return cheer(500)(e, s)
}

// contribute counts bits and subscriptions for a train that is under way, and plans what it tells.
func (e *Evening) contribute(by *viewer, kind string, points int) {
	t := e.train
	if t == nil {
		return
	}
	t.add(contribution{by, kind, points})
	switch {
	case t.left:
		e.progress(t)
	case t.count == boarding:
		t.left, t.started = true, e.at
		t.expires = e.at.Add(trainTime)
		t.level, _, _ = t.reached()
		e.tell(t, "HypeTrainStart")
		e.tell(t, "HypeTrainUpdate")
		e.pulse.burst(20)
	}
}

func (e *Evening) progress(t *train) {
	level, _, _ := t.reached()
	if level > t.level {
		t.level, t.expires = level, e.at.Add(trainTime)
		t.rises++
		e.tell(t, "HypeTrainLevelUp")
		e.pulse.burst(25)
	}
	e.tell(t, "HypeTrainUpdate")
}

// tell plans a frame with the state as it is now.
func (e *Evening) tell(t *train, kind string) {
	state := t.state()
	t.untold++
	e.later(1, func(e *Evening) [][]byte {
		t.untold--
		return e.one("Twitch", kind, state)
	})
}

// arrive ends the train, when all of it is told; before it has risen a level, somebody helps.
func (e *Evening) arrive() [][]byte {
	t := e.train
	if t.untold > 0 {
		e.later(1, (*Evening).arrive)
		return nil
	}
	if t.rises == 0 {
		e.later(10, (*Evening).arrive)
		return e.explode(t.shape, 5)
	}
	e.train = nil
	end := t.state()
	for _, gone := range []string{"progress", "last_contribution", "expires_at"} {
		delete(end, gone)
	}
	end["goal"] = 0
	end["ended_at"], end["cooldown_ends_at"] = utcStamp(e.at), utcStamp(e.at.Add(trainCooldown))
	e.pulse.burst(30)
	return e.one("Twitch", "HypeTrainEnd", end)
}

func (t *train) add(c contribution) {
	t.total += c.total
	t.count++
	t.last = c
	for i, g := range t.given {
		if g.by == c.by && g.kind == c.kind {
			t.given[i].total += c.total
			return
		}
	}
	t.given = append(t.given, c)
}

// reached gives the level, what of it is done and what it takes.
func (t *train) reached() (level, progress, goal int) {
	rest := t.total
	for level = 1; ; level++ {
		goal = goals[min(level, len(goals))-1]
		if rest < goal {
			return level, rest, goal
		}
		rest -= goal
	}
}

// top is the greatest contributor of each kind, bits first (recorded).
func (t *train) top() []object {
	list := []object{}
	for _, kind := range []string{"bits", "subscription"} {
		best := contribution{}
		for _, g := range t.given {
			if g.kind == kind && g.total > best.total {
				best = g
			}
		}
		if best.by != nil {
			list = append(list, best.object(Both))
		}
	}
	return list
}

func (c contribution) object(s Shape) object {
	o := named("user_", c.by).with(object{"total": c.total})
	if s != Nested {
		o["type"] = c.kind
	}
	return o
}

// state is the train's data in a Start, Update or LevelUp.
func (t *train) state() object {
	level, progress, goal := t.reached()
	o := object{
		"id": t.id, "level": level, "progress": progress, "goal": goal, "total": t.total,
		"last_contribution": t.last.object(t.shape), "top_contributions": t.top(),
		"started_at": utcStamp(t.started), "expires_at": utcStamp(t.expires),
	}
	if t.shape != Nested {
		o["isTest"], o["is_golden_kappa_train"] = false, false
	}
	return o
}
