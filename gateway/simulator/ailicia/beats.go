package ailicia

import "time"

// beatRow is something that comes by itself: in which frame at first, and every how many frames or so.
type beatRow struct {
	first, every int
	play         func(*teller)
}

// beats is what no frame brings about.
func beats() []beatRow {
	return []beatRow{
		{20, 12, (*teller).caption},
		{30, 40, (*teller).fromAPI},
		{25, 150, (*teller).nextPersona},
		{45, 90, (*teller).undocumented},
	}
}

func (t *teller) beat() {
	for i, b := range beats() {
		if t.frames >= t.beats[i] {
			t.beats[i] = t.frames + 1 + b.every/2 + t.r.IntN(b.every)
			b.play(t)
		}
	}
}

// caption is what the streamer said aloud.
func (t *teller) caption() {
	is := true
	t.emit("chat.message", Channels()[0].Platform, chatMessage{
		ID: t.newID("cap"), Username: Channels()[0].Name, Message: pick(t.r, spoken), Language: "en",
		Platform: Channels()[0].Platform, Sent: stamp(t.at), IsCaption: &is,
	}, nil)
}

// fromAPI is an event that a game sent through the API.
func (t *teller) fromAPI() {
	e := apiEvent{EventType: "GAME_EVENT", Content: pick(t.r, gameLogs), ShouldGenerate: t.draw(0.5)}
	switch t.r.IntN(3) {
	case 0:
		ttl := 30 + t.r.IntN(600)
		e.TTL = &maybe[int]{value: ttl}
		e.Expires = &maybe[stamp]{value: stamp(t.at.Add(time.Duration(ttl) * time.Second))}
	case 1:
		e.TTL, e.Expires = &maybe[int]{isNull: true}, &maybe[stamp]{isNull: true}
	}
	t.emit("api.event", Channels()[0].Platform, e, nil)
}

func (t *teller) nextPersona() {
	t.persona = (t.persona + 1) % len(personas)
	p := personas[t.persona]
	t.emit("character.updated", Channels()[0].Platform, character{p.id, p.name, stamp(t.at)}, nil)
}

// Undocumented is a type that no documentation knows.
const Undocumented = "ai.mood_changed"

func (t *teller) undocumented() {
	t.emit(Undocumented, Channels()[0].Platform, anything{
		"mood": pick(t.r, tones), "level": t.r.Float64(), "sentDateTime": stamp(t.at),
	}, anything{"experimental": true})
}
