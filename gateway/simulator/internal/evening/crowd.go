package evening

import (
	"slices"
	"strconv"
)

// broadcaster is the streamer as a viewer of the own Twitch channel, for the places where only a name
// is told.
func broadcaster() *viewer {
	me := Streamer()
	return &viewer{platform: twitch, id: me.TwitchID, login: me.Login, name: me.Name, role: roleBroadcaster}
}

// speaker draws who speaks next.
func (e *Evening) speaker() *viewer {
	there := e.there(func(v *viewer) bool { return !v.silenced && (e.blind == 0 || v.platform != twitch) })
	weights := make([]float64, len(there))
	for i, v := range there {
		weights[i] = v.chatty
	}
	return there[weighted(e.what, weights)]
}

// there are the people who are here, and fit.
func (e *Evening) there(fits func(*viewer) bool) []*viewer {
	var found []*viewer
	for _, people := range [][]*viewer{e.cast, e.guests} {
		for _, v := range people {
			if fits(v) {
				found = append(found, v)
			}
		}
	}
	return found
}

// one of the ordinary people on a platform who fit; nil when there is none.
func (e *Evening) someone(p platform, fits func(*viewer) bool) *viewer {
	found := e.there(func(v *viewer) bool {
		return v.platform == p && v.role != roleBroadcaster && !v.silenced && fits(v)
	})
	if len(found) == 0 {
		return nil
	}
	return found[e.what.IntN(len(found))]
}

func anyone(*viewer) bool { return true }

// spoke says that a viewer has written something this evening.
func (e *Evening) spoke(v *viewer) bool {
	_, yes := e.began[v.id]
	return yes
}

// talker is someone who has spoken this evening; nil when nobody has.
func (e *Evening) talker(p platform) *viewer { return e.someone(p, e.spoke) }

// moderator is who moderates on a platform: a moderator, else the streamer.
func (e *Evening) moderator(p platform) *viewer {
	if v := e.someone(p, func(v *viewer) bool { return v.role == roleModerator }); v != nil {
		return v
	}
	i := slices.IndexFunc(e.cast, func(v *viewer) bool { return v.platform == p && v.role == roleBroadcaster })
	return e.cast[i]
}

// invite brings somebody new. How much they say is 0 for people who only watch.
func (e *Evening) invite(p platform, chatty float64) *viewer {
	v := newViewer(e.ids, p, e.newName())
	v.role, v.months, v.tier, v.streak, v.tongue = roleViewer, 0, "", 0, english
	v.newcomer, v.follower, v.visits, v.chatty = true, false, 0, chatty
	v.wear()
	e.guests = append(e.guests, v)
	return v
}

// newName makes a name that nobody here has.
func (e *Evening) newName() string {
	for {
		name := pick(e.ids, firstNames) + pick(e.ids, lastNames)
		if e.ids.IntN(2) == 0 {
			name += strconv.Itoa(1 + e.ids.IntN(999))
		}
		if len(e.there(func(v *viewer) bool { return v.login == loginOf(name) })) == 0 {
			return name
		}
	}
}

var firstNames = []string{
	"Amber", "Brisk", "Cinder", "Drowsy", "Elder", "Fuzzy", "Gentle", "Hazel", "Ivory", "Jolly", "Keen", "Lunar",
	"Mellow", "Nimble", "Opal", "Pocket", "Quartz", "Rusty", "Sable", "Tidal", "Umber", "Velour", "Wintry", "Zesty",
}

var lastNames = []string{
	"Anchor", "Badger", "Cobbler", "Drake", "Ember", "Finch", "Grove", "Heron", "Inkwell", "Jetty", "Kestrel", "Ladder",
	"Marten", "Nettle", "Oar", "Parcel", "Quill", "Raft", "Spindle", "Thimble", "Urchin", "Vessel", "Walnut", "Yarrow",
}
