package evening

// customObject, customString and customWrapped are the three forms in which an action's broadcast
// reaches the socket (section 3.2).
func (e *Evening) customObject(Shape) [][]byte {
	e.deaths++
	return e.one("General", "Custom", object{
		"kind": "deaths", "game": e.category.name, "count": e.deaths, "by": object{"login": Streamer().Login},
	})
}

func (e *Evening) customString(Shape) [][]byte {
	return e.one("General", "Custom", pick(e.what, remarks))
}

func (e *Evening) customWrapped(Shape) [][]byte {
	return e.one("General", "Custom", object{"data": pick(e.what, remarks)})
}

var remarks = []string{"boss down", "the tide turns", "duck fed", `{"kind":"lamp","on":true}`}

// customEvent is raised by an action. Before 0.2.5 it came without data.
func (e *Evening) customEvent(s Shape) [][]byte {
	if s == Nested {
		return e.one("Custom", "Event", object{})
	}
	return e.one("Custom", "Event", object{
		"eventName": "lights.changed", "useArgs": true,
		"args": object{"colour": pick(e.what, []string{"teal", "amber", "moss"}), "level": 10 * (1 + e.what.IntN(10))},
	})
}
