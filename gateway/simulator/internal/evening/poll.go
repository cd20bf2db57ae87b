package evening

import "time"

// poll asks chat something; votes come in two updates and a last count.
type poll struct {
	id, title string
	choices   []choice
	at        time.Time
}

type choice struct {
	id, title     string
	votes, points int // points: votes bought with channel points, among votes
}

const pollTime = 2 * time.Minute

func (e *Evening) poll(Shape) [][]byte {
	p := &poll{id: uuid(e.ids), title: "What next?", at: e.platformTime()}
	for _, title := range []string{"Lighthouse run", "Cosy farming", "Viewer games"} {
		p.choices = append(p.choices, choice{id: uuid(e.ids), title: title})
	}
	for i := range 2 {
		e.later(10+12*i, func(e *Evening) [][]byte {
			p.vote(e)
			return e.one("Twitch", "PollUpdated", p.open())
		})
	}
	e.later(32, func(e *Evening) [][]byte {
		p.vote(e)
		data := p.data()
		data["status"], data["ended_at"] = "completed", utcStamp(e.platformTime())
		data["winningChoice"] = p.winner().object()
		return e.one("Twitch", "PollCompleted", data)
	})
	return e.one("Twitch", "PollCreated", p.open())
}

// vote adds what was voted since the last time.
func (p *poll) vote(e *Evening) {
	for i := range p.choices {
		bought := e.what.IntN(3)
		p.choices[i].points += bought
		p.choices[i].votes += bought + 1 + e.what.IntN(9)
	}
}

func (p *poll) winner() choice {
	best := p.choices[0]
	for _, c := range p.choices[1:] {
		if c.votes > best.votes {
			best = c
		}
	}
	return best
}

func (c choice) object() object {
	return object{"id": c.id, "title": c.title, "channel_points_votes": c.points, "votes": c.votes}
}

func (p *poll) data() object {
	choices := make([]object, len(p.choices))
	for i, c := range p.choices {
		choices[i] = c.object()
	}
	return object{
		"id": p.id, "title": p.title, "choices": choices, "started_at": utcStamp(p.at),
		"channel_points_voting": object{"is_enabled": true, "amount_per_vote": 150},
	}
}

func (p *poll) open() object { return p.data().with(object{"ends_at": utcStamp(p.at.Add(pollTime))}) }
