package evening

import (
	"bytes"
	"encoding/json"
	"maps"
	"time"
)

// Stamp is a time in .NET's round-trip form: the PC's local time with its offset, up to seven
// decimals, trailing zeros trimmed (recorded).
func Stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.9999999-07:00") }

// utcStamp is the same in UTC with a Z, as platform times are.
func utcStamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }

// microStamp is YouTube's publishedAt: local, up to six decimals.
func microStamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.999999-07:00") }

// frame is the envelope of every event: these three fields and no others.
type frame struct {
	TimeStamp string `json:"timeStamp"`
	Event     event  `json:"event"`
	Data      any    `json:"data"`
}

type event struct {
	Source string `json:"source"`
	Type   string `json:"type"`
}

// object is the data of an event, or a part of it, for the families whose shapes have no struct.
type object map[string]any

// with gives an object of all fields; a later one wins.
func (o object) with(more object) object {
	all := object{}
	maps.Copy(all, o)
	maps.Copy(all, more)
	return all
}

// tick is the time between two frames of one moment.
const tick = 20 * time.Microsecond

// backwards is how far the caller's clock may fall behind before it is followed.
const backwards = time.Second

// clock takes the caller's time. Stamps never repeat or run backwards, so that each frame can be told
// from every other and order by time is order of sending, unless the clock really is set back.
func (e *Evening) clock(at time.Time) {
	if ahead := e.at.Sub(at); ahead < 0 || ahead > backwards {
		e.at = at
	}
}

// frame stamps an event with the time of now, which moves on by a tick.
func (e *Evening) frame(source, kind string, data any) []byte {
	body := encode(e.at, source, kind, data)
	e.at = e.at.Add(tick)
	return body
}

// one gives a single frame as a moment.
func (e *Evening) one(source, kind string, data any) [][]byte {
	return [][]byte{e.frame(source, kind, data)}
}

// platformTime is when a platform saw what Streamer.bot tells now: up to 0.6 s earlier (section 5.3).
func (e *Evening) platformTime() time.Time {
	return e.at.Add(-time.Duration(1+e.ids.IntN(600)) * time.Millisecond)
}

// encode gives the frame as compact JSON with <, > and & as they are.
func encode(at time.Time, source, kind string, data any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// The data are this package's own strings, numbers and bools: encoding cannot fail.
	_ = enc.Encode(frame{TimeStamp: Stamp(at), Event: event{source, kind}, Data: data})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
