package evening

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// channel is what stays from one evening to the next.
type channel struct {
	title      string
	category   category
	rewards    []*reward
	commands   []*command
	powerUps   int // ever
	customUps  int // ever
	customUpID string
	deaths     int
	mood       string
}

type category struct{ id, name string }

var (
	talking = category{"500101", "Talk by the Fire"}
	games   = []category{{"500102", "Moss Harbour"}, {"500103", "Duck Racer 3"}, {"500104", "Lantern Deep"}}
)

func newChannel(r *rand.Rand) channel {
	return channel{
		title: "Offline 💤 back on Thursday", category: talking,
		rewards: newRewards(r), commands: newCommands(r), customUpID: uuid(r),
		mood: moods[0],
	}
}

// scenery is how the evening began and what it looks like.
type scenery struct {
	scene    string
	streamID string
	likes    int
	views    int
	started  string // when Twitch says the stream began
}

// opening titles, and those of the second half.
var (
	openings = []string{"the lighthouse at last 🦆 | cosy evening", "tea, tides & tinkering", "no ducks were harmed", "viewer requests ☕ !shells"}
	turns    = []string{"we found the brass key!!", "one more boss, then bed", "chat decides everything", "the kettle is haunted 👻"}
)

func (e *Evening) titleOf(about string) string {
	return "Moss Harbour, day " + strconv.Itoa(11+e.number) + ": " + about
}

// retitle changes title and category and tells it on Twitch.
func (e *Evening) retitle(s Shape, title string, to category) []byte {
	if e.opt.KeepTitles {
		title = e.title
	}
	data := object{
		"channelId": Streamer().TwitchID, "channel": Streamer().Login,
		"status": title, "oldStatus": e.title, "game": to.object(s), "oldGame": e.category.object(s),
	}
	if s != Nested {
		data["is_test"] = false
	}
	e.title, e.category = title, to
	return e.frame("Twitch", "StreamUpdate", data)
}

// Titled tells the evening the title that was set from outside, by an action say, so that the next
// StreamUpdate follows from it.
func (e *Evening) Titled(title string) { e.title = title }

func (c category) object(s Shape) object {
	o := object{"id": c.id, "name": c.name}
	if s != Nested {
		o["box_art_url"] = "https://boxart.example/" + c.id + "-300x300.jpg"
		o["igdb_id"] = ""
	}
	return o
}

// turn is the change in the middle of the evening: another title and another game, on all platforms.
func (e *Evening) turn(s Shape) [][]byte {
	title := e.titleOf(pick(e.what, turns))
	frames := [][]byte{e.retitle(s, title, e.otherGame())}
	if !e.opt.KeepTitles {
		e.show.Title = title
	}
	e.later(2, func(e *Evening) [][]byte {
		return e.one("YouTube", "BroadcastUpdated", object{
			"id": e.show.ID, "title": e.show.Title, "description": e.show.Description, "privacy": e.show.Privacy,
		})
	})
	e.later(4, (*Evening).kickUpdate)
	return frames
}

// otherCategory changes the game alone; the title stays.
func (e *Evening) otherCategory(s Shape) [][]byte {
	return [][]byte{e.retitle(s, e.title, e.otherGame())}
}

func (e *Evening) otherGame() category {
	for {
		if c := games[e.what.IntN(len(games))]; c != e.category {
			return c
		}
	}
}

// online is Twitch's word that the stream is up, some 18 s after it began (recorded).
func (e *Evening) online(Shape) [][]byte {
	e.started = e.at.Add(-18300 * time.Millisecond).UTC().Truncate(time.Second).Format(time.RFC3339)
	return e.one("Twitch", "StreamOnline", object{"id": e.streamID, "type": "live", "started_at": e.started})
}

// offline has no data at all, except that old servers repeat the start.
func (e *Evening) offline(s Shape) [][]byte {
	if s == Nested {
		return e.one("Twitch", "StreamOffline", object{"id": e.streamID, "type": "live", "started_at": e.started})
	}
	return e.one("Twitch", "StreamOffline", object{})
}

// count tells how many watch on Twitch.
func (e *Evening) count(s Shape) [][]byte {
	e.viewers = max(5, e.viewers+e.what.IntN(15)-6)
	key := "viewers"
	if s == Flat {
		key = "viewerCount"
	}
	return e.one("Twitch", "ViewerCountUpdate", object{key: e.viewers})
}

// advert is an advertisement break that the streamer starts.
func (e *Evening) advert(s Shape) [][]byte {
	if s == Nested {
		return e.one("Twitch", "AdRun", object{"length": 90, "scheduled": false})
	}
	data := object{"length_seconds": 90, "timestamp": utcStamp(e.platformTime()), "is_automatic": false}
	return e.one("Twitch", "AdRun", data.with(named("requester_user_", broadcaster())))
}

// named gives a person as EventSub does, in three fields with a common prefix.
func named(prefix string, v *viewer) object {
	return object{prefix + "id": v.id, prefix + "login": v.login, prefix + "name": v.name}
}
