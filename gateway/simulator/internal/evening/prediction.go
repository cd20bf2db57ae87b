package evening

import "time"

// prediction lets viewers bet channel points on what will happen.
type prediction struct {
	id, title string
	outcomes  [2]outcome
	at        time.Time
}

type outcome struct {
	id, title, colour string
	users, points     int
	top               []object
}

const predictionTime = 2 * time.Minute

func (e *Evening) predict(Shape) [][]byte {
	p := &prediction{id: uuid(e.ids), title: "Will the lamp light?", at: e.platformTime()}
	p.outcomes[0] = outcome{id: uuid(e.ids), title: "It shines", colour: "BLUE"}
	p.outcomes[1] = outcome{id: uuid(e.ids), title: "It smokes", colour: "PINK"}
	locks := object{"locks_at": utcStamp(p.at.Add(predictionTime))}
	e.later(8, func(e *Evening) [][]byte {
		p.bet(e)
		return e.one("Twitch", "PredictionUpdated", p.data().with(locks))
	})
	e.later(18, func(e *Evening) [][]byte {
		p.bet(e)
		return e.one("Twitch", "PredictionLocked", p.data().with(object{"locked_at": utcStamp(e.platformTime())}))
	})
	e.later(40, p.resolve)
	return e.one("Twitch", "PredictionCreated", p.data().with(locks))
}

// bet adds the points of one viewer to each outcome. Viewers bet once.
func (p *prediction) bet(e *Evening) {
	for i := range p.outcomes {
		v, o := e.talker(twitch), &p.outcomes[i]
		if v == nil || p.has(v.id) {
			continue
		}
		points := 10 * (1 + e.what.IntN(250))
		o.users++
		o.points += points
		o.top = append(o.top, named("user_", v).with(object{"channel_points_used": points}))
	}
}

func (p *prediction) has(id string) bool {
	for _, o := range p.outcomes {
		for _, t := range o.top {
			if t["user_id"] == id {
				return true
			}
		}
	}
	return false
}

func (p *prediction) resolve(e *Evening) [][]byte {
	won := e.what.IntN(2)
	all := p.data()
	outcomes := all["outcomes"].([]object)
	return e.one("Twitch", "PredictionCompleted", all.with(object{
		"winning_outcome_id": p.outcomes[won].id, "winning_outcome": outcomes[won], "status": "resolved",
		"channel_points_won": p.outcomes[0].points + p.outcomes[1].points, "ended_at": utcStamp(e.platformTime()),
	}))
}

func (p *prediction) data() object {
	list := make([]object, len(p.outcomes))
	for i, o := range p.outcomes {
		list[i] = object{
			"id": o.id, "title": o.title, "color": o.colour, "users": o.users, "channel_points": o.points,
		}
		if o.top != nil {
			list[i]["top_predictors"] = append([]object{}, o.top...)
		}
	}
	return object{"id": p.id, "title": p.title, "outcomes": list, "started_at": utcStamp(p.at)}
}
